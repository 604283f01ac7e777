import { type App, Duration, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { sourcesOf } from './sources';

/** Endpoints a stack: 5 have 48 resources, well below CloudFormation's 500. */
export const PER_STACK = 5;

/** `count` guarded endpoints as users of the library write them. */
export function declareGuarded(app: App, count: number): void {
  for (let i = 0; i < count; i++) {
    const stack = stackOf(app, i);
    const name = `endpoint-${i}`;
    const { bucket, repository } = sourcesOf(stack);
    const model = new rollouts.Model(stack, `Model${i}`, {
      containers: [
        {
          image: rollouts.ContainerImage.fromEcrRepository(repository, 'v7'),
          modelData: rollouts.ModelData.fromBucket(bucket, `${name}/v7/model.tar.gz`),
        },
      ],
    });
    new rollouts.Endpoint(stack, `Endpoint${i}`, {
      endpointName: name,
      model,
      hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
      strategy: new rollouts.CanaryStrategy({
        canarySize: rollouts.CapacitySize.instances(1),
        waitInterval: Duration.minutes(10),
      }),
      rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
    });
  }
}

const stackOf = (app: App, i: number): Stack => {
  const id = `Stack${Math.floor(i / PER_STACK)}`;
  return (app.node.tryFindChild(id) as Stack | undefined) ?? new Stack(app, id);
};
