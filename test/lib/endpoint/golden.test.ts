import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import * as rollouts from '../../../lib';
import { canary, fraud } from './fraud';

const percent = rollouts.CapacitySize.percent;
const wait = { waitInterval: Duration.minutes(10), terminationWait: Duration.minutes(20) };

// The whole template is the product here: read a difference as the user's CloudFormation will.
test.each<[string, rollouts.GuardrailStrategy]>([
  ['all-at-once', new rollouts.AllAtOnceStrategy({ terminationWait: Duration.minutes(20) })],
  ['canary', canary],
  ['linear', new rollouts.LinearStrategy({ linearStepSize: percent(25), ...wait })],
  [
    'rolling',
    new rollouts.RollingStrategy({
      maximumBatchSize: percent(25),
      waitInterval: Duration.minutes(10),
      rollbackMaximumBatchSize: percent(50),
    }),
  ],
])('the template of an endpoint with the strategy %s', async (name, strategy) => {
  const { Resources } = Template.fromStack(fraud({ strategy }).stack).toJSON();
  for (const resource of Object.values(Resources) as { Type: string; Properties: { Code: { S3Key: string } } }[]) {
    // The handler's bytes have tests of their own.
    if (resource.Type === 'AWS::Lambda::Function') resource.Properties.Code.S3Key = '<asset>';
  }
  await expect(`${JSON.stringify(Resources, null, 1)}\n`).toMatchFileSnapshot(`golden/${name}.golden.json`);
});
