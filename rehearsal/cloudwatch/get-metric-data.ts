import type { Json } from '../services/service';
import { compileQueries, type MetricDataQuery, returnsData, runQueries } from './metric-query';
import type { MetricStore } from './metric-store';

const QUERIES = 500;
const DATA_POINTS = 100_800;

/**
 * GetMetricData: the visible points of metrics and expressions between two times, newest first unless asked
 * otherwise, in pages of `MaxDatapoints` points a query.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
// source: cloudwatch-get-metric-data
export function getMetricData(store: MetricStore, now: number, input: Json): Json {
  const queries: readonly MetricDataQuery[] = input.MetricDataQueries ?? [];
  if (queries.length < 1 || queries.length > QUERIES) {
    throw new Error(`MetricDataQueries must have 1 to ${QUERIES} entries, received ${queries.length}`);
  }
  const problems: string[] = [];
  const compiled = compileQueries(queries, (message) => problems.push(message));
  const start = milliseconds(input.StartTime);
  const end = milliseconds(input.EndTime);
  if (!(start < end)) problems.push('StartTime must be before EndTime');
  const periods = new Set([...compiled.metrics.values()].map((metric) => metric.periodSeconds));
  if (compiled.expressions.size > 0 && periods.size > 1)
    problems.push('metrics of different periods in one expression are not rehearsed');
  for (const period of periods) {
    if (!(period >= 1)) problems.push(`Period must be a number of seconds, received ${period}`);
  }
  if (problems.length > 0) throw new Error(problems.join('; '));
  const found = new Map<string, Point[]>();
  for (const period of periods) {
    const metrics = new Map([...compiled.metrics].filter(([, metric]) => metric.periodSeconds === period));
    const from = Math.floor(start / (period * 1000)) * period * 1000;
    const windows = { from, periodSeconds: period, count: Math.ceil((end - from) / (period * 1000)), now };
    for (const [id, value] of runQueries(store, { metrics, expressions: compiled.expressions }, windows)) {
      if (!(value instanceof Float64Array)) throw new Error(`the result of '${id}' must be one time series`);
      found.set(id, points(value, from, period, input.ScanBy === 'TimestampAscending'));
    }
  }
  return page(queries, found, input);
}

type Point = readonly [timestamp: number, value: number];

function points(values: Float64Array, from: number, period: number, ascending: boolean): Point[] {
  const real: Point[] = [];
  values.forEach((value, i) => {
    if (!Number.isNaN(value)) real.push([from / 1000 + i * period, value]);
  });
  return ascending ? real : real.reverse();
}

function page(queries: readonly MetricDataQuery[], found: ReadonlyMap<string, readonly Point[]>, input: Json): Json {
  const from = Number(input.NextToken ?? 0);
  const returned = queries.filter(returnsData);
  const size = Math.max(
    1,
    Math.floor(Math.min(Number(input.MaxDatapoints ?? DATA_POINTS), DATA_POINTS) / Math.max(1, returned.length)),
  );
  const more = returned.some((query) => (found.get(query.Id)?.length ?? 0) > from + size);
  return {
    Messages: [],
    MetricDataResults: returned.map((query) => {
      const all = found.get(query.Id) ?? [];
      const shown = all.slice(from, from + size);
      return {
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
        Timestamps: shown.map(([timestamp]) => timestamp),
        Values: shown.map(([, value]) => value),
        StatusCode: all.length > from + size ? 'PartialData' : 'Complete',
      };
    }),
    ...(more ? { NextToken: String(from + size) } : {}),
  };
}

/** Seconds since 1970, as the wire has them, or ISO text, as state machines write them. */
export function milliseconds(time: number | string): number {
  return typeof time === 'number' ? time * 1000 : Date.parse(time);
}
