import { BatchGetImageCommand, ECRClient } from '@aws-sdk/client-ecr';
import type { Fetched } from '../../decision';
import { refusal } from './refusal';

const IMAGE =
  /^(?<registryId>\d{12})\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.[a-z0-9.-]+\/(?<repositoryName>[^:@\s]+)(:(?<imageTag>[\w.-]+))?$/;

/** Every form in which an image may lie in a registry: without it ECR turns new ones into old ones, with another digest. */
const FORMS = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
];

/** Whether an image has a tag in ECR, which can be moved: a digest cannot, and other registries cannot be asked. */
export const isTagged = (image: string): boolean => IMAGE.test(image);

/**
 * What tags of images mean now.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
 */
export function imageRegistry(client: ECRClient = new ECRClient({})) {
  return {
    /** The digest that a launch would fetch. */
    async digest(image: string): Promise<Fetched> {
      const { registryId, repositoryName, imageTag = 'latest' } = IMAGE.exec(image)?.groups ?? {};
      try {
        const { images = [] } = await client.send(
          new BatchGetImageCommand({
            registryId,
            repositoryName,
            imageIds: [{ imageTag }],
            acceptedMediaTypes: FORMS,
          }),
        );
        const value = images[0]?.imageId?.imageDigest;
        return value === undefined ? { kind: 'missing' } : { kind: 'found', value };
      } catch (error) {
        return refusal(error, 'RepositoryNotFoundException');
      }
    },
  };
}
