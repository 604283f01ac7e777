import { type App, Stack, aws_s3 as s3, Validations } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import type { ModelFile } from './model-file';

/** One model with its endpoint: what `cdk deploy NAME` deploys. */
export class ModelStack extends Stack {
  constructor(app: App, file: ModelFile, version: string) {
    super(app, file.name, { description: file.description });
    const buckets = new Map<string, s3.IBucket>();
    const bucketOf = (name: string) => {
      const bucket = buckets.get(name) ?? s3.Bucket.fromBucketName(this, `Bucket${buckets.size}`, name);
      buckets.set(name, bucket);
      return bucket;
    };
    const modelOf = (id: string, ofWhich: string) =>
      new rollouts.Model(this, id, {
        containers: file.containers.map(({ hostname, image, data, environment }) => ({
          containerHostname: hostname,
          image: imageOf(image, ofWhich),
          modelData: data === undefined ? undefined : dataOf(bucketOf(data.bucket), ofVersion(data.key, ofWhich)),
          environment,
        })),
      });
    new rollouts.Endpoint(this, 'Endpoint', {
      endpointName: file.name,
      model: modelOf('Model', version),
      hosting: file.hosting,
      strategy: file.strategy,
      rollbackAlarms: file.rollbackAlarms,
      shadow: file.shadow && { ...file.shadow, model: modelOf('Shadow', file.shadow.version) },
    });
    acknowledge(this, file);
  }
}

const ofVersion = (text: string, version: string) => text.replaceAll('{version}', version);

function dataOf(bucket: s3.IBucket, key: string): rollouts.ModelData {
  return key.endsWith('/') ? rollouts.ModelData.fromPrefix(bucket, key) : rollouts.ModelData.fromBucket(bucket, key);
}

function imageOf(image: ModelFile['containers'][number]['image'], version: string): rollouts.ContainerImage {
  const { dlc, sagemaker, registry } = image;
  if (dlc !== undefined) return rollouts.ContainerImage.fromDlc(dlc.repository, ofVersion(dlc.tag, version));
  if (registry !== undefined) return rollouts.ContainerImage.fromRegistry(ofVersion(registry, version));
  return rollouts.ContainerImage.fromSagemaker(sagemaker!.repository, ofVersion(sagemaker!.tag, version));
}

/** What cdk-nag finds, and why it is meant: finding by finding, so that a new one is not hidden. */
function acknowledge(stack: Stack, { name, containers }: ModelFile): void {
  const arn = (service: string, resource: string) =>
    `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;
  const families = containers.flatMap(({ data }) => (data ? `${data.bucket}/${data.key.split('/')[0]}` : []));
  const wildcards = {
    '*': 'A registry token and a metric have no ARN; metrics are limited to the namespaces of SageMaker.',
    [arn('logs', 'log-group:/aws/sagemaker/Endpoints/*')]: 'SageMaker names the log group and its streams.',
    [arn('logs', `log-group:/aws/lambda/${name}*`)]: 'Lambda names the log group and its streams.',
    [arn('cloudwatch', `alarm:${name}-*`)]: 'The end of an alarm name is the version that it watches.',
    ...Object.fromEntries(
      families.map((family) => [
        `arn:<AWS::Partition>:s3:::${family}/*`,
        'A rollback starts instances of the old version, so every version of the artefact stays readable.',
      ]),
    ),
  };
  const validations = Validations.of(stack);
  for (const [resource, reason] of Object.entries(wildcards)) {
    validations.acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
  }
  validations.acknowledge({
    id: 'AwsSolutions-L1',
    reason: 'The handler ships bundled for Node.js 22, the version that it is tested on.',
  });
}
