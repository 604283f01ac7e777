import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  CloudFormationValidatePlugin,
  Duration,
  aws_kms as kms,
  Stack,
  aws_s3 as s3,
  Validations,
} from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import * as rollouts from '../../../lib';
import { fourInstances, fraudModel } from './fraud';

const { instances, percent } = rollouts.CapacitySize;
const waitInterval = Duration.minutes(10);

/** Everything that an endpoint can be, in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'Everything');
  const strategies: { [id: string]: rollouts.GuardrailStrategy } = {
    AllAtOnce: new rollouts.AllAtOnceStrategy(),
    Canary: new rollouts.CanaryStrategy({ canarySize: instances(1), waitInterval }),
    Linear: new rollouts.LinearStrategy({ linearStepSize: percent(25), waitInterval }),
    Rolling: new rollouts.RollingStrategy({ maximumBatchSize: percent(25), waitInterval }),
  };
  for (const [id, strategy] of Object.entries(strategies)) {
    new rollouts.Endpoint(stack, id, {
      model: fraudModel(stack, 'v7', `${id}Model`),
      hosting: fourInstances,
      strategy,
    });
  }
  const autoScaling = rollouts.AutoScaling.onInvocations({ minInstances: 2, maxInstances: 8, target: 600 });
  new rollouts.Endpoint(stack, 'Full', {
    endpointName: 'full',
    model: fraudModel(stack, 'v7', 'FullModel'),
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4, autoScaling }),
    strategy: new rollouts.CanaryStrategy({ canarySize: percent(25), waitInterval }),
    shadow: { model: fraudModel(stack, 'v8', 'Challenger'), samplingPercent: 20, hosting: fourInstances },
    dataCapture: { bucket: s3.Bucket.fromBucketName(stack, 'Captured', 'captured'), samplingPercent: 20 },
    encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }),
    tags: { team: 'risk' },
    rollbackAlarms: [
      ...rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
      new rollouts.ModelErrorRateAlarm(),
      rollouts.UtilizationAlarm.cpu({ maximumPercent: 90, unitsPerInstance: 4 }),
      rollouts.UtilizationAlarm.memory({ maximumPercent: 90 }),
      rollouts.UtilizationAlarm.disk({ maximumPercent: 75 }),
      new rollouts.TrafficLossAlarm({ minimumRequestsPerMinute: 10 }),
    ],
  });
  return stack;
}

test("AWS's rules for templates find nothing", () => {
  const outdir = mkdtempSync(join(tmpdir(), 'endpoint-'));
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  const stack = everything(app);
  app.synth();
  const templatePath = join(outdir, stack.templateFile);
  const template = { templatePath, stackConstructPath: stack.node.path };
  const { violations } = new CloudFormationValidatePlugin().validate({ stackTemplates: [template] } as never);
  expect(violations).toEqual([]);
});

test('cdk-nag finds what is meant, and nothing else', () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = everything(app);
  const arn = (service: string, resource: string) =>
    `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;
  const endpoints = stack.node.children.filter((child) => child instanceof rollouts.Endpoint);
  const meant = {
    '*': 'a registry token and a metric have no ARN',
    [arn('logs', 'log-group:/aws/sagemaker/Endpoints/*')]: 'SageMaker names the log group and its streams',
    [arn('logs', 'log-group:/aws/lambda/Everything*')]: 'Lambda names the log group and its streams',
    ...Object.fromEntries(
      endpoints.map(({ endpointName }) => [
        arn('cloudwatch', `alarm:${endpointName}-*`),
        'the end of an alarm name is the version that it watches',
      ]),
    ),
    'arn:<AWS::Partition>:s3:::models/fraud/*': 'a rollback starts instances of the old version',
    'arn:<AWS::Partition>:s3:::captured/data-capture/*': 'SageMaker names the objects that it captures',
  };
  for (const [resource, reason] of Object.entries(meant)) {
    Validations.of(stack).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
  }
  Validations.of(stack).acknowledge({ id: 'AwsSolutions-L1', reason: 'the handler is bundled for Node.js 22' });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).not.toThrow();
});

test('cdk-nag would find more if there were no reasons', () => {
  const app = new App({ builtinCloudFormationValidation: false });
  everything(app);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).toThrow();
});
