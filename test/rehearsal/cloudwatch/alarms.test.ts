import { describe, expect, it } from 'vitest';
import { CloudWatch, type CloudWatchOptions } from '../../../rehearsal/cloudwatch/cloudwatch';
import { Histogram } from '../../../rehearsal/cloudwatch/histogram';
import type { MetricAlarmProperties } from '../../../rehearsal/cloudwatch/metric-alarm';
import { MetricStore } from '../../../rehearsal/cloudwatch/metric-store';
import { Clock } from '../../../rehearsal/time/clock';

const MINUTE = 60_000;
const DIMENSIONS = [{ Name: 'EndpointName', Value: 'fraud' }];
const ALARM: MetricAlarmProperties = {
  AlarmName: 'errors',
  Namespace: 'AWS/SageMaker',
  MetricName: 'Invocation5XXErrors',
  Dimensions: DIMENSIONS,
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 0.02,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
};

function world(options: Partial<CloudWatchOptions> = {}, publishLagSeconds = 60) {
  const clock = new Clock();
  const store = new MetricStore({ publishLagSeconds });
  const cloudwatch = new CloudWatch({ clock, store, seed: 1, ...options });
  const series = (metricName: string, unit = 'None') =>
    store.open({ namespace: 'AWS/SageMaker', metricName, dimensions: { EndpointName: 'fraud' } }, unit);
  const start = clock.now();
  return {
    clock,
    store,
    cloudwatch,
    start,
    minutes: (count: number) => clock.advanceTo(clock.now() + count * MINUTE),
    /** 100 requests in that minute since the start, so many of them errors. */
    errors: (minute: number, bad: number) =>
      series('Invocation5XXErrors').record(
        start + minute * MINUTE,
        Histogram.of([
          [0, 100 - bad],
          [1, bad],
        ]),
      ),
    record: (metric: string, minute: number, pairs: [number, number][], unit = 'None') =>
      series(metric, unit).record(start + minute * MINUTE, Histogram.of(pairs)),
  };
}

describe('a metric alarm', () => {
  it('begins with INSUFFICIENT_DATA, and is OK once it has been evaluated', () => {
    const { cloudwatch, minutes } = world();
    cloudwatch.putMetricAlarm(ALARM);
    expect(cloudwatch.state('errors')).toBe('INSUFFICIENT_DATA');
    minutes(1);
    expect(cloudwatch.state('errors')).toBe('OK');
    expect(cloudwatch.transitions).toMatchObject([{ from: 'INSUFFICIENT_DATA', to: 'OK', alarmName: 'errors' }]);
  });

  it('alarms when M of N points breach and are visible, and not before; and recovers', () => {
    const { cloudwatch, minutes, errors, start } = world({}, 60);
    cloudwatch.putMetricAlarm(ALARM);
    for (let m = 0; m < 30; m++) errors(m, m >= 10 && m < 13 ? 50 : 1);
    minutes(30);
    const [, alarm, ok] = cloudwatch.transitions;
    // The second breaching minute ends at 12, and is visible at 13; the alarm has its own second of the minute.
    expect(alarm.to).toBe('ALARM');
    expect(alarm.at).toBeGreaterThanOrEqual(start + 13 * MINUTE);
    expect(alarm.at).toBeLessThan(start + 14 * MINUTE);
    expect(ok.to).toBe('OK');
    expect(cloudwatch.transitions).toHaveLength(3);
  });

  it('does not alarm of the threshold itself with GreaterThanThreshold', () => {
    for (const [ComparisonOperator, expected] of [
      ['GreaterThanThreshold', 'OK'],
      ['GreaterThanOrEqualToThreshold', 'ALARM'],
      ['LessThanThreshold', 'OK'],
      ['LessThanOrEqualToThreshold', 'ALARM'],
    ]) {
      const { cloudwatch, minutes, errors } = world();
      cloudwatch.putMetricAlarm({ ...ALARM, ComparisonOperator, EvaluationPeriods: 1, DatapointsToAlarm: 1 });
      for (let m = 0; m < 10; m++) errors(m, 2);
      minutes(9);
      expect(cloudwatch.state('errors')).toBe(expected);
    }
  });

  it('never sees data that is visible only after its evaluation range has passed', () => {
    const slow = world({}, 300);
    slow.cloudwatch.putMetricAlarm({ ...ALARM, EvaluationPeriods: 1, DatapointsToAlarm: 1 });
    const wide = world({}, 300);
    wide.cloudwatch.putMetricAlarm({ ...ALARM, EvaluationPeriods: 6, DatapointsToAlarm: 2 });
    for (const { errors, minutes } of [slow, wide]) {
      for (let m = 0; m < 30; m++) errors(m, 50);
      minutes(30);
    }
    expect(slow.cloudwatch.state('errors')).toBe('OK');
    expect(wide.cloudwatch.state('errors')).toBe('ALARM');
  });

  it('slides a long period by the minute', () => {
    const { cloudwatch, minutes, errors, start } = world({}, 0);
    cloudwatch.putMetricAlarm({ ...ALARM, Period: 300, EvaluationPeriods: 1, DatapointsToAlarm: 1, Threshold: 0.25 });
    // 30 % of five minutes from minute 7 on: reached with the third bad minute of 60 %.
    for (let m = 0; m < 20; m++) errors(m, m >= 7 ? 60 : 0);
    minutes(20);
    const alarm = cloudwatch.transitions.find(({ to }) => to === 'ALARM');
    expect(alarm?.at).toBeGreaterThanOrEqual(start + 10 * MINUTE);
    expect(alarm?.at).toBeLessThan(start + 11 * MINUTE);
  });

  it('keeps its state when it is changed, and loses it when it is made anew', () => {
    const { cloudwatch, minutes, errors } = world();
    cloudwatch.putMetricAlarm(ALARM);
    for (let m = 0; m < 6; m++) errors(m, 50);
    minutes(6);
    expect(cloudwatch.state('errors')).toBe('ALARM');
    cloudwatch.putMetricAlarm({ ...ALARM, Threshold: 0.9 });
    expect(cloudwatch.state('errors')).toBe('ALARM');
    minutes(1);
    expect(cloudwatch.state('errors')).toBe('OK');
    cloudwatch.setState('errors', 'ALARM', 'by hand');
    cloudwatch.deleteAlarms(['errors']);
    expect(cloudwatch.state('errors')).toBeUndefined();
    cloudwatch.putMetricAlarm(ALARM);
    expect(cloudwatch.state('errors')).toBe('INSUFFICIENT_DATA');
  });

  it('is evaluated at a second of its own, the same for the same seed', () => {
    const seconds = (seed: number) => {
      const { cloudwatch, minutes } = world({ seed });
      for (let i = 0; i < 20; i++) cloudwatch.putMetricAlarm({ ...ALARM, AlarmName: `alarm-${i}` });
      minutes(1);
      return cloudwatch.transitions.map(({ at }) => at);
    };
    expect(new Set(seconds(1)).size).toBeGreaterThan(15);
    expect(seconds(1)).toEqual(seconds(1));
    expect(seconds(1)).not.toEqual(seconds(2));
  });

  it('judges a percentile', () => {
    const { cloudwatch, minutes, record } = world();
    const { Statistic: _, ...rest } = ALARM;
    const latency = { ...rest, MetricName: 'ModelLatency', ExtendedStatistic: 'p99', Threshold: 250_000 };
    cloudwatch.putMetricAlarm({ ...latency, AlarmName: 'p99' });
    cloudwatch.putMetricAlarm({ ...latency, AlarmName: 'p90', ExtendedStatistic: 'p90' });
    for (let m = 0; m < 6; m++)
      record(
        'ModelLatency',
        m,
        [
          [100_000, 95],
          [300_000, 5],
        ],
        'Microseconds',
      );
    minutes(6);
    expect(cloudwatch.state('p99')).toBe('ALARM');
    expect(cloudwatch.state('p90')).toBe('OK');
  });

  it('ignores a percentile of too few samples when told so', () => {
    const { cloudwatch, minutes, record } = world();
    const { Statistic: _, ...rest } = ALARM;
    const latency = { ...rest, MetricName: 'ModelLatency', ExtendedStatistic: 'p99', Threshold: 250_000 };
    cloudwatch.putMetricAlarm({ ...latency, AlarmName: 'ignores', EvaluateLowSampleCountPercentile: 'ignore' });
    cloudwatch.putMetricAlarm({ ...latency, AlarmName: 'evaluates' });
    for (let m = 0; m < 6; m++) record('ModelLatency', m, [[300_000, 999]], 'Microseconds');
    minutes(6);
    expect(cloudwatch.state('evaluates')).toBe('ALARM');
    expect(cloudwatch.state('ignores')).not.toBe('ALARM');
    for (let m = 6; m < 12; m++) record('ModelLatency', m, [[300_000, 1000]], 'Microseconds');
    minutes(6);
    expect(cloudwatch.state('ignores')).toBe('ALARM');
  });

  it('sees nothing in a unit in which the metric is not published', () => {
    const { cloudwatch, minutes, errors } = world();
    cloudwatch.putMetricAlarm({ ...ALARM, AlarmName: 'right', Unit: 'None' });
    cloudwatch.putMetricAlarm({ ...ALARM, AlarmName: 'wrong', Unit: 'Count', TreatMissingData: 'missing' });
    for (let m = 0; m < 6; m++) errors(m, 50);
    minutes(6);
    expect(cloudwatch.state('right')).toBe('ALARM');
    expect(cloudwatch.state('wrong')).toBe('INSUFFICIENT_DATA');
  });

  it('watches metric math', () => {
    const { cloudwatch, minutes, record } = world();
    const stat = (Id: string, MetricName: string) => ({
      Id,
      ReturnData: false,
      MetricStat: {
        Metric: { Namespace: 'AWS/SageMaker', MetricName, Dimensions: DIMENSIONS },
        Period: 60,
        Stat: 'Sum',
      },
    });
    const { Namespace: _n, MetricName: _m, Dimensions: _d, Statistic: _s, Period: _p, ...rest } = ALARM;
    cloudwatch.putMetricAlarm({
      ...rest,
      Metrics: [
        { Id: 'rate', Expression: '(failed - client) / FILL(calls, 1)' },
        stat('failed', 'InvocationModelErrors'),
        stat('client', 'Invocation4XXErrors'),
        stat('calls', 'Invocations'),
      ],
    });
    expect(cloudwatch.kind('errors')).toBe('math');
    const minute = (m: number, failed: number) => {
      record('InvocationModelErrors', m, [
        [1, failed],
        [0, 100 - failed],
      ]);
      record('Invocation4XXErrors', m, [
        [1, 30],
        [0, 70],
      ]);
      record('Invocations', m, [[1, 100]]);
    };
    for (let m = 0; m < 6; m++) minute(m, 31);
    minutes(6);
    expect(cloudwatch.state('errors')).toBe('OK');
    for (let m = 6; m < 12; m++) minute(m, 40);
    minutes(6);
    expect(cloudwatch.state('errors')).toBe('ALARM');
  });

  it('can watch a high-resolution metric every ten seconds', () => {
    const clock = new Clock();
    const store = new MetricStore({ intervalSeconds: 10, publishLagSeconds: 0 });
    const cloudwatch = new CloudWatch({ clock, store, seed: 1 });
    cloudwatch.putMetricAlarm({ ...ALARM, Period: 10, EvaluationPeriods: 1, DatapointsToAlarm: 1 });
    const start = clock.now();
    const id = { namespace: 'AWS/SageMaker', metricName: 'Invocation5XXErrors', dimensions: { EndpointName: 'fraud' } };
    store.open(id, 'None').record(start + 20_000, Histogram.of([[1, 5]]));
    clock.advanceTo(start + 60_000);
    const alarm = cloudwatch.transitions.find(({ to }) => to === 'ALARM');
    expect(alarm?.at).toBeGreaterThanOrEqual(start + 30_000);
    expect(alarm?.at).toBeLessThan(start + 40_000);
  });

  it('tells every change to who listens', () => {
    const { cloudwatch, minutes, errors } = world();
    const heard: string[] = [];
    cloudwatch.onTransition(({ alarmName, to, reason }) => heard.push(`${alarmName} ${to}: ${reason}`));
    cloudwatch.putMetricAlarm({ ...ALARM, ActionsEnabled: false });
    for (let m = 0; m < 6; m++) errors(m, 50);
    minutes(6);
    expect(heard).toHaveLength(2);
    expect(heard[1]).toMatch(
      /^errors ALARM: 2 of the last 3 data points \[0\.5, 0\.5\] breach .* 1 missing, treated as notBreaching/,
    );
  });

  it('fails on everything it cannot rehearse, all problems at once', () => {
    const { cloudwatch } = world();
    const bad = {
      ...ALARM,
      ThresholdMetricId: 'x',
      Period: 45,
      DatapointsToAlarm: 4,
      ComparisonOperator: 'GreaterThanUpperThreshold',
      TreatMissingData: 'whatever',
      Statistic: 'Mean',
      Threshold: undefined,
    };
    const words = [
      'ThresholdMetricId',
      '45',
      '4 of 3',
      'GreaterThanUpperThreshold',
      'TreatMissingData',
      "'Mean'",
      'Threshold',
    ];
    for (const word of words) expect(() => cloudwatch.putMetricAlarm(bad)).toThrow(word);
    expect(cloudwatch.state('errors')).toBeUndefined();
  });

  it('fails on an alarm that watches nothing, or two things', () => {
    const { cloudwatch } = world();
    expect(() => cloudwatch.putMetricAlarm({ ...ALARM, MetricName: undefined })).toThrow('MetricName');
    const query = (Id: string, ReturnData: boolean | 'false') => ({
      Id,
      ReturnData,
      MetricStat: { Metric: { Namespace: 'a', MetricName: 'b' }, Period: 60, Stat: 'Sum' },
    });
    const watching = (...Metrics: ReturnType<typeof query>[]) => ({ ...ALARM, MetricName: undefined, Metrics });
    expect(() => cloudwatch.putMetricAlarm(watching(query('a', true), query('b', true)))).toThrow('received 2');
    expect(() => cloudwatch.putMetricAlarm(watching(query('a', false)))).toThrow('received 0');
    cloudwatch.putMetricAlarm(watching(query('a', true), query('b', 'false')));
  });

  it('fails on periods that add up to more than a day', () => {
    const { cloudwatch } = world();
    expect(() => cloudwatch.putMetricAlarm({ ...ALARM, Period: 900, EvaluationPeriods: 97 })).toThrow('86400');
  });
});

describe('a composite alarm', () => {
  const setup = (AlarmRule: string) => {
    const { cloudwatch, minutes } = world();
    for (const AlarmName of ['one', 'two words'])
      cloudwatch.putMetricAlarm({ ...ALARM, AlarmName, TreatMissingData: 'ignore' });
    cloudwatch.putCompositeAlarm({ AlarmName: 'both', AlarmRule });
    return { cloudwatch, minutes };
  };

  it.each([
    ['ALARM(one)', 'ALARM', 'OK', 'ALARM'],
    ['ALARM("one") AND ALARM("two words")', 'ALARM', 'OK', 'OK'],
    ["ALARM(one) OR ALARM('two words')", 'OK', 'ALARM', 'ALARM'],
    ['NOT OK(one) AND NOT (OK("two words") OR FALSE)', 'ALARM', 'INSUFFICIENT_DATA', 'ALARM'],
    ['ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:one)', 'ALARM', 'OK', 'ALARM'],
    ['ALARM(one) OR TRUE AND ALARM("two words")', 'ALARM', 'OK', 'ALARM'],
    ['INSUFFICIENT_DATA(one)', 'OK', 'OK', 'OK'],
  ] as const)('%s with %s and %s is %s', (rule, one, two, expected) => {
    const { cloudwatch } = setup(rule);
    cloudwatch.setState('one', one, '');
    cloudwatch.setState('two words', two, '');
    expect(cloudwatch.state('both')).toBe(expected);
    expect(cloudwatch.kind('both')).toBe('composite');
  });

  it('follows its children at once, through other composites too', () => {
    const { cloudwatch } = setup('ALARM(one)');
    cloudwatch.putCompositeAlarm({ AlarmName: 'top', AlarmRule: 'ALARM(both)' });
    cloudwatch.setState('one', 'ALARM', '');
    expect(cloudwatch.state('top')).toBe('ALARM');
    cloudwatch.setState('one', 'OK', '');
    expect(cloudwatch.state('top')).toBe('OK');
  });

  it.each([
    'ALARM(nobody)',
    'ALARM(both)',
    'AT_LEAST(1, ALARM, (one))',
    'ALARM(one) XOR OK(one)',
    'ALARM one',
    '',
    'ALARM("one',
  ])('fails on the rule %s', (rule) => {
    expect(() => setup(rule)).toThrow();
  });
});

describe('operations', () => {
  it('DescribeAlarms describes metric alarms only, unless asked for composites', () => {
    const { cloudwatch, minutes } = world();
    cloudwatch.putMetricAlarm({ ...ALARM, Threshold: '0.02', Tags: [{ Key: 'a', Value: 'b' }] });
    cloudwatch.putMetricAlarm({ ...ALARM, AlarmName: 'other' });
    cloudwatch.putCompositeAlarm({ AlarmName: 'all', AlarmRule: 'ALARM(errors)' });
    minutes(1);
    const names = (input: object) => {
      const reply = cloudwatch.invoke('DescribeAlarms', input);
      return [...reply.MetricAlarms, ...reply.CompositeAlarms].map((alarm: { AlarmName: string }) => alarm.AlarmName);
    };
    expect(names({})).toEqual(['errors', 'other']);
    expect(names({ AlarmNames: ['all', 'errors', 'nobody'] })).toEqual(['errors']);
    expect(names({ AlarmTypes: ['CompositeAlarm'] })).toEqual(['all']);
    expect(names({ AlarmNamePrefix: 'err' })).toEqual(['errors']);
    expect(names({ StateValue: 'ALARM' })).toEqual([]);
    const [alarm] = cloudwatch.invoke('DescribeAlarms', { AlarmNames: ['errors'] }).MetricAlarms;
    expect(alarm).toMatchObject({ Threshold: 0.02, StateValue: 'OK', ActionsEnabled: true });
    expect(alarm.AlarmArn).toBe('arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors');
    expect(alarm.Tags).toBeUndefined();
    const first = cloudwatch.invoke('DescribeAlarms', { MaxRecords: 1 });
    expect(first.MetricAlarms).toHaveLength(1);
    const second = cloudwatch.invoke('DescribeAlarms', { MaxRecords: 1, NextToken: first.NextToken });
    expect(second.MetricAlarms[0].AlarmName).toBe('other');
    expect(second.NextToken).toBeUndefined();
  });

  it('GetMetricData returns visible points and expressions, newest first, in pages', () => {
    const { cloudwatch, record, minutes, start } = world();
    for (let m = 0; m < 10; m++)
      record('Invocation5XXErrors', m, [
        [0, 64 - m],
        [1, m],
      ]);
    minutes(10);
    const input = {
      StartTime: start / 1000,
      EndTime: new Date(start + 10 * MINUTE).toISOString(),
      MetricDataQueries: [
        { Id: 'percent', Expression: 'm * 64', Label: 'of 64' },
        {
          Id: 'm',
          ReturnData: false,
          MetricStat: {
            Metric: { Namespace: 'AWS/SageMaker', MetricName: 'Invocation5XXErrors', Dimensions: DIMENSIONS },
            Period: 60,
            Stat: 'Average',
          },
        },
      ],
    };
    const { MetricDataResults } = cloudwatch.invoke('GetMetricData', input);
    expect(MetricDataResults).toHaveLength(1);
    // The minute that ended just now is not visible yet.
    expect(MetricDataResults[0].Values).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(MetricDataResults[0].Timestamps[0]).toBe(start / 1000 + 8 * 60);
    expect(MetricDataResults[0]).toMatchObject({ Id: 'percent', Label: 'of 64', StatusCode: 'Complete' });
    const paged = { ...input, ScanBy: 'TimestampAscending', MaxDatapoints: 5 };
    const first = cloudwatch.invoke('GetMetricData', paged);
    expect(first.MetricDataResults[0]).toMatchObject({ Values: [0, 1, 2, 3, 4], StatusCode: 'PartialData' });
    const second = cloudwatch.invoke('GetMetricData', { ...paged, NextToken: first.NextToken });
    expect(second.MetricDataResults[0]).toMatchObject({ Values: [5, 6, 7, 8], StatusCode: 'Complete' });
    expect(second.NextToken).toBeUndefined();
  });

  it('PutMetricData makes a metric of one own unit', () => {
    const { cloudwatch, clock, start } = world({}, 0);
    const MetricData = [{ MetricName: 'Conversions', Values: [0, 1], Counts: [90, 10] }];
    cloudwatch.invoke('PutMetricData', { Namespace: 'Shop', MetricData });
    clock.advanceTo(start + MINUTE);
    const Metric = { Namespace: 'Shop', MetricName: 'Conversions' };
    const { MetricDataResults } = cloudwatch.invoke('GetMetricData', {
      StartTime: start / 1000,
      EndTime: start / 1000 + 60,
      MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Average' } }],
    });
    expect(MetricDataResults[0].Values).toEqual([0.1]);
  });

  it('fails with the error a client would get', () => {
    const { cloudwatch, start } = world();
    const range = { StartTime: start / 1000, EndTime: start / 1000 + 60 };
    const fails = (operation: string, input: object, code: string) => {
      expect(() => cloudwatch.invoke(operation, input)).toThrow(expect.objectContaining({ code }));
    };
    fails('GetMetricData', { ...range, MetricDataQueries: [] }, 'ValidationError');
    fails(
      'GetMetricData',
      { ...range, MetricDataQueries: [{ Id: 'e', Expression: 'SEARCH("x")' }] },
      'ValidationError',
    );
    fails(
      'GetMetricData',
      {
        ...range,
        MetricDataQueries: [
          { Id: 'a', Expression: 'b' },
          { Id: 'b', Expression: 'a' },
        ],
      },
      'ValidationError',
    );
    fails('SetAlarmState', { AlarmName: 'nobody', StateValue: 'OK' }, 'ResourceNotFound');
    fails('PutDashboard', {}, 'UnknownOperationException');
    fails('PutMetricData', { Namespace: 'x', MetricData: [{ MetricName: 'm', Value: Number.NaN }] }, 'ValidationError');
    fails('PutMetricAlarm', { ...ALARM, Period: 7 }, 'ValidationError');
  });
});
