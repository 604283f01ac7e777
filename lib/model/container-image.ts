import {
  Annotations,
  CfnMapping,
  type aws_ecr as ecr,
  aws_ecr_assets as ecrAssets,
  aws_iam as iam,
  region_info as regionInfo,
  Stack,
  Token,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { IMAGE_DIGEST, IMAGE_TAG, IMAGE_URI_MAX, REPOSITORY_NAME } from '../../decision/model-limits';
import { addWrongKinds, requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';
import { SAGEMAKER_REGISTRY_ACCOUNTS } from './sagemaker-registry';

/** What a model's container says of its image. */
export interface ContainerImageConfig {
  /** The image as SageMaker pulls it, `registry/repository:tag` or `registry/repository@digest`. */
  readonly imageUri: string;

  /**
   * Whether the image lies in a registry that only the model's VPC reaches.
   *
   * @default false
   */
  readonly vpcRegistry?: boolean;

  /**
   * The Lambda function that signs in to such a registry.
   *
   * @default - the registry asks for no credentials
   */
  readonly credentialsProviderArn?: string;

  /**
   * ARN of the repository in ECR. A rollout compares images only where it is known.
   *
   * @default - not known, or the image does not lie in ECR
   */
  readonly repositoryArn?: string;
}

/** How an image outside ECR is reached. */
export interface RegistryImageOptions {
  /**
   * ARN of a Lambda function that returns the credentials of a registry inside the model's VPC.
   *
   * @default - the registry asks for no credentials
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html
   */
  readonly credentialsProviderArn?: string;
}

/** The image of a model's container. Immutable: one image may be bound by many models. */
export abstract class ContainerImage {
  /**
   * An image in a repository of your own; the model may pull from that repository alone.
   *
   * @param tagOrDigest a tag that is never moved, or `sha256:…`: instances that start later pull again
   */
  public static fromEcrRepository(repository: ecr.IRepository, tagOrDigest: string): ContainerImage {
    requireKinds('ContainerImage', { repository, tagOrDigest }, { repository: 'IRepository', tagOrDigest: 'text' });
    requireVersion({ tagOrDigest });
    return new DescribedImage((scope, grantee) => {
      warnIfMutable(scope, tagOrDigest);
      repository.grantPull(grantee);
      const { repositoryArn } = repository;
      return { imageUri: repository.repositoryUriForTagOrDigest(tagOrDigest), repositoryArn };
    });
  }

  /** An image built from a folder with a Dockerfile, for x86 unless the options name another platform. */
  public static fromAsset(directory: string, options: ecrAssets.DockerImageAssetOptions = {}): ContainerImage {
    requireKinds('ContainerImage', { directory }, { directory: 'text' });
    return new DescribedImage((scope, grantee) => {
      const platform = options.platform ?? ecrAssets.Platform.LINUX_AMD64;
      const asset = new ecrAssets.DockerImageAsset(scope, 'Image', { directory, ...options, platform });
      asset.repository.grantPull(grantee);
      return { imageUri: asset.imageUri, repositoryArn: asset.repository.repositoryArn };
    });
  }

  /**
   * One of AWS's deep learning containers, from the account that publishes it in the model's region.
   *
   * @param repositoryName such as `pytorch-inference`
   * @param tag such as `2.6.0-cpu-py312-ubuntu22.04-sagemaker`
   * @see https://aws.github.io/deep-learning-containers/reference/available_images/
   */
  public static fromDlc(repositoryName: string, tag: string): ContainerImage {
    requireVersion({ repositoryName, tag });
    return new DescribedImage((scope, grantee) => {
      const { region } = Stack.of(scope);
      const fact = regionInfo.FactName.DLC_REPOSITORY_ACCOUNT;
      const account = Token.isUnresolved(region)
        ? Stack.of(scope).regionalFact(fact)
        : regionInfo.RegionInfo.get(region).dlcRepositoryAccount;
      return awsImage(scope, grantee, { account, repositoryName, tag });
    });
  }

  /**
   * One of SageMaker's own framework containers, from the account that publishes it in the model's region.
   *
   * @param repositoryName `sagemaker-xgboost` or `sagemaker-scikit-learn`
   * @param tag such as `1.7-1`, or `1.2-1-cpu-py3`
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html
   */
  public static fromSagemaker(repositoryName: string, tag: string): ContainerImage {
    requireVersion({ repositoryName, tag });
    return new DescribedImage((scope, grantee) => {
      const { region } = Stack.of(scope);
      const account = Token.isUnresolved(region)
        ? sageMakerAccounts(scope).findInMap(region, 'account')
        : SAGEMAKER_REGISTRY_ACCOUNTS[region];
      return awsImage(scope, grantee, { account, repositoryName, tag });
    });
  }

  /**
   * An image by its full address: in ECR, in the model's region; or in a registry that the model's VPC reaches.
   *
   * @param imageUri such as `123456789012.dkr.ecr.eu-west-1.amazonaws.com/fraud:v7`
   */
  public static fromRegistry(imageUri: string, options: RegistryImageOptions = {}): ContainerImage {
    requireKinds('ContainerImage', { imageUri }, { imageUri: 'text' });
    return new DescribedImage((scope, grantee) => {
      const found = ECR_IMAGE.exec(imageUri)?.groups;
      const problems = new Problems('ContainerImage');
      problems.require(
        Token.isUnresolved(imageUri) || (/^\S+$/.test(imageUri) && imageUri.length <= IMAGE_URI_MAX),
        'ImageUri',
        () => `the address of an image must be one word of at most ${IMAGE_URI_MAX} characters, got '${imageUri}'`,
      );
      const home = Stack.of(scope).region;
      problems.require(
        found === undefined || Token.isUnresolved(home) || found.region === home,
        'ImageRegion',
        () => `an image must lie in the region of its model, ${home}, got ${found?.region}: replicate the repository`,
      );
      problems.throwIfAny(scope);
      warnIfMutable(scope, found === undefined ? /[:@]([^/]+)$/.exec(imageUri)?.[1] : (found.tag ?? found.digest));
      if (found === undefined) return { imageUri, vpcRegistry: true, ...options };
      const resource = `repository/${found.repository}`;
      const owner = { service: 'ecr', region: found.region, account: found.account };
      const repositoryArn = Stack.of(scope).formatArn({ ...owner, resource });
      grantPull(grantee, repositoryArn);
      return { imageUri, repositoryArn };
    });
  }

  /** Draws what the image needs, lets the grantee pull it, and describes it. May be called any number of times. */
  public abstract bind(scope: Construct, grantee: iam.IGrantable): ContainerImageConfig;
}

class DescribedImage extends ContainerImage {
  constructor(private readonly describe: (scope: Construct, grantee: iam.IGrantable) => ContainerImageConfig) {
    super();
  }

  public bind(scope: Construct, grantee: iam.IGrantable): ContainerImageConfig {
    return this.describe(scope, grantee);
  }
}

const ECR_IMAGE =
  /^(?<account>\d{12})\.dkr\.ecr(-fips)?\.(?<region>[a-z0-9-]+)\.[a-z0-9.-]+\/(?<repository>[^:@\s]+)(:(?<tag>[\w.-]+))?(@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** What the name of an image is put together from; ECR would find no image by anything else. */
function requireVersion(parts: { repositoryName?: string; tag?: string; tagOrDigest?: string }): void {
  const problems = new Problems('ContainerImage');
  const names = Object.keys(parts);
  if (addWrongKinds(problems, '', parts, Object.fromEntries(names.map((name) => [name, 'text' as const])))) {
    for (const [name, text] of Object.entries(parts)) {
      const named = name === 'repositoryName' ? REPOSITORY_NAME.test(text) : IMAGE_TAG.test(text);
      problems.require(
        Token.isUnresolved(text) || named || (name === 'tagOrDigest' && IMAGE_DIGEST.test(text)),
        name === 'repositoryName' ? 'ImageRepository' : 'ImageTag',
        () => `${name} must be ${IMAGE_PARTS[name]}, got '${text}'`,
      );
    }
  }
  problems.throwIfAny();
}

const IMAGE_PARTS: { readonly [name: string]: string } = {
  repositoryName: "a repository's name, lower-case, such as pytorch-inference",
  tag: '1 to 128 letters, digits and _.-, not beginning with . or -',
  tagOrDigest: '1 to 128 letters, digits and _.-, not beginning with . or -, or sha256: and 64 hexadecimal digits',
};

/** Instances that start later pull again: a tag that moves gives an endpoint of two versions. */
function warnIfMutable(scope: Construct, tagOrDigest: string | undefined): void {
  if (tagOrDigest !== undefined && tagOrDigest !== 'latest') return;
  Annotations.of(scope).addWarningV2(
    'cdk-sagemaker-rollouts:ContainerImage.mutableTag',
    "an image must not change while it serves, got the tag 'latest': name a version or a digest",
  );
}

interface AwsImage {
  readonly account: string | undefined;
  readonly repositoryName: string;
  readonly tag: string;
}

function awsImage(scope: Construct, grantee: iam.IGrantable, image: AwsImage): ContainerImageConfig {
  const { account, repositoryName, tag } = image;
  const stack = Stack.of(scope);
  const problems = new Problems('ContainerImage');
  problems.require(
    account !== undefined,
    'ImageRegion',
    () => `the account that publishes '${repositoryName}' is not known for ${stack.region}: use fromRegistry`,
  );
  problems.throwIfAny(scope);
  const repositoryArn = stack.formatArn({
    service: 'ecr',
    account,
    resource: 'repository',
    resourceName: repositoryName,
  });
  grantPull(grantee, repositoryArn);
  const imageUri = `${account}.dkr.ecr.${stack.region}.${stack.urlSuffix}/${repositoryName}:${tag}`;
  return { imageUri, repositoryArn };
}

/** The account table of a stack that is deployed to any region, once a stack. */
function sageMakerAccounts(scope: Construct): CfnMapping {
  const stack = Stack.of(scope);
  const id = 'SageMakerRegistryAccounts';
  const entries = Object.entries(SAGEMAKER_REGISTRY_ACCOUNTS);
  const mapping = Object.fromEntries(entries.map(([region, account]) => [region, { account }]));
  return (stack.node.tryFindChild(id) as CfnMapping | undefined) ?? new CfnMapping(stack, id, { mapping });
}

function grantPull(grantee: iam.IGrantable, repositoryArn: string): void {
  // The token that opens a registry belongs to no repository.
  iam.Grant.addToPrincipal({ grantee, actions: ['ecr:GetAuthorizationToken'], resourceArns: ['*'] });
  const actions = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];
  iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [repositoryArn] });
}
