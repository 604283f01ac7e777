import { App, aws_cloudwatch as cloudwatch, Duration, aws_lambda as lambda, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { ModelDeployment, type ModelDeploymentProps } from '../../../lib/rollout';

const house = (more: Partial<rollouts.StagedStrategyProps> = {}) =>
  new rollouts.StagedStrategy({
    stages: [5, 25, 50].map((percent) => ({ percent, bake: Duration.hours(24) })),
    watchPeriod: Duration.hours(72),
    ...more,
  });

/** A deployment with some gates, and what it needs to be drawn. */
function deploy(
  gates: (stack: Stack, bucket: s3.IBucket) => rollouts.Gate[],
  more: Partial<ModelDeploymentProps> = {},
) {
  const stack = new Stack(new App(), 'Fraud', { env: { account: '123456789012', region: 'eu-west-1' } });
  const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'data');
  const deployment = new ModelDeployment(stack, 'Fraud', {
    endpointName: 'fraud',
    model: rollouts.Model.fromModelName(stack, 'Model', 'fraud-v7'),
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
    strategy: house(),
    gates: gates(stack, bucket),
    ...more,
  });
  return { stack, deployment, bucket, template: () => Template.fromStack(stack) };
}

describe('the gates of a deployment', () => {
  test('all kinds of them stand together in one plan', () => {
    const { template } = deploy(
      (stack, bucket) => [
        new rollouts.OfflineEvaluationGate({
          report: rollouts.EvaluationReport.fromBucket(bucket, 'fraud/v7/evaluation.json'),
          checks: [
            rollouts.EvaluationCheck.limit({ metric: rollouts.MetricPlace.huggingFace('p99_ms'), maximum: 250 }),
          ],
        }),
        new rollouts.ShadowDivergenceGate({ maximumRate: 0.02 }),
        new rollouts.ErrorRateGate({ absoluteMargin: 0.005 }),
        new rollouts.LatencyGate({ percentile: 99, ceiling: Duration.millis(250) }),
        new rollouts.BusinessMetricGate({
          metric: rollouts.ComparedMetric.byVariant(new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Orders' })),
        }),
        new rollouts.FunctionGate({
          gateName: 'Policy',
          handler: lambda.Function.fromFunctionArn(
            stack,
            'Policy',
            'arn:aws:lambda:eu-west-1:123456789012:function:policy',
          ),
          phases: [rollouts.GatePhase.BEFORE],
        }),
      ],
      {
        strategy: house({ shadow: { minimumRequests: 10_000, minimumDuration: Duration.hours(48) } }),
        dataCapture: { bucket: s3.Bucket.fromBucketName(new Stack(), 'Captures', 'captures') },
      },
    );
    const spec = JSON.stringify(template().findResources('Custom::RolloutSpec'));
    for (const id of ['OfflineEvaluation', 'ShadowDivergence', 'ErrorRate', 'Latency', 'BusinessMetric', 'Policy']) {
      expect(spec).toContain(id);
    }
    expect(spec).toContain('data-capture');
    // The machine that asks calls users' functions itself.
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Action: 'lambda:InvokeFunction',
            Effect: 'Allow',
            Resource: 'arn:aws:lambda:eu-west-1:123456789012:function:policy',
          },
        ]),
      },
      Roles: [{ Ref: Match.stringLikeRegexp('BakeRole') }],
    });
  });

  test('a gate that compares is no trouble in the watch: it is asked in the stages', () => {
    expect(() => deploy(() => [new rollouts.ErrorRateGate()])).not.toThrow();
  });

  test('fails when a gate compares and both versions never serve together', () => {
    expect(() => deploy(() => [new rollouts.ErrorRateGate()], { strategy: new rollouts.AllAtOnceStrategy() })).toThrow(
      'gate ErrorRate compares two versions, and the strategy never lets both serve',
    );
    const alone = new rollouts.LatencyGate({ ceiling: Duration.millis(250) });
    expect(() => deploy(() => [alone], { strategy: new rollouts.AllAtOnceStrategy() })).not.toThrow();
  });

  test('fails when captures are compared and none are taken', () => {
    const strategy = house({ shadow: { minimumRequests: 10_000, minimumDuration: Duration.hours(48) } });
    expect(() => deploy(() => [new rollouts.ShadowDivergenceGate({ maximumRate: 0.02 })], { strategy })).toThrow(
      'the deployment must capture input and output of its requests',
    );
  });

  const warnings = (requestsPerSecond: number | undefined, gate: rollouts.Gate) => {
    const hosting = rollouts.Hosting.instances({
      instanceType: 'ml.m5.xlarge',
      initialInstanceCount: 20,
      requestsPerSecond,
    });
    const { stack } = deploy(() => [gate], { hosting });
    const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('to pass it'));
    return found.map(({ entry }) => String(entry.data));
  };

  test('a gate that cannot decide before its stage ends is a warning that says how long it would need', () => {
    // 1 request a second at 5 % for a day are 4,320 requests; about 6,100 show that 1 % of errors are not 1.5 %.
    const [text, ...more] = warnings(1, new rollouts.ErrorRateGate());
    expect(more).toEqual([]);
    expect(text).toMatch(/gate ErrorRate needs about 6\d{3} requests .* and has 4320 when the stage at 5 % ends/);
    expect(text).toMatch(/bake it (9|10)\.\d h longer/);
    expect(text).toContain('[ack: cdk-sagemaker-rollouts:gateCannotDecide]');
  });

  test('a gate that can is none, and neither is one whose traffic nobody declared', () => {
    expect(warnings(10, new rollouts.ErrorRateGate())).toEqual([]);
    expect(warnings(10, new rollouts.LatencyGate({ ceiling: Duration.millis(250) }))).toEqual([]);
    expect(warnings(0.1, new rollouts.LatencyGate({ ceiling: Duration.millis(250) }))).toHaveLength(1);
    expect(warnings(undefined, new rollouts.ErrorRateGate())).toEqual([]);
  });

  test('a first stage that bakes for less than a gate needs to know anything is a warning', () => {
    const text = (bake: Duration, gate: rollouts.Gate) => {
      const strategy = new rollouts.StagedStrategy({ stages: [{ percent: 25, bake }], watchPeriod: Duration.hours(1) });
      const { stack } = deploy(() => [gate], { strategy });
      const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('minutes of metrics'));
      return found.map(({ entry }) => String(entry.data));
    };
    const latency = new rollouts.LatencyGate({ ceiling: Duration.millis(250) });
    const [short, ...more] = text(Duration.minutes(34), latency);
    expect(more).toEqual([]);
    expect(short).toContain(
      'gate Latency passes nothing before it has 30 minutes of metrics, about 35 minutes into the first',
    );
    expect(short).toContain('bakes for 34 minutes');
    expect(short).toContain('[ack: cdk-sagemaker-rollouts:gateOutlastsBake]');
    expect(text(Duration.minutes(35), latency)).toEqual([]);
    expect(text(Duration.minutes(10), new rollouts.ErrorRateGate())).toEqual([]);
  });
});
