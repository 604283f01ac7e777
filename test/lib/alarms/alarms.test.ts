import { App, aws_cloudwatch as cloudwatch, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import * as rollouts from '../../../lib';

const millis = Duration.millis;
const wholeVariant = { endpointName: 'fraud', variantName: 'a', fingerprint: 'abcd1234' };

/** What a signal makes of the new fleet, and of the whole variant. */
function bound(alarm: rollouts.RollbackAlarm) {
  const of = (props: rollouts.FleetProps) => {
    const stack = new Stack(new App(), 'Stack');
    alarm.bind(stack, new rollouts.Fleet(props));
    const [first] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    return first?.Properties;
  };
  return { fleet: of({ ...wholeVariant, endpointConfigName: 'config-2' }), variant: of(wholeVariant) };
}
const names = (properties: { Dimensions: { Name: string }[] }) => properties.Dimensions.map(({ Name }) => Name);

describe('an alarm on', () => {
  const perFleet = (metric: string, statistic: object, threshold: number, points: [number, number]) => ({
    MetricName: metric,
    Namespace: 'AWS/SageMaker',
    ...statistic,
    Threshold: threshold,
    ComparisonOperator: 'GreaterThanThreshold',
    Period: 60,
    DatapointsToAlarm: points[0],
    EvaluationPeriods: points[1],
    TreatMissingData: 'notBreaching',
  });
  test.each<[string, rollouts.RollbackAlarm, object]>([
    [
      'errors',
      new rollouts.ErrorRateAlarm({ maximumRate: 0.01 }),
      perFleet('Invocation5XXErrors', { Statistic: 'Average' }, 0.01, [2, 5]),
    ],
    [
      'slowness, in microseconds',
      new rollouts.LatencyAlarm({ percentile: 90, maximum: millis(120) }),
      perFleet('ModelLatency', { ExtendedStatistic: 'p90' }, 120_000, [3, 7]),
    ],
    [
      'overhead',
      new rollouts.OverheadAlarm({ maximum: millis(100) }),
      perFleet('OverheadLatency', { Statistic: 'Average' }, 100_000, [3, 6]),
    ],
    [
      "a metric of the user's choice",
      rollouts.RollbackAlarm.fleetMetric('Busy', { metricName: 'Invocations', statistic: 'Sum', threshold: 9 }),
      perFleet('Invocations', { Statistic: 'Sum' }, 9, [2, 5]),
    ],
  ])('%s watches the new fleet and the whole variant', (_what, alarm, expected) => {
    const { fleet, variant } = bound(alarm);
    expect(fleet).toMatchObject(expected);
    expect(variant).toMatchObject(expected);
    expect(names(fleet)).toEqual(['EndpointName', 'VariantName', 'EndpointConfigName']);
    expect(names(variant)).toEqual(['EndpointName', 'VariantName']);
    expect(fleet.AlarmName).toMatch(/^fraud-\w+-fleet-abcd1234$/);
    expect(variant.AlarmName).toMatch(/^fraud-\w+-abcd1234$/);
  });

  test.each([
    ['cpu', 'CPUUtilization', 320],
    ['memory', 'MemoryUtilization', 320],
    ['disk', 'DiskUtilization', 320],
    ['gpu', 'GPUUtilization', 320],
    ['gpuMemory', 'GPUMemoryUtilization', 320],
  ] as const)('%s is one, on the whole variant, of all units together', (resource, metric, threshold) => {
    const alarm = rollouts.UtilizationAlarm[resource]({ maximumPercent: 80, unitsPerInstance: 4 });
    const { fleet, variant } = bound(alarm);
    expect(fleet).toBeUndefined();
    expect(variant).toMatchObject({ Namespace: '/aws/sagemaker/Endpoints', MetricName: metric, Threshold: threshold });
  });

  test('one metric is the same by its class as by its short form', () => {
    const props = { metricName: 'OverheadLatency', threshold: 100_000 };
    const byClass = bound(new rollouts.FleetMetricAlarm('Overhead', props));
    expect(byClass).toEqual(bound(rollouts.RollbackAlarm.fleetMetric('Overhead', props)));
    expect(byClass.fleet).toMatchObject({ MetricName: 'OverheadLatency', Threshold: 100_000, EvaluationPeriods: 5 });
  });

  test('lost traffic takes silence for a breach, and leaves the new fleet alone', () => {
    const { fleet, variant } = bound(new rollouts.TrafficLossAlarm({ minimumRequestsPerMinute: 60 }));
    expect(fleet).toBeUndefined();
    expect(variant).toMatchObject({
      MetricName: 'Invocations',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 60,
      TreatMissingData: 'breaching',
      DatapointsToAlarm: 8,
      EvaluationPeriods: 8,
    });
  });

  test('model errors takes the client errors off', () => {
    const { fleet, variant } = bound(new rollouts.ModelErrorRateAlarm({ maximumRate: 0.05 }));
    for (const [properties, dimensions] of [
      [fleet, 3],
      [variant, 2],
    ]) {
      const [rate, failed, client] = properties.Metrics;
      expect(rate).toMatchObject({ Expression: 'failed - FILL(client, 0)', ReturnData: true });
      expect([failed.Id, failed.MetricStat.Metric.MetricName]).toEqual(['failed', 'InvocationModelErrors']);
      expect([client.Id, client.MetricStat.Metric.MetricName]).toEqual(['client', 'Invocation4XXErrors']);
      expect(client.MetricStat.Metric.Dimensions).toHaveLength(dimensions);
    }
  });
});

describe('the recommended alarms', () => {
  test('are errors alone when nobody said what is slow', () => {
    const [errors, ...none] = rollouts.RollbackAlarm.recommended();
    expect(none).toEqual([]);
    expect(bound(errors).fleet).toMatchObject({ MetricName: 'Invocation5XXErrors', Threshold: 0.02 });
  });

  test.each([
    [1, ['ErrorRate', 3, 7], ['LatencyP99', 4, 9]],
    [9.9, ['ErrorRate', 3, 7], ['LatencyP99', 4, 9]],
    [10, ['ErrorRate', 2, 5], ['LatencyP99', 3, 7]],
    [0, ['ErrorRate', 3, 7], ['LatencyP99', 4, 9]],
    [Lazy.number({ produce: () => 1 }), ['ErrorRate', 2, 5], ['LatencyP99', 3, 7]],
    [undefined, ['ErrorRate', 2, 5], ['LatencyP99', 3, 7]],
  ])('are patient where few requests are declared: %s a second', (requestsPerSecond, ...expected) => {
    const stack = new Stack();
    const fleet = new rollouts.Fleet({ ...wholeVariant, requestsPerSecond });
    for (const alarm of rollouts.RollbackAlarm.recommended({ latencyP99: millis(250) })) alarm.bind(stack, fleet);
    const alarms = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.map(([id, { Properties: p }]) => [id, p.DatapointsToAlarm, p.EvaluationPeriods])).toEqual(expected);
  });

  test('use no metric math, which guardrails may not take', () => {
    for (const alarm of rollouts.RollbackAlarm.recommended({ latencyP99: millis(250) })) {
      expect(bound(alarm).fleet.Metrics).toBeUndefined();
    }
  });

  test('see an error that fills two minutes before a slow CloudWatch ends a ten-minute bake', () => {
    const publishLag = 300;
    const lookEveryMinute = 60;
    for (const alarm of rollouts.RollbackAlarm.recommended({ latencyP99: millis(250) })) {
      const { Period, DatapointsToAlarm } = bound(alarm).fleet;
      expect(Period * DatapointsToAlarm + publishLag + lookEveryMinute).toBeLessThan(600);
    }
  });
});

describe('an alarm fails', () => {
  const fleetMetric = (props: Partial<rollouts.FleetMetricProps>) => () =>
    rollouts.RollbackAlarm.fleetMetric('Mine', { metricName: 'ModelLatency', threshold: 1, ...props });
  test.each<[string, () => unknown, string]>([
    [
      'with an error rate of 2',
      () => rollouts.RollbackAlarm.recommended({ errorRate: 2 }),
      'errorRate must be more than 0 and less than 1 (0.02 is 2 %), got 2, did you mean 0.02? [RateOutOfRange]',
    ],
    ['with a rate of 0', () => new rollouts.ErrorRateAlarm({ maximumRate: 0 }), '[RateOutOfRange]'],
    [
      'with a rate that is no number',
      () => new rollouts.ModelErrorRateAlarm({ maximumRate: Number.NaN }),
      '[RateOutOfRange]',
    ],
    ['with a p0', () => new rollouts.LatencyAlarm({ percentile: 0, maximum: millis(1) }), '[PercentileOutOfRange]'],
    ['with a p100', () => new rollouts.LatencyAlarm({ percentile: 100, maximum: millis(1) }), '[PercentileOutOfRange]'],
    ['with no time at all', () => new rollouts.LatencyAlarm({ maximum: millis(0) }), '[DurationOutOfRange]'],
    ['with no overhead at all', () => new rollouts.OverheadAlarm({ maximum: millis(0) }), '[DurationOutOfRange]'],
    [
      'with a latency of no time',
      () => rollouts.RollbackAlarm.recommended({ latencyP99: millis(0) }),
      'latencyP99 must be longer than nothing',
    ],
    ['with 100 % of a CPU', () => rollouts.UtilizationAlarm.cpu({ maximumPercent: 100 }), '[PercentOutOfRange]'],
    [
      'with half a core',
      () => rollouts.UtilizationAlarm.cpu({ maximumPercent: 80, unitsPerInstance: 0.5 }),
      '[UnitsOutOfRange]',
    ],
    [
      'with traffic of nothing',
      () => new rollouts.TrafficLossAlarm({ minimumRequestsPerMinute: 0 }),
      '[RequestsOutOfRange]',
    ],
    ['without a threshold', fleetMetric({ threshold: undefined }), 'got nothing [ThresholdNotANumber]'],
    [
      'with a word for missing data that CloudWatch does not know',
      fleetMetric({ treatMissingData: 'breached' as cloudwatch.TreatMissingData }),
      "treatMissingData must be one of breaching, notBreaching, ignore, missing, got 'breached' [UnknownWord]",
    ],
    [
      'with an id of two lines, which would be a name of two lines',
      () => rollouts.RollbackAlarm.fleetMetric('My\nalarm', { metricName: 'ModelLatency', threshold: 1 }),
      '[AlarmId]',
    ],
    ['with a threshold that is no number', fleetMetric({ threshold: Number.NaN }), '[ThresholdNotANumber]'],
    ['with a period of 45 seconds', fleetMetric({ period: Duration.seconds(45) }), '[PeriodOutOfRange]'],
    ['with 3 of 2 data points', fleetMetric({ datapointsToAlarm: 3, evaluationPeriods: 2 }), '[DatapointsOutOfRange]'],
    ['with no data point', fleetMetric({ datapointsToAlarm: 0 }), '[DatapointsOutOfRange]'],
    [
      'with a window of more than a day',
      fleetMetric({ period: Duration.minutes(30), evaluationPeriods: 49 }),
      'period x evaluationPeriods must be at most 86400 s, got 1800 s x 49 = 88200 s [WindowTooLong]',
    ],
    [
      'with a rate over 1',
      fleetMetric({ metricName: 'Invocation5XXErrors', threshold: 2 }),
      'GreaterThanThreshold 2 never fires, did you mean 0.02? [AlarmNeverFires]',
    ],
    ['with a latency below nothing', fleetMetric({ threshold: -1 }), '[AlarmAlwaysFires]'],
    [
      'with fewer requests than none',
      fleetMetric({
        metricName: 'Invocations',
        statistic: 'Sum',
        threshold: 0,
        comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      }),
      '[AlarmNeverFires]',
    ],
  ])('%s', (_what, make, text) => {
    expect(make).toThrow(text);
  });

  test('is happy with what can be crossed', () => {
    expect(fleetMetric({ metricName: 'Invocation4XXErrors', statistic: 'Sum', threshold: 50 })).not.toThrow();
    expect(fleetMetric({ period: Duration.seconds(10) })).not.toThrow();
    expect(fleetMetric({ namespace: 'Mine', threshold: -40 })).not.toThrow();
  });

  test('with a name that CloudWatch does not take', () => {
    const fleet = new rollouts.Fleet(wholeVariant);
    expect(() => fleet.alarmName('x'.repeat(240))).toThrow('[AlarmNameTooLong]');
    expect(fleet.alarmName('x'.repeat(230)).length).toBeLessThanOrEqual(255);
  });
});
