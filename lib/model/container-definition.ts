import type { aws_iam as iam } from 'aws-cdk-lib';
import { type aws_sagemaker as sagemaker, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  ENVIRONMENT_BYTES_MAX,
  ENVIRONMENT_NAME,
  ENVIRONMENT_TOTAL_BYTES_MAX,
  ENVIRONMENT_VARIABLES_MAX,
  MODEL_CONTAINERS_MAX,
  MODEL_PACKAGE_ARN,
  SAGEMAKER_NAME,
} from '../../decision/model-limits';
import { joinAsSub } from '../private/joins-as-subs';
import { addWrongKinds } from '../private/kinds';
import type { Problems } from '../private/problems';
import type { ContainerImage } from './container-image';
import type { ModelData } from './model-data';

/** One container of a model: an image with its data, or a version of a model package. */
export interface ContainerDefinition {
  /**
   * The image that answers the requests.
   *
   * @default - the image of `modelPackageArn`; one of the two is required
   */
  readonly image?: ContainerImage;

  /**
   * The artefact that the image loads.
   *
   * @default - none: the image brings its model
   */
  readonly modelData?: ModelData;

  /**
   * A version of a model package, which brings image and data. What it points to is not known at synth: grant the
   * model the right to pull and read it, for instance `repository.grantPull(model)` and `bucket.grantRead(model)`.
   *
   * @default - none
   */
  readonly modelPackageArn?: string;

  /**
   * Variables of the container, at most 100, a name and a value at most 1024 bytes each, 32 KB in all containers.
   * Not for secrets: anybody who may describe the model can read them.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * Name of the container in logs and metrics. In a pipeline either every container has one, or none.
   *
   * @default - SageMaker names the containers by their position
   */
  readonly containerHostname?: string;
}

/** What a launch fetches, and the ARNs that it is known by. */
export interface ModelSource {
  readonly kind: 'image' | 'archive';
  readonly uri: string;
  /** Of the repository, or of the objects. */
  readonly arn: string;
}

/** Containers as a model wants them, and where they come from as far as it is known. */
export interface RenderedContainers {
  readonly definitions: sagemaker.CfnModel.ContainerDefinitionProperty[];
  readonly sources: readonly ModelSource[];
}

/** Draws what the containers need, and renders them for the model. */
export function renderContainers(
  scope: Construct,
  containers: readonly ContainerDefinition[],
  grantee: iam.IGrantable,
): RenderedContainers {
  const sources: ModelSource[] = [];
  const definitions = containers.map((container, index) => {
    const part = new Construct(scope, `Container${index}`);
    const image = container.image?.bind(part, grantee);
    const data = container.modelData?.bind(part, grantee);
    if (image?.repositoryArn !== undefined) {
      sources.push({ kind: 'image', uri: image.imageUri, arn: image.repositoryArn });
    }
    if (data?.compressed === true && data.objectsArn !== undefined) {
      sources.push({ kind: 'archive', uri: data.s3Uri, arn: data.objectsArn });
    }
    return {
      image: image && joinAsSub(image.imageUri),
      imageConfig: image?.vpcRegistry
        ? {
            repositoryAccessMode: 'Vpc',
            repositoryAuthConfig:
              image.credentialsProviderArn === undefined
                ? undefined
                : { repositoryCredentialsProviderArn: image.credentialsProviderArn },
          }
        : undefined,
      modelPackageName: container.modelPackageArn,
      modelDataUrl: data?.compressed === true ? joinAsSub(data.s3Uri) : undefined,
      modelDataSource:
        data?.compressed === false
          ? { s3DataSource: { s3Uri: data.s3Uri, s3DataType: 'S3Prefix', compressionType: 'None' } }
          : undefined,
      environment: container.environment,
      containerHostname: container.containerHostname,
    };
  });
  return { definitions, sources };
}

/** What SageMaker would refuse when the model is created, found before. */
export function checkContainers(containers: readonly ContainerDefinition[], problems: Problems): void {
  problems.require(
    containers.length >= 1 && containers.length <= MODEL_CONTAINERS_MAX,
    'ModelContainers',
    () => `containers must hold 1 to ${MODEL_CONTAINERS_MAX} containers, got ${containers.length}`,
  );
  containers.forEach((container, index) => {
    checkContainer(container, `containers[${index}]`, problems);
  });
  const bytes = containers
    .flatMap(({ environment }) => Object.entries(environment ?? {}))
    .reduce((sum, [name, value]) => sum + byteLength(name) + byteLength(value), 0);
  problems.require(
    bytes <= ENVIRONMENT_TOTAL_BYTES_MAX,
    'ModelEnvironment',
    () => `the environment of all containers must fit ${ENVIRONMENT_TOTAL_BYTES_MAX} bytes, got ${bytes}`,
  );
  const names = containers.flatMap(({ containerHostname }) => containerHostname ?? []);
  problems.require(
    names.length === 0 || names.length === containers.length,
    'ModelHostnames',
    () => `either every container has a containerHostname or none, got ${names.length} of ${containers.length}`,
  );
  problems.require(
    new Set(names).size === names.length,
    'ModelHostnames',
    () => `every containerHostname must be another one, got ${names.join(', ')}`,
  );
}

const KINDS = {
  image: 'ContainerImage?',
  modelData: 'ModelData?',
  modelPackageArn: 'text?',
  environment: 'structure?',
  containerHostname: 'text?',
} as const;

function checkContainer(container: ContainerDefinition, where: string, problems: Problems): void {
  const { image, modelData, modelPackageArn, environment, containerHostname } = container;
  if (!addWrongKinds(problems, `${where}.`, container, KINDS)) return;
  problems.require(
    (image === undefined) !== (modelPackageArn === undefined),
    'ModelContainer',
    () => `${where} must have an image or a modelPackageArn, got ${image === undefined ? 'neither' : 'both'}`,
  );
  problems.require(
    modelData === undefined || modelPackageArn === undefined,
    'ModelContainer',
    () => `${where} must not have modelData beside a modelPackageArn, which brings its own`,
  );
  if (modelPackageArn !== undefined && !Token.isUnresolved(modelPackageArn)) {
    problems.require(
      MODEL_PACKAGE_ARN.test(modelPackageArn),
      'ModelPackageArn',
      () => `${where}.modelPackageArn must be the ARN of a model package, got '${modelPackageArn}'`,
    );
  }
  if (containerHostname !== undefined && !Token.isUnresolved(containerHostname)) {
    problems.require(
      SAGEMAKER_NAME.test(containerHostname),
      'ModelHostnames',
      () => `${where}.containerHostname must be 1 to 63 letters, digits and inner hyphens, got '${containerHostname}'`,
    );
  }
  const variables = Object.entries(environment ?? {});
  problems.require(
    variables.length <= ENVIRONMENT_VARIABLES_MAX,
    'ModelEnvironment',
    () => `${where}.environment must hold at most ${ENVIRONMENT_VARIABLES_MAX} variables, got ${variables.length}`,
  );
  for (const [name, value] of variables) {
    problems.require(
      (Token.isUnresolved(name) || ENVIRONMENT_NAME.test(name)) && byteLength(name) <= ENVIRONMENT_BYTES_MAX,
      'ModelEnvironment',
      () => `${where}.environment must have names of letters, digits and _, not starting with a digit, got '${name}'`,
    );
    problems.require(
      typeof value === 'string',
      'ModelEnvironment',
      () => `${where}.environment.${name} must be text (put it in quotes), got ${value}`,
    );
    problems.require(
      byteLength(value) <= ENVIRONMENT_BYTES_MAX,
      'ModelEnvironment',
      () => `${where}.environment.${name} must fit ${ENVIRONMENT_BYTES_MAX} bytes, got ${byteLength(value)}`,
    );
  }
}

/** A token has no length yet, and what is no text has none that counts. */
const byteLength = (text: unknown) =>
  Token.isUnresolved(text) || typeof text !== 'string' ? 0 : Buffer.byteLength(text);
