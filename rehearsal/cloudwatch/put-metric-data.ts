import type { Json } from '../services/service';
import { milliseconds } from './get-metric-data';
import { Histogram } from './histogram';
import { dimensionsOf } from './metric';
import type { MetricStore } from './metric-store';

/**
 * PutMetricData with single values or values and counts; a statistic set is refused, because percentiles could not be
 * computed from it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
// source: cloudwatch-put-metric-data
export function putMetricData(store: MetricStore, now: number, input: Json): Json {
  const data: readonly Json[] = input.MetricData ?? [];
  for (const datum of data) {
    if (datum.StatisticValues !== undefined) throw new Error(`statistic sets are not rehearsed: ${datum.MetricName}`);
    const values: readonly number[] = datum.Values ?? [datum.Value];
    const counts: readonly number[] = datum.Counts ?? values.map(() => 1);
    const numbers = [...values, ...counts].every((number) => Number.isFinite(number));
    if (!numbers || values.length !== counts.length) {
      throw new Error(`the values and counts of ${datum.MetricName} must be as many finite numbers`);
    }
    const id = { namespace: input.Namespace, metricName: datum.MetricName, dimensions: dimensionsOf(datum.Dimensions) };
    const time = datum.Timestamp === undefined ? now : milliseconds(datum.Timestamp);
    const samples = Histogram.of(values.map((value, i) => [value, counts[i]] as const));
    store.open(id, datum.Unit ?? 'None').record(time, samples);
  }
  return {};
}
