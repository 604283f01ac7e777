import { Duration, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import type { Construct } from 'constructs';

/** One model, and how a new version of it reaches callers. */
export class FraudStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Your bucket, and the key of the newest version: a new version is a new key, and nothing else.
    const artefacts = s3.Bucket.fromBucketName(this, 'Artefacts', 'my-model-artefacts');
    const model = new rollouts.Model(this, 'Model', {
      containers: [
        {
          image: rollouts.ContainerImage.fromSagemaker('sagemaker-xgboost', '1.7-1'),
          modelData: rollouts.ModelData.fromBucket(artefacts, 'fraud/v1/model.tar.gz'),
        },
      ],
    });

    new rollouts.Endpoint(this, 'Endpoint', {
      endpointName: 'fraud',
      model,
      hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
      // One instance of four gets the new version first and is watched for ten minutes.
      strategy: new rollouts.CanaryStrategy({
        canarySize: rollouts.CapacitySize.instances(1),
        waitInterval: Duration.minutes(10),
        terminationWait: Duration.minutes(30),
      }),
      // What takes it back: more than 2 % of errors, or a slow 99th percentile.
      rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
    });
  }
}
