import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { cloudWatchClient } from './cloudwatch-client';
import { namedError } from './named-error';

/** One CloudWatch metric with the statistic that is wanted of each period. */
export interface MetricSource {
  /** Its name inside the expression: `m1`. */
  readonly id: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: { readonly [name: string]: string };
  /** `Sum`, `SampleCount`, `TC(250000:)`, ... */
  readonly statistic: string;
}

/** One series: a single metric, or metric math over several. */
export interface SeriesQuery {
  readonly metrics: readonly MetricSource[];
  /** Metric math over the ids of `metrics`; null when the one metric itself is wanted. */
  readonly expression: string | null;
}

/** Half-open window of time, in milliseconds since the epoch, and the length of a period in it. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly periodSeconds: number;
}

/** Value by the start of its period, in milliseconds since the epoch. A period without data has no entry. */
export type Series = ReadonlyMap<number, number>;

/** Structures a request may carry, the hidden ones of an expression counted:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const MAXIMUM_QUERIES = 500;

/** Reads series from CloudWatch, each in full: it pages to the end, and a series that is not complete is an error. */
export function cloudWatchMetrics(client: CloudWatchClient = cloudWatchClient()) {
  return {
    async read(queries: readonly SeriesQuery[], window: Window): Promise<Series[]> {
      const found: Series[] = [];
      for (const batch of batches(queries)) found.push(...(await readBatch(client, batch, window)));
      return found;
    },
  };
}

/** Splits by structures, never inside one query: an expression and its metrics travel together. */
export function batches(queries: readonly SeriesQuery[]): SeriesQuery[][] {
  const all: SeriesQuery[][] = [];
  let size = MAXIMUM_QUERIES;
  for (const query of queries) {
    const weight = query.metrics.length + (query.expression === null ? 0 : 1);
    if (size + weight > MAXIMUM_QUERIES) {
      all.push([]);
      size = 0;
    }
    all[all.length - 1].push(query);
    size += weight;
  }
  return all;
}

async function readBatch(client: CloudWatchClient, batch: readonly SeriesQuery[], window: Window): Promise<Series[]> {
  const series = new Map<string, Map<number, number>>(batch.map((_, i) => [`q${i}`, new Map()]));
  const status = new Map<string, string>();
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: batch.flatMap((query, i) => structures(query, i, window.periodSeconds)),
        StartTime: new Date(window.from),
        EndTime: new Date(window.to),
        ScanBy: 'TimestampAscending',
        NextToken: token,
      }),
    );
    for (const result of page.MetricDataResults ?? []) {
      const points = series.get(result.Id ?? '');
      if (points === undefined)
        throw namedError('SignalUnreadable', `CloudWatch answered for '${result.Id}', not asked`);
      status.set(result.Id ?? '', result.StatusCode ?? 'absent');
      const { Timestamps: times = [], Values: values = [] } = result;
      if (times.length !== values.length)
        throw namedError('SignalUnreadable', `CloudWatch sent ${times.length} times for ${values.length} values`);
      times.forEach((time, i) => {
        points.set(time.getTime(), values[i]);
      });
    }
    token = page.NextToken;
    if (token !== undefined && seen.has(token))
      throw namedError('SignalUnreadable', 'CloudWatch sent the same page token twice');
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
  for (const id of series.keys()) {
    if (status.get(id) !== 'Complete')
      throw namedError('SignalUnreadable', `CloudWatch sent a series of status ${status.get(id) ?? 'absent'}`);
  }
  return [...series.values()];
}

/** Ids carry the query's number, so that `m1` of two queries stay apart; an expression is rewritten to match. */
function structures(query: SeriesQuery, index: number, period: number): MetricDataQuery[] {
  const single = query.expression === null;
  const rename = (id: string) => (single ? `q${index}` : `q${index}${id}`);
  const metrics = query.metrics.map((metric) => ({
    Id: rename(metric.id),
    ReturnData: single,
    MetricStat: {
      Metric: {
        Namespace: metric.namespace,
        MetricName: metric.metricName,
        Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: period,
      Stat: metric.statistic,
    },
  }));
  if (query.expression === null) return metrics;
  const ids = new Set(query.metrics.map((metric) => metric.id));
  const Expression = query.expression.replace(/\b[a-z]\w*\b/g, (word) => (ids.has(word) ? rename(word) : word));
  return [...metrics, { Id: `q${index}`, Expression, ReturnData: true }];
}
