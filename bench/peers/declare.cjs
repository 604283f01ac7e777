// One endpoint with one model on four instances, as users of each library write it. Runs where the peers are installed.
const { Stack, aws_ecr: ecr, aws_iam: iam, aws_s3: s3, aws_sagemaker: sagemaker } = require('aws-cdk-lib');

/** Each loads its library when it is asked for, so that a process has one of them. */
const LIBRARIES = {
  'L1 by hand': () => byHand,
  'aws-sagemaker-alpha': () => withAlpha(require('@aws-cdk/aws-sagemaker-alpha')),
  'generative-ai-cdk-constructs': () => withGenerativeAi(require('@cdklabs/generative-ai-cdk-constructs')),
  'cdk-sagemaker-rollouts': () => withRollouts(require('cdk-sagemaker-rollouts')),
};
module.exports = { LIBRARIES, declare };

/** Five endpoints a stack: all of them stay far below CloudFormation's 500 resources. */
function declare(app, count, write) {
  let stack;
  for (let i = 0; i < count; i++) {
    if (i % 5 === 0) {
      stack = new Stack(app, `Stack${i / 5}`);
      stack.bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'artefacts');
      stack.repository = ecr.Repository.fromRepositoryName(stack, 'Repository', 'serving');
    }
    write(stack, `endpoint-${i}`, `endpoint-${i}/v7/model.tar.gz`);
  }
}

function byHand(stack, name, key) {
  const { bucket, repository } = stack;
  const role = new iam.Role(stack, `${name}Role`, { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
  bucket.grantRead(role, key);
  repository.grantPull(role);
  const model = new sagemaker.CfnModel(stack, `${name}Model`, {
    executionRoleArn: role.roleArn,
    primaryContainer: { image: repository.repositoryUriForTag('v7'), modelDataUrl: bucket.s3UrlForObject(key) },
  });
  model.node.addDependency(role);
  const variant = { variantName: 'a', modelName: model.attrModelName, initialVariantWeight: 1 };
  const config = new sagemaker.CfnEndpointConfig(stack, `${name}Config`, {
    productionVariants: [{ ...variant, instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }],
  });
  new sagemaker.CfnEndpoint(stack, `${name}Endpoint`, {
    endpointName: name,
    endpointConfigName: config.attrEndpointConfigName,
  });
}

const withAlpha = (alpha) => (stack, name, key) => {
  const model = new alpha.Model(stack, `${name}Model`, {
    containers: [
      {
        image: alpha.ContainerImage.fromEcrRepository(stack.repository, 'v7'),
        modelData: alpha.ModelData.fromBucket(stack.bucket, key),
      },
    ],
  });
  const endpointConfig = new alpha.EndpointConfig(stack, `${name}Config`, {
    instanceProductionVariants: [
      { model, variantName: 'a', instanceType: alpha.InstanceType.M5_XLARGE, initialInstanceCount: 4 },
    ],
  });
  new alpha.Endpoint(stack, `${name}Endpoint`, { endpointName: name, endpointConfig });
};

const withGenerativeAi = ({ sagemaker_deployment: deployment }) => {
  const instanceType = deployment.SageMakerInstanceType.ML_M5_XLARGE;
  return (stack, name, key) =>
    new deployment.CustomSageMakerEndpoint(stack, `${name}Endpoint`, {
      modelId: name,
      endpointName: name,
      instanceType,
      instanceCount: 4,
      container: deployment.ContainerImage.fromEcrRepository(stack.repository, 'v7'),
      modelDataUrl: stack.bucket.s3UrlForObject(key),
    });
};

const withRollouts = (rollouts) => (stack, name, key) => {
  const model = new rollouts.Model(stack, `${name}Model`, {
    containers: [
      {
        image: rollouts.ContainerImage.fromEcrRepository(stack.repository, 'v7'),
        modelData: rollouts.ModelData.fromBucket(stack.bucket, key),
      },
    ],
  });
  new rollouts.Endpoint(stack, `${name}Endpoint`, {
    endpointName: name,
    model,
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
    strategy: new rollouts.AllAtOnceStrategy(),
  });
};
