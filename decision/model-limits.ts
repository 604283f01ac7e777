// Limits of the service that hold for a model and its containers.

/** A model is one container, or a pipeline of up to fifteen. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html */
export const MODEL_CONTAINERS_MAX = 15;

/** Variables of one container. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html */
export const ENVIRONMENT_VARIABLES_MAX = 100;

/** Bytes of a variable's name, and of its value. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html */
export const ENVIRONMENT_BYTES_MAX = 1024;

/** Bytes of all names and values of all containers. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html */
export const ENVIRONMENT_TOTAL_BYTES_MAX = 32 * 1024;

/** Name of a variable. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html */
export const ENVIRONMENT_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Names of models and containers. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html */
export const SAGEMAKER_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** Tag of an image. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html */
export const IMAGE_TAG = /^\w[\w.-]{0,127}$/;

/** Digest of an image. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageIdentifier.html */
export const IMAGE_DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Name of a repository. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
export const REPOSITORY_NAME = /^(?=.{2,256}$)[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** Characters of an image's address. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html */
export const IMAGE_URI_MAX = 255;

/** Subnets of a model's network. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VpcConfig.html */
export const VPC_SUBNETS_MAX = 16;

/** Security groups of a model's network. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VpcConfig.html */
export const VPC_SECURITY_GROUPS_MAX = 5;

/** A version of a model package. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html */
export const MODEL_PACKAGE_ARN = /^arn:[a-z0-9-]+:sagemaker:[a-z0-9-]{9,16}:\d{12}:model-package\/\S+$/;
