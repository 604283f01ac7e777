import {
  App,
  CfnParameter,
  aws_cloudwatch as cloudwatch,
  Duration,
  aws_kms as kms,
  RemovalPolicy,
  Stack,
  aws_s3 as s3,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { type CfnEndpoint, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { describe, expect, test } from 'vitest';
import * as rollouts from '../../../lib';
import { canary, fourInstances, fraud, fraudModel } from './fraud';

const hosting = (instanceType: string, initialInstanceCount = 4, requestsPerSecond?: number) =>
  rollouts.Hosting.instances({ instanceType, initialInstanceCount, requestsPerSecond });
const canaryOf = (canarySize: rollouts.CapacitySize, wait = Duration.minutes(10), terminationWait?: Duration) =>
  new rollouts.CanaryStrategy({ canarySize, waitInterval: wait, terminationWait });
const percent = rollouts.CapacitySize.percent;
const instances = rollouts.CapacitySize.instances;
const errorOf = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};
const warningsOf = (stack: Stack) =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data));
const fleetMetric = rollouts.RollbackAlarm.fleetMetric;

describe('an endpoint fails at synth', () => {
  test.each<[string, string, Partial<rollouts.EndpointProps>]>([
    ['with an underscore in its name', 'EndpointName', { endpointName: 'fraud_eu' }],
    ['with a hyphen at the end of its name', 'EndpointName', { endpointName: 'fraud-' }],
    ['with a name of 64 characters', 'EndpointName', { endpointName: 'a'.repeat(64) }],
    [
      'with a canary of 2 in 3',
      'SizeOutOfRange',
      { hosting: hosting('ml.m5.large', 3), strategy: canaryOf(instances(2)) },
    ],
    ['with a canary of one instance', 'SizeOutOfRange', { hosting: hosting('ml.m5.large', 1) }],
    ['with a wait of 61 minutes', 'WaitOutOfRange', { strategy: canaryOf(percent(25), Duration.minutes(61)) }],
    ['with a wait of half a second', 'WaitOutOfRange', { strategy: canaryOf(percent(25), Duration.millis(500)) }],
    [
      'with a time-out that its waits use up',
      'TimeoutTooShort',
      {
        strategy: new rollouts.AllAtOnceStrategy({
          terminationWait: Duration.minutes(20),
          maximumExecutionTimeout: Duration.minutes(20),
        }),
      },
    ],
    [
      'with a time-out of more than eight hours',
      'TimeoutOutOfRange',
      { strategy: new rollouts.AllAtOnceStrategy({ maximumExecutionTimeout: Duration.hours(9) }) },
    ],
    ['without any alarm', 'AlarmCount', { rollbackAlarms: [] }],
    [
      'with twelve alarms',
      'AlarmCount',
      {
        rollbackAlarms: [1, 2, 3, 4, 5, 6].map((n) =>
          fleetMetric(`M${n}`, { metricName: 'ModelLatency', threshold: n }),
        ),
      },
    ],
    ['on Inferentia 1, where guardrails do nothing', 'GuardrailsUnavailable', { hosting: hosting('ml.inf1.xlarge') }],
  ])('%s', (_what, code, props) => {
    expect(errorOf(() => fraud(props))).toContain(`[${code}]`);
  });

  test('with everything that is wrong in one error, and where', () => {
    const message = errorOf(() =>
      fraud({
        endpointName: 'fraud_eu',
        hosting: hosting('ml.m5.large', 3),
        strategy: canaryOf(instances(2), Duration.hours(2)),
        rollbackAlarms: [],
      }),
    );
    expect(message.split('\n')).toEqual([
      'Endpoint at Fraud/Endpoint has 5 problems:',
      "  - endpointName must be 1 to 63 letters, digits and inner hyphens, got 'fraud_eu' [EndpointName]",
      '  - waitInterval must be a whole number of seconds, between 0 and 3600, got 7200 [WaitOutOfRange]',
      "  - canarySize must be at most 50 % of the variant's instances, got 2 of 3 = 66.7 %, use at least 4 instances [SizeOutOfRange]",
      '  - rollbackAlarms must make 1 to 10 alarms, got 0 [AlarmCount]',
      expect.stringContaining('removalPolicy: RETAIN, then put a ModelDeployment with adoptExistingEndpoint: true'),
    ]);
  });

  test('with a key on an instance type that has its own disk', () => {
    const stack = new Stack(new App(), 'Keys');
    const encryptionKey = new kms.Key(stack, 'Key');
    const rest = { model: fraudModel(stack), strategy: canary, encryptionKey };
    for (const type of ['ml.g5.xlarge', 'ml.m5d.large', 'ml.g4dn.xlarge', 'ml.p4d.24xlarge']) {
      const make = () => new rollouts.Endpoint(stack, type, { ...rest, hosting: hosting(type) });
      expect(errorOf(make), type).toContain('[KeyWithLocalStorage]');
    }
    for (const type of ['ml.m5.large', 'ml.c5.large', 'ml.p3.2xlarge', 'ml.inf2.xlarge']) {
      expect(
        errorOf(() => new rollouts.Endpoint(stack, type, { ...rest, hosting: hosting(type) })),
        type,
      ).toBe('no error');
    }
  });

  test.each([101, -1, 0.5])('with %s percent of data captured', (samplingPercent) => {
    const bucket = s3.Bucket.fromBucketName(new Stack(), 'Capture', 'capture');
    expect(errorOf(() => fraud({ dataCapture: { bucket, samplingPercent } }))).toContain('[CapturePercentOutOfRange]');
  });

  test.each(['', '/', '/captures', 'captures/', 'a//b'])(
    'capture fails below the prefix %j, where its role may not write',
    (prefix) => {
      const bucket = s3.Bucket.fromBucketName(new Stack(), 'Bucket', 'captured');
      const message = errorOf(() => fraud({ dataCapture: { bucket, prefix } }));
      expect(message).toContain(`got '${prefix}' [CapturePrefix]`);
      expect(message).toContain('Fraud/Endpoint');
    },
  );

  test.each(['', 'csv', 'text/', 'text/csv '])('capture fails on the content type %j', (type) => {
    const bucket = s3.Bucket.fromBucketName(new Stack(), 'Bucket', 'captured');
    const capture = { bucket, csvContentTypes: ['text/csv', type], jsonContentTypes: ['application/vnd.house+json'] };
    expect(errorOf(() => fraud({ dataCapture: capture }))).toContain(`got '${type}' [CaptureContentType]`);
  });

  test('with data capture of nothing', () => {
    const bucket = s3.Bucket.fromBucketName(new Stack(), 'Capture', 'capture');
    expect(errorOf(() => fraud({ dataCapture: { bucket, input: false, output: false } }))).toContain(
      '[CaptureNothing]',
    );
  });

  test.each([0, -5, 101, Number.NaN])('with a shadow of %s percent', (samplingPercent) => {
    const stack = new Stack(new App(), 'Shadows');
    const shadow = { model: fraudModel(stack, 'v8', 'Challenger'), samplingPercent };
    const make = () =>
      new rollouts.Endpoint(stack, 'E', { model: fraudModel(stack), hosting: fourInstances, strategy: canary, shadow });
    expect(errorOf(make)).toContain('[SamplingPercentOutOfRange]');
  });

  test('with a model in another region or account, ours or imported', () => {
    const env = { account: '111111111111', region: 'eu-west-1' };
    for (const [noun, elsewhere] of [
      ['region', { ...env, region: 'us-east-1' }],
      ['account', { ...env, account: '222222222222' }],
    ] as const) {
      const app = new App();
      const stack = new Stack(app, 'Here', { env });
      const arn = `arn:aws:sagemaker:${elsewhere.region}:${elsewhere.account}:model/fraud-7`;
      const theirs = fraudModel(new Stack(app, 'There', { env: elsewhere }));
      const imported = rollouts.Model.fromModelArn(stack, 'Imported', arn);
      for (const [id, model] of Object.entries({ theirs, imported })) {
        const make = () => new rollouts.Endpoint(stack, id, { model, hosting: fourInstances, strategy: canary });
        expect(errorOf(make)).toContain(
          `must be in the endpoint's ${noun}, ${env[noun]}, got ${elsewhere[noun]} [Model`,
        );
      }
      const shadow = { model: theirs, samplingPercent: 10 };
      const own = { model: fraudModel(stack), hosting: fourInstances, strategy: canary };
      expect(errorOf(() => new rollouts.Endpoint(stack, 'Shadowed', { ...own, shadow }))).toContain('[ModelElsewhere]');
      expect(errorOf(() => new rollouts.Endpoint(stack, 'Own', own))).toBe('no error');
    }
  });

  test('with half a second of waiting, and nobody is sent to an engine for that', () => {
    const strategy = (seconds: Duration) => canaryOf(instances(1), seconds);
    const message = errorOf(() => fraud({ strategy: strategy(Duration.millis(1500)) }));
    expect(message).toContain('waitInterval must be a whole number of seconds, between 0 and 3600, got 1.5');
    expect(message).not.toContain('BeyondGuardrails');
    expect(errorOf(() => fraud({ strategy: strategy(Duration.hours(2)) }))).toContain('[BeyondGuardrails]');
  });

  test('with an alarm in another region or account', () => {
    const app = new App();
    const stack = new Stack(app, 'Here', { env: { region: 'eu-west-1', account: '111122223333' } });
    const arn = 'arn:aws:cloudwatch:us-east-1:444455556666:alarm:far';
    const far = rollouts.RollbackAlarm.fromAlarm(cloudwatch.Alarm.fromAlarmArn(stack, 'Far', arn));
    const message = errorOf(
      () =>
        new rollouts.Endpoint(stack, 'E', {
          model: fraudModel(stack),
          hosting: fourInstances,
          strategy: canary,
          rollbackAlarms: [far],
        }),
    );
    expect(message).toContain(
      "alarm 'Far' must be in the endpoint's region, eu-west-1, got us-east-1 [AlarmElsewhere]",
    );
    expect(message).toContain("alarm 'Far' must be in the endpoint's account, 111122223333, got 444455556666");
  });

  test('with an alarm of a stack in another region', () => {
    const app = new App();
    const here = new Stack(app, 'Here', { env: { region: 'eu-west-1', account: '111122223333' } });
    const there = new Stack(app, 'There', { env: { region: 'us-east-1', account: '111122223333' } });
    const alarm = new cloudwatch.CfnAlarm(there, 'Far', { comparisonOperator: 'x', evaluationPeriods: 1 });
    const make = () =>
      new rollouts.Endpoint(here, 'E', {
        model: fraudModel(here),
        hosting: fourInstances,
        strategy: canary,
        rollbackAlarms: [rollouts.RollbackAlarm.fromAlarm(alarm)],
      });
    expect(errorOf(make)).toContain("alarm 'Far' must be in the endpoint's region, eu-west-1, got us-east-1");
  });

  test("with AWS's sample alarm, which can never fire", () => {
    const stack = new Stack(new App(), 'Sample');
    const sample = new cloudwatch.CfnAlarm(stack, 'HighErrorRate', {
      namespace: 'AWS/SageMaker',
      metricName: 'Invocation4XXErrors',
      statistic: 'Average',
      period: 600,
      evaluationPeriods: 2,
      threshold: 1,
      comparisonOperator: 'GreaterThanThreshold',
    });
    const message = errorOf(
      () =>
        new rollouts.Endpoint(stack, 'E', {
          model: fraudModel(stack),
          hosting: fourInstances,
          strategy: canary,
          rollbackAlarms: [rollouts.RollbackAlarm.fromAlarm(sample)],
        }),
    );
    expect(message).toContain(
      "alarm 'HighErrorRate': threshold must be one that can be crossed: the Average of Invocation4XXErrors is between 0 and 1, so GreaterThanThreshold 1 never fires, did you mean 0.01? [AlarmNeverFires]",
    );
  });

  test('when an escape hatch breaks the rules', () => {
    const { stack, endpoint } = fraud();
    const resource = endpoint.node.defaultChild as CfnEndpoint;
    resource.addPropertyOverride('DeploymentConfig.BlueGreenUpdatePolicy.TerminationWaitInSeconds', 3601);
    expect(errorOf(() => Template.fromStack(stack))).toContain('terminationWait must be a whole number of seconds');
  });

  test('when a count that decides how many steps are drawn is a token', () => {
    const stack = new Stack(new App(), 'Tokens');
    const count = new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber;
    const make = (strategy: rollouts.GuardrailStrategy) => () =>
      new rollouts.Endpoint(stack, 'E', { model: fraudModel(stack), hosting: hosting('ml.m5.large', count), strategy });
    const linear = new rollouts.LinearStrategy({ linearStepSize: instances(1), waitInterval: Duration.minutes(5) });
    expect(errorOf(make(linear))).toContain('[InstanceCountUnknown]');
    expect(errorOf(() => percent(count))).toContain('[SizeUnknown]');
  });
});

describe('an endpoint skips what only the deployment knows', () => {
  test('a count, where shares are percentages', () => {
    const stack = new Stack(new App(), 'Tokens');
    const count = new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber;
    const wait = new CfnParameter(stack, 'Wait', { type: 'Number' }).valueAsNumber;
    new rollouts.Endpoint(stack, 'E', {
      model: fraudModel(stack),
      hosting: hosting('ml.m5.large', count),
      strategy: canaryOf(percent(25), Duration.seconds(wait)),
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SageMaker::Endpoint', {
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          MaximumExecutionTimeoutInSeconds: Match.absent(),
          TrafficRoutingConfiguration: { WaitIntervalInSeconds: { Ref: 'Wait' } },
        },
      },
    });
    template.hasResourceProperties('Custom::SageMakerServing', {
      Plan: { instanceCount: { Ref: 'Count' }, steps: [{ percent: 25, bake: Match.anyValue() }, { percent: 100 }] },
    });
  });
});

describe('an endpoint warns', () => {
  const slow = fleetMetric('Slow', {
    metricName: 'ModelLatency',
    threshold: 1e5,
    period: Duration.minutes(5),
    datapointsToAlarm: 2,
  });
  test.each<[string, string, string, Partial<rollouts.EndpointProps>]>([
    [
      'of an alarm that cannot fire in any bake',
      'alarmOutlastsBake',
      "alarm 'Fleet/Slow' cannot fire inside any bake: 2 x 300 s + 120 s until data can be read = 720 s, the longest is 600 s",
      { rollbackAlarms: [slow], strategy: canaryOf(percent(25), Duration.minutes(10), Duration.minutes(10)) },
    ],
    [
      'of an alarm that cannot fire in the first bake',
      'alarmOutlastsFirstBake',
      "alarm 'Fleet/Slow' cannot fire inside the first bake: 2 x 300 s + 120 s until data can be read = 720 s, it is 600 s",
      { rollbackAlarms: [slow] },
    ],
    ['of slow detection', 'slowDetection', "alarm 'Fleet/Slow' is slow: 2 x 300 s + 120 s", { rollbackAlarms: [slow] }],
    [
      'of a p99 with too few requests',
      'fewSamples',
      "alarm 'Fleet/LatencyP99' never has enough requests for a p99: 1 a second x 60 s = 60, below 100",
      { hosting: hosting('ml.m5.xlarge', 4, 1) },
    ],
    [
      'of a share that is really another',
      'effectivePercent',
      '10 % of the fleet is really 25 %: only whole instances shift',
      { strategy: canaryOf(percent(10)) },
    ],
    [
      'of a time-out that leaves no time to launch',
      'timeoutTooShort',
      'maximumExecutionTimeout, 1500 s, is less than all bakes, 1200 s, and 600 s',
      {
        strategy: new rollouts.AllAtOnceStrategy({
          terminationWait: Duration.minutes(20),
          maximumExecutionTimeout: Duration.minutes(25),
        }),
      },
    ],
  ])('%s', (_what, id, text, props) => {
    const found = warningsOf(fraud(props).stack).filter((each) => each.includes(`cdk-sagemaker-rollouts:${id}`));
    expect(found[0]).toContain(text);
  });

  test('of sizes in instances under auto scaling', () => {
    const autoScaling = rollouts.AutoScaling.onInvocations({ minInstances: 4, maxInstances: 8, target: 600 });
    const scaled = rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4, autoScaling });
    expect(warningsOf(fraud({ hosting: scaled }).stack).join()).toContain('instancesUnderAutoScaling');
  });

  test('of a shadow beside a rolling deployment', () => {
    const stack = new Stack(new App(), 'Shadows');
    new rollouts.Endpoint(stack, 'Endpoint', {
      model: fraudModel(stack),
      hosting: fourInstances,
      strategy: new rollouts.RollingStrategy({ maximumBatchSize: percent(25), waitInterval: Duration.minutes(10) }),
      shadow: { model: fraudModel(stack, 'v8', 'Challenger'), samplingPercent: 10 },
    });
    expect(warningsOf(stack).join()).toContain('cdk-sagemaker-rollouts:rollingWithShadow');
  });

  test('of an L1 model that a replacement deletes, and of none that is kept', () => {
    const stack = new Stack(new App(), 'L1');
    const lost = new CfnModel(stack, 'Lost', {});
    const kept = new CfnModel(stack, 'Kept', {});
    kept.applyRemovalPolicy(RemovalPolicy.RETAIN);
    for (const model of [lost, kept]) {
      new rollouts.Endpoint(stack, `${model.node.id}Endpoint`, { model, hosting: fourInstances, strategy: canary });
    }
    const found = warningsOf(stack).filter((each) => each.includes('modelNotRetained'));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('model L1/Lost is deleted when it is replaced');
  });

  test('of nothing where nothing is wrong', () => {
    expect(warningsOf(fraud({ hosting: hosting('ml.m5.xlarge', 4, 50) }).stack)).toEqual([]);
  });
});
