import { App, Duration, aws_ecr as ecr, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import * as rollouts from '../../../lib';

/** The least that an endpoint needs: one model from ECR and S3, version by version. */
export function fraudModel(stack: Stack, version = 'v7', id = 'Model'): rollouts.Model {
  const repository = ecr.Repository.fromRepositoryName(stack, `${id}Repository`, 'fraud');
  const bucket = s3.Bucket.fromBucketName(stack, `${id}Bucket`, 'models');
  return new rollouts.Model(stack, id, {
    containers: [
      {
        image: rollouts.ContainerImage.fromEcrRepository(repository, version),
        modelData: rollouts.ModelData.fromBucket(bucket, `fraud/${version}/model.tar.gz`),
      },
    ],
  });
}

export const fourInstances = rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 });

export const canary = new rollouts.CanaryStrategy({
  canarySize: rollouts.CapacitySize.instances(1),
  waitInterval: Duration.minutes(10),
  terminationWait: Duration.minutes(30),
});

export const fourAlarms = rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) });

/** A stack with a guarded endpoint; what is given replaces what is usual. */
export function fraud(
  props: Partial<rollouts.EndpointProps> = {},
  version?: string,
): { stack: Stack; endpoint: rollouts.Endpoint } {
  const stack = new Stack(new App(), 'Fraud');
  const model = props.model ?? fraudModel(stack, version);
  const endpoint = new rollouts.Endpoint(stack, 'Endpoint', {
    endpointName: 'fraud',
    model,
    hosting: fourInstances,
    strategy: canary,
    rollbackAlarms: fourAlarms,
    ...props,
  });
  return { stack, endpoint };
}
