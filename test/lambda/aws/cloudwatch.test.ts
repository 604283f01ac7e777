import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { cloudWatchAlarms } from '../../../lambda/aws/cloudwatch-alarms';
import { batches, cloudWatchMetrics, type SeriesQuery } from '../../../lambda/aws/cloudwatch-metrics';
import { fakeTransport, type Reply, type Sent } from './fake-transport';

const metric = (id: string, metricName = 'Invocations') => ({
  id,
  namespace: 'AWS/SageMaker',
  metricName,
  dimensions: { EndpointName: 'fraud', VariantName: 'b' },
  statistic: 'Sum',
});
const single = (name?: string): SeriesQuery => ({ metrics: [metric('m1', name)], expression: null });
const window = { from: 1_767_571_200_000, to: 1_767_571_500_000, periodSeconds: 60 };
const reader = (answer: (request: Sent, n: number) => Reply) => {
  const { options, sent } = fakeTransport(answer);
  return { read: cloudWatchMetrics(new CloudWatchClient(options)).read, sent };
};
const result = (Id: string, values: readonly number[], StatusCode: string | undefined = 'Complete', from = 0) => ({
  Id,
  StatusCode,
  Timestamps: values.map((_, i) => window.from / 1000 + (from + i) * 60),
  Values: values,
});
const ids = ({ body }: Sent) => (body['MetricDataQueries'] as { Id: string }[]).map(({ Id }) => Id);

describe('the door to metrics', () => {
  test('asks for whole periods of one metric and answers by their starts', async () => {
    const { read, sent } = reader(() => ({ json: { MetricDataResults: [result('q0', [4, 5])] } }));
    const [series] = await read([single()], window);
    expect([...series]).toEqual([
      [window.from, 4],
      [window.from + 60_000, 5],
    ]);
    expect(sent[0].target).toBe('GetMetricData');
    expect(sent[0].body).toMatchObject({
      StartTime: window.from / 1000,
      EndTime: window.to / 1000,
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        {
          Id: 'q0',
          ReturnData: true,
          MetricStat: {
            Period: 60,
            Stat: 'Sum',
            Metric: {
              Namespace: 'AWS/SageMaker',
              MetricName: 'Invocations',
              Dimensions: [
                { Name: 'EndpointName', Value: 'fraud' },
                { Name: 'VariantName', Value: 'b' },
              ],
            },
          },
        },
      ],
    });
  });

  test('an expression travels with its metrics, and ids of two queries stay apart', async () => {
    const math = { metrics: [metric('m1', 'A'), metric('m2', 'B')], expression: 'FILL(m1, 0) - m2' };
    const { read, sent } = reader((request) => ({
      json: {
        MetricDataResults: ids(request)
          .filter((id) => /^q\d$/.test(id))
          .map((id) => result(id, [1])),
      },
    }));
    await read([math, math], window);
    const queries = sent[0].body['MetricDataQueries'] as { Id: string; Expression?: string; ReturnData: boolean }[];
    expect(queries.map(({ Id, Expression, ReturnData }) => [Id, Expression, ReturnData])).toEqual([
      ['q0m1', undefined, false],
      ['q0m2', undefined, false],
      ['q0', 'FILL(q0m1, 0) - q0m2', true],
      ['q1m1', undefined, false],
      ['q1m2', undefined, false],
      ['q1', 'FILL(q1m1, 0) - q1m2', true],
    ]);
  });

  test('pages to the end and joins the pieces of a series', async () => {
    const { read, sent } = reader((_, n) =>
      n === 1
        ? { json: { MetricDataResults: [result('q0', [1, 2], 'PartialData')], NextToken: 'next' } }
        : { json: { MetricDataResults: [result('q0', [3], 'Complete', 2)] } },
    );
    const [series] = await read([single()], window);
    expect([...series.values()]).toEqual([1, 2, 3]);
    expect(sent[1].body['NextToken']).toBe('next');
  });

  test('a request carries at most 500 structures, the hidden ones counted', () => {
    const math = { metrics: [metric('m1'), metric('m2')], expression: 'm1/m2' };
    const split = batches([...Array.from({ length: 499 }, () => single()), math, single()]);
    expect(split.map((batch) => batch.length)).toEqual([499, 2]);
  });

  test('many queries become several requests, each answered in order', async () => {
    const { read, sent } = reader((request) => ({
      json: { MetricDataResults: ids(request).map((id) => result(id, [sent.length * 1000 + Number(id.slice(1))])) },
    }));
    const series = await read(
      Array.from({ length: 1100 }, () => single()),
      window,
    );
    expect(sent).toHaveLength(3);
    expect([0, 499, 500, 1099].map((i) => [...series[i].values()][0])).toEqual([1000, 1499, 2000, 3099]);
  });

  test.each<[string, unknown]>([
    ['an internal error in one series', { MetricDataResults: [result('q0', [1], 'InternalError')] }],
    ['a forbidden series', { MetricDataResults: [result('q0', [], 'Forbidden')] }],
    ['a series that stays partial', { MetricDataResults: [result('q0', [1], 'PartialData')] }],
    ['a series without a status', { MetricDataResults: [{ ...result('q0', [1]), StatusCode: undefined }] }],
    ['a series that is missing', { MetricDataResults: [] }],
    ['no results', {}],
    ['a series that was not asked', { MetricDataResults: [result('q0', [1]), result('q7', [1])] }],
    ['times without values', { MetricDataResults: [{ ...result('q0', [1]), Values: [] }] }],
    ['the same page for ever', { MetricDataResults: [result('q0', [1])], NextToken: 'again' }],
  ])('fails on %s', async (_name, json) => {
    const { read } = reader(() => ({ json }));
    await expect(read([single()], window)).rejects.toMatchObject({ name: 'SignalUnreadable' });
  });

  test('fails by the name of the error that AWS gave', async () => {
    const { read } = reader(() => ({ status: 400, json: { __type: 'ThrottlingException', message: 'Rate exceeded' } }));
    await expect(read([single()], window)).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});

describe('the door to alarms', () => {
  const door = (answer: (request: Sent, n: number) => Reply) => {
    const { options, sent } = fakeTransport(answer);
    return { levels: cloudWatchAlarms(new CloudWatchClient(options)).levels, sent };
  };

  test('reads levels of metric alarms, and asks for composite ones only when a name is left over', async () => {
    const { levels, sent } = door(({ body }) =>
      (body['AlarmTypes'] as string[])[0] === 'MetricAlarm'
        ? { json: { MetricAlarms: [{ AlarmName: 'x', StateValue: 'OK' }] } }
        : { json: { CompositeAlarms: [{ AlarmName: 'y', StateValue: 'ALARM' }] } },
    );
    expect([...(await levels(['x']))]).toEqual([['x', 'OK']]);
    expect(sent).toHaveLength(1);
    expect([...(await levels(['x', 'y']))]).toEqual([
      ['x', 'OK'],
      ['y', 'ALARM'],
    ]);
  });

  test('a role that may not see composite alarms still sees the others', async () => {
    const { levels } = door(({ body }) =>
      (body['AlarmTypes'] as string[])[0] === 'MetricAlarm'
        ? { json: { MetricAlarms: [{ AlarmName: 'x', StateValue: 'ALARM' }] } }
        : { status: 400, json: { __type: 'AccessDenied', message: 'not authorized' } },
    );
    expect([...(await levels(['x', 'y']))]).toEqual([['x', 'ALARM']]);
  });

  test('pages, and asks for at most 100 names at once', async () => {
    const names = Array.from({ length: 130 }, (_, i) => `alarm-${i}`);
    const { levels, sent } = door(({ body }) => {
      const asked = body['AlarmNames'] as string[];
      const second = body['NextToken'] === 'more';
      const part = second ? asked.slice(50) : asked.slice(0, 50);
      return {
        json: {
          MetricAlarms: part.map((AlarmName) => ({ AlarmName, StateValue: 'OK' })),
          ...(!second && asked.length > 50 ? { NextToken: 'more' } : {}),
        },
      };
    });
    expect((await levels(names)).size).toBe(130);
    expect(sent.map(({ body }) => (body['AlarmNames'] as string[]).length)).toEqual([100, 100, 30]);
  });
});
