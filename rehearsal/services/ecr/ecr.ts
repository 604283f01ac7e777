import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error';
import { invokeOperation, type Operations } from '../operations';
import type { AwsService, Json } from '../service';

const IMAGE = /^(\d{12})\.dkr\.ecr\.[^/]+\/([^:@\s]+)(?::([\w.-]+))?$/;

/**
 * Repositories, as far as a rollout reads them: what a tag means. Every image that a template names is there, until
 * somebody moves its tag or removes it.
 */
export class Ecr implements AwsService {
  public readonly name = 'ecr';
  /** How often a tag was moved; undefined once it was removed. */
  private readonly moves = new Map<string, number | undefined>();
  private readonly operations: Operations = { BatchGetImage: (input) => this.batchGetImage(input) };

  constructor(
    private readonly region: string,
    private readonly account: string,
  ) {}

  /** Lets the tag of an image mean another one from now on. */
  public move(image: string): void {
    const key = keyOf(image);
    this.moves.set(key, (this.moves.get(key) ?? 0) + 1);
  }

  /** Takes the tag of an image away. */
  public remove(image: string): void {
    this.moves.set(keyOf(image), undefined);
  }

  /** The address of an image by its digest, as SageMaker resolves it when it launches; any other stays as it is. */
  // source: deployed-images
  public resolve(image: string): string {
    return IMAGE.test(image) ? `${image.replace(/:[\w.-]+$/, '')}@${this.digest(keyOf(image))}` : image;
  }

  public invoke(operation: string, input: Json): Json {
    return invokeOperation(this.name, this.operations, operation, input);
  }

  // source: iam-actions-resources
  public resourcesOf(_operation: string, { registryId = this.account, repositoryName }: Json): readonly string[] {
    return [`arn:aws:ecr:${this.region}:${registryId}:repository/${repositoryName}`];
  }

  // source: ecr-batch-get-image
  private batchGetImage({ registryId = this.account, repositoryName, imageIds }: Json): Json {
    if (imageIds === undefined) throw new AwsError('InvalidParameterException', 'imageIds must be given');
    const images: Json[] = [];
    const failures: Json[] = [];
    for (const imageId of imageIds) {
      const key = `${registryId}/${repositoryName}:${imageId.imageTag}`;
      if (this.moves.has(key) && this.moves.get(key) === undefined) {
        failures.push({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' });
      } else {
        images.push({ registryId, repositoryName, imageId: { ...imageId, imageDigest: this.digest(key) } });
      }
    }
    return { images, failures };
  }

  private digest(key: string): string {
    return `sha256:${createHash('sha256')
      .update(`${key} ${this.moves.get(key) ?? 0}`)
      .digest('hex')}`;
  }
}

function keyOf(image: string): string {
  const [, account, repository, tag = 'latest'] = IMAGE.exec(image) ?? [];
  return `${account}/${repository}:${tag}`;
}
