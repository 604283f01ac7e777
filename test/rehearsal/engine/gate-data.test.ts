import { aws_cloudwatch as cloudwatch, Duration, aws_s3 as s3 } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { rehearse } from '../../../rehearsal/rehearse';
import { defineScenario, type ScenarioInput } from '../../../rehearsal/scenario';
import { deployed } from './deployed-app';

const told = (more: Partial<ScenarioInput>) =>
  defineScenario({ name: 'data', requestsPerSecond: 100, expect: { outcome: 'promoted' }, ...more });

describe('an evaluation report of the scenario', () => {
  const app = (ownBucket = false) =>
    deployed((stack) => {
      const bucket = ownBucket
        ? new s3.Bucket(stack, 'Reports')
        : s3.Bucket.fromBucketName(stack, 'Reports', 'evaluations');
      return {
        strategy: new rollouts.StagedStrategy({
          stages: [{ percent: 25, bake: Duration.minutes(5) }],
          watchPeriod: Duration.minutes(5),
        }),
        gates: [
          new rollouts.OfflineEvaluationGate({
            report: rollouts.EvaluationReport.fromBucket(bucket, 'fraud/v7.json'),
            checks: [rollouts.EvaluationCheck.limit({ metric: rollouts.MetricPlace.huggingFace('auc'), minimum: 0.9 })],
          }),
        ],
      };
    });
  const reports = (content: unknown, at = 's3://evaluations/fraud/v7.json') => ({ reports: [{ at, content }] });

  test('lets a version that is good enough begin', async () => {
    const outcome = await rehearse(app(), { scenario: told(reports({ auc: 0.93 })) });
    expect(outcome).toMatchObject({ outcome: 'promoted', violations: [] });
    expect(outcome.verdicts[0]).toMatchObject({ kind: 'pass', reason: expect.stringContaining('0.93') });
  });

  test('stands in a bucket whose name only CloudFormation knows', async () => {
    const scenario = told(reports('{"auc": 0.93}', 'fraud/v7.json'));
    expect(await rehearse(app(true), { scenario })).toMatchObject({ outcome: 'promoted', violations: [] });
  });

  test('stops one that is not before anything of it is launched', async () => {
    const outcome = await rehearse(app(), { scenario: told(reports({ auc: 0.82 })) });
    expect(outcome).toMatchObject({ outcome: 'failed', servedConfig: 'champion', violations: [] });
    const launches = outcome.timeline.filter(
      ({ source, event }) => source === 'sagemaker' && event === 'UpdateStarted',
    );
    expect(launches).toEqual([]);
  });

  test('that is not there holds', async () => {
    const outcome = await rehearse(app(), { scenario: told({}) });
    expect(outcome).toMatchObject({ outcome: 'held', servedConfig: 'champion', violations: [] });
    expect(outcome.reason).toContain('the data could not be read');
  });
});

describe('a metric that the callers publish', () => {
  const app = (
    metric: (of: (metricName: string) => cloudwatch.Metric) => rollouts.ComparedMetric,
    deadline = Duration.hours(6),
  ) =>
    deployed(() => ({
      strategy: new rollouts.StagedStrategy({
        stages: [{ percent: 50, bake: Duration.minutes(10), deadline }],
        watchPeriod: Duration.minutes(5),
      }),
      gates: [
        new rollouts.BusinessMetricGate({
          relativeMargin: 0.1,
          metric: metric(
            (metricName) =>
              new cloudwatch.Metric({
                namespace: 'Shop',
                metricName,
                dimensionsMap: { Market: 'DE' },
                statistic: 'Sum',
              }),
          ),
        }),
      ],
    }));
  const rate = (deadline?: Duration) =>
    app((of) => rollouts.ComparedMetric.rateByVariant(of('Orders'), of('Sessions')), deadline);
  const mean = () => app((of) => rollouts.ComparedMetric.byVariant(of('Revenue')));
  const shop = { namespace: 'Shop', dimensions: { Market: 'DE' } };
  const orders = (challenger: number) =>
    told({
      metrics: [
        { ...shop, metricName: 'Orders', rate: { champion: 0.3, challenger } },
        { ...shop, metricName: 'Sessions', rate: { champion: 1 } },
      ],
    });
  const revenue = (challenger: number) =>
    told({ metrics: [{ ...shop, metricName: 'Revenue', mean: { champion: 12, challenger }, spread: 0.5 }] });

  test('as a rate lets a version that sells as much stay, and takes one back that does not', async () => {
    expect(await rehearse(rate(), { scenario: orders(0.3) })).toMatchObject({ outcome: 'promoted', violations: [] });
    const bad = await rehearse(rate(), { scenario: orders(0.2) });
    expect(bad).toMatchObject({ outcome: 'rolledBack', servedConfig: 'champion', violations: [] });
  });

  test('as a mean does too', async () => {
    expect(await rehearse(mean(), { scenario: revenue(12) })).toMatchObject({ outcome: 'promoted', violations: [] });
    const bad = await rehearse(mean(), { scenario: revenue(9) });
    expect(bad).toMatchObject({ outcome: 'rolledBack', servedConfig: 'champion', violations: [] });
  });

  test('of which the scenario says nothing holds', async () => {
    const outcome = await rehearse(rate(Duration.minutes(30)), { scenario: told({}) });
    expect(outcome).toMatchObject({ outcome: 'held', violations: [] });
    expect(outcome.reason).toContain('BusinessMetric');
  });
});
