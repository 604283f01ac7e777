import {
  App,
  aws_cloudwatch as cloudwatch,
  Duration,
  type Environment,
  aws_iam as iam,
  Lazy,
  aws_lambda as lambda,
  Stack,
  aws_s3 as s3,
} from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';

const { ApprovalRule, ModelDeployment, StagedStrategy } = rollouts;
const onCall = new iam.ArnPrincipal('arn:aws:iam::111111111111:role/OnCall');
const token = () => Lazy.number({ produce: () => 3 });

function deployed(props: Partial<rollouts.ModelDeploymentProps>, env?: Environment): Stack {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Fraud', { env });
  new ModelDeployment(stack, 'Fraud', {
    endpointName: 'fraud',
    model: rollouts.Model.fromModelName(stack, 'Model', 'fraud-v7'),
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
    strategy: StagedStrategy.standard(),
    ...props,
  });
  return stack;
}

const stage = (props: Partial<rollouts.Stage>, others: Partial<rollouts.StagedStrategyProps> = {}) =>
  deployed({
    strategy: new StagedStrategy({ stages: [{ percent: 25, bake: Duration.hours(1), ...props }], ...others }),
  });

describe('the times of a plan', () => {
  test.each<[string, () => unknown, string]>([
    [
      'half a second of bake',
      () => stage({ bake: Duration.millis(1500) }),
      'time under observation at 25 % must be whole seconds',
    ],
    ['a bake that is no number', () => stage({ bake: Duration.seconds(Number.NaN) }), 'got NaN s [PlanDuration]'],
    [
      'a deadline of half a second more',
      () => stage({ deadline: Duration.millis(3_600_500) }),
      'deadline at 25 % must be whole seconds',
    ],
    [
      'a watch that only the deployment knows',
      () => stage({}, { watchPeriod: Duration.seconds(token()) }),
      'time under observation at 100 % must be whole seconds of at most 59 days, known at synth, got a token [PlanDuration]',
    ],
    [
      'a watch of a million days',
      () => stage({}, { watchPeriod: Duration.days(1e6) }),
      'got 86400000000 s [PlanDuration]',
    ],
    [
      'a canary that only the deployment knows',
      () =>
        deployed({
          strategy: new rollouts.CanaryStrategy({
            canarySize: rollouts.CapacitySize.percent(25),
            waitInterval: Duration.seconds(token()),
          }),
        }),
      'got a token [PlanDuration]',
    ],
    [
      'phases that outlast the state machine',
      () => stage({ bake: Duration.days(29) }, { watchPeriod: Duration.days(2) }),
      'must take at most 59 days, got 60 days',
    ],
  ])('fails on %s', (_, draw, message) => {
    expect(draw).toThrow(message);
  });

  test('fails on all of them at once', () => {
    const draw = () => stage({ bake: Duration.millis(1) }, { watchPeriod: Duration.millis(1) });
    expect(draw).toThrow('has 2 problems');
  });

  test('may be as long as the state machine lives', () => {
    expect(() => stage({ bake: Duration.days(28) }, { watchPeriod: Duration.days(3) })).not.toThrow();
  });

  test('fails on a shadow that must end before it has seen enough', () => {
    const shadow = { minimumRequests: 10, minimumDuration: Duration.hours(2), deadline: Duration.hours(1) };
    expect(() => stage({}, { shadow })).toThrow('[DeadlineBeforeBake]');
  });

  test('are compared with what the alarms need', () => {
    const second = Duration.seconds(1);
    const warnings = (stack: Stack) =>
      Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cannot fire inside any bake')).length;
    expect(warnings(stage({ bake: second }, { watchPeriod: second }))).toBe(1);
    expect(warnings(stage({}))).toBe(0);
  });
});

describe('a rule that would never ask', () => {
  test.each<[string, () => unknown, string]>([
    [
      'a count that is no number',
      () => ApprovalRule.outsideNormal({ maximumInstanceCount: Number.NaN }),
      'got NaN [NormalInstanceCount]',
    ],
    [
      'a count without an end',
      () => ApprovalRule.outsideNormal({ maximumInstanceCount: Number.POSITIVE_INFINITY }),
      '[NormalInstanceCount]',
    ],
    [
      'a count that only the deployment knows',
      () => ApprovalRule.outsideNormal({ maximumInstanceCount: token() }),
      '[NormalInstanceCount]',
    ],
    [
      'a step that is no number',
      () => ApprovalRule.outsideNormal({ maximumStepPercent: Number.NaN }),
      'got NaN [NormalStepPercent]',
    ],
    [
      'a step of more than everything',
      () => ApprovalRule.outsideNormal({ maximumStepPercent: 101 }),
      '[NormalStepPercent]',
    ],
    ['nothing that is normal', () => ApprovalRule.outsideNormal({}), '[NormalUnknown]'],
    ['endless bad requests', () => ApprovalRule.blastRadiusAbove(Number.POSITIVE_INFINITY), '[BadRequestsOutOfRange]'],
    ['no time after a rollback', () => ApprovalRule.afterRollback(Duration.seconds(0)), 'got 0 s [WithinOutOfRange]'],
    ['a time that is no number', () => ApprovalRule.afterRollback(Duration.seconds(Number.NaN)), '[WithinOutOfRange]'],
    [
      'no rule at all',
      () =>
        deployed({
          approval: { approvers: [onCall], when: [] },
        }),
      '[ApprovalRulesMissing]',
    ],
    [
      'a starter who is nobody',
      () => deployed({ approval: { approvers: [onCall], startedBy: 'bob' } }),
      "got 'bob' [StartedByUnknown]",
    ],
  ])('fails: %s', (_, draw, message) => {
    expect(draw).toThrow(message);
  });
});

describe('what AWS would refuse later, or would never act', () => {
  const metric = (props: Partial<rollouts.FleetMetricProps>, id = 'Slow') =>
    rollouts.RollbackAlarm.fleetMetric(id, { metricName: 'ModelLatency', threshold: 1e6, ...props });
  const elsewhere = (stack: Stack, arn: string) => cloudwatch.Alarm.fromAlarmArn(stack, 'Elsewhere', arn);
  const at = (props: (stack: Stack) => Partial<rollouts.ModelDeploymentProps>) => {
    const env = { account: '111111111111', region: 'us-east-1' };
    return deployed(props(new Stack(new App(), 'Other', { env })), env);
  };
  const handler = (stack: Stack) =>
    lambda.Function.fromFunctionArn(stack, 'Judge', 'arn:aws:lambda:eu-west-1:111111111111:function:judge');
  const shadow = { minimumRequests: 10, minimumDuration: Duration.hours(1) };
  const divergent = (capture: Partial<rollouts.DataCapture>) => {
    const bucket = s3.Bucket.fromBucketName(new Stack(), 'Captures', 'captures');
    const strategy = new StagedStrategy({ shadow, stages: [{ percent: 25, bake: Duration.hours(1) }] });
    return deployed({
      strategy,
      gates: [new rollouts.ShadowDivergenceGate({ maximumRate: 0.02 })],
      dataCapture: { bucket, ...capture },
    });
  };
  const twice = (second: string) => {
    const stack = deployed({});
    new ModelDeployment(stack, 'Second', {
      endpointName: second,
      model: rollouts.Model.fromModelName(stack, 'SecondModel', 'fraud-v8'),
      hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
      strategy: StagedStrategy.standard(),
    });
  };

  test.each<[string, () => unknown, string]>([
    ['a statistic that nobody knows', () => metric({ statistic: 'P99' }), "got 'P99' [AlarmStatistic]"],
    ['a percentile of more than everything', () => metric({ statistic: 'p101' }), '[AlarmStatistic]'],
    ['a metric without a name', () => metric({ metricName: '' }), 'metricName must be 1 to 255 characters'],
    ['a namespace that begins with a colon', () => metric({ namespace: ':mine' }), "got ':mine' [MetricName]"],
    [
      'an operator of anomaly detection',
      () => metric({ comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_LOWER_THRESHOLD }),
      '[AlarmOperator]',
    ],
    ['an alarm without an id', () => metric({}, ''), '[AlarmId]'],
    ['patience that is no number', () => metric({ patientBelow: Number.NaN }), 'got NaN [PatientBelow]'],
    [
      'two alarms of one id',
      () => deployed({ rollbackAlarms: [metric({}), metric({ threshold: 2e6 })] }),
      "got 'Slow' twice [AlarmIds]",
    ],
    ['a latency that no answer takes', () => metric({ threshold: 3_600_000_001 }), '[AlarmNeverFires]'],
    [
      'a ceiling that no answer takes',
      () => new rollouts.LatencyGate({ ceiling: Duration.days(1) }),
      '[DurationOutOfRange]',
    ],
    [
      'a ceiling that only the deployment knows',
      () => new rollouts.LatencyGate({ ceiling: Duration.seconds(token()) }),
      '[DurationUnknown]',
    ],
    [
      'an alarm on GPUs that are not there',
      () => deployed({ rollbackAlarms: [rollouts.UtilizationAlarm.gpu({ maximumPercent: 90 })] }),
      'ml.m5.xlarge has none [AlarmNeverFires]',
    ],
    ['nobody who judges', () => deployed({ rollbackAlarms: [] }), '[NothingJudges]'],
    [
      'a gate on an alarm of another account',
      () =>
        at((stack) => ({
          gates: [
            new rollouts.AlarmGate({ alarms: [elsewhere(stack, 'arn:aws:cloudwatch:us-east-1:222222222222:alarm:x')] }),
          ],
        })),
      '[AlarmElsewhere]',
    ],
    [
      'a gate on an alarm of another region',
      () =>
        at((stack) => ({
          gates: [
            new rollouts.AlarmGate({ alarms: [elsewhere(stack, 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:x')] }),
          ],
        })),
      '[AlarmElsewhere]',
    ],
    [
      'a function of another region',
      () =>
        at((stack) => ({
          gates: [
            new rollouts.FunctionGate({
              gateName: 'Mine',
              phases: [rollouts.GatePhase.STAGE],
              handler: handler(stack),
            }),
          ],
        })),
      'us-east-1, got eu-west-1 [GateElsewhere]',
    ],
    ['a shadow whose answers nobody records', () => divergent({ output: false }), '[CaptureMissing]'],
    ['a shadow of which nothing is recorded', () => divergent({ samplingPercent: 0 }), '[CaptureMissing]'],
    [
      'two owners of one endpoint',
      () => twice('fraud'),
      'must be another one than that of Fraud/Fraud in the same stack',
    ],
    ['two owners of one endpoint in capitals', () => twice('FRAUD'), "got 'FRAUD' [EndpointNameTaken]"],
    ['a tag of AWS', () => deployed({ tags: { 'aws:x': '1' } }), '[TagName]'],
    ['a tag without a name', () => deployed({ tags: { '': '1' } }), '[TagName]'],
    ['a tag that is too long', () => deployed({ tags: { team: 'x'.repeat(257) } }), '[TagValue]'],
    [
      'too many tags',
      () => deployed({ tags: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`t${i}`, ''])) }),
      'got 50 [TooManyTags]',
    ],
    [
      'a platform without a name',
      () => new rollouts.RolloutPlatform(new Stack(), 'P', { platformName: '' }),
      '[PlatformName]',
    ],
    [
      'a platform whose name is too long',
      () => new rollouts.RolloutPlatform(new Stack(), 'P', { platformName: 'x'.repeat(41) }),
      '[PlatformName]',
    ],
    [
      'a limit that is no number',
      () => rollouts.EvaluationCheck.limit({ metric: rollouts.MetricPlace.huggingFace('auc'), minimum: Number.NaN }),
      'minimum must be a finite number',
    ],
    [
      'a measure that Clarify does not have',
      () => rollouts.EvaluationCheck.fairness({ facet: 'sex', group: 'f', limits: { XX: 1 } }),
      'got XX [FairnessMeasure]',
    ],
    ['a group without a name', () => rollouts.EvaluationCheck.fairness({ facet: '', group: '' }), '[FairnessGroup]'],
    [
      'a metric of too many dimensions',
      () =>
        rollouts.ComparedMetric.byVariant(
          new cloudwatch.Metric({
            namespace: 'Shop',
            metricName: 'Sales',
            dimensionsMap: Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`d${i}`, 'x'])),
          }),
        ),
      'got 30 and',
    ],
  ])('fails on %s', (_, draw, message) => {
    expect(draw).toThrow(message);
  });

  test.each(['Average', 'IQM', 'p99', 'p99.9', 'tm95', 'TM(5%:95%)', 'PR(:300)', 'TC(250000:)'])(
    '%s is a statistic',
    (statistic) => {
      expect(() => metric({ statistic })).not.toThrow();
    },
  );

  test('an alarm on GPUs suits an instance that has some', () => {
    const hosting = rollouts.Hosting.instances({ instanceType: 'ml.g5.xlarge', initialInstanceCount: 4 });
    const rollbackAlarms = [rollouts.UtilizationAlarm.gpu({ maximumPercent: 90 })];
    expect(() => deployed({ hosting, rollbackAlarms })).not.toThrow();
  });
});
