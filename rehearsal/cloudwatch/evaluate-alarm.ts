import type { AlarmState } from './alarm-state';
import { evaluatePoints } from './evaluate-points';
import type { MetricAlarm } from './metric-alarm';
import type { Points } from './metric-math';
import { type MetricReading, runQueries } from './metric-query';
import type { MetricStore } from './metric-store';

/** What one evaluation found. */
export interface Evaluation {
  readonly state: AlarmState;
  /** One sentence; made only for a state that is new. */
  readonly reason: () => string;
}

/**
 * Evaluates an alarm at `now`: the last windows that end at a whole minute, read as far as they are visible.
 * `extraPeriods` is how much longer the evaluation range is than the alarm's own periods.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
// source: cloudwatch-evaluation-range
export function evaluateAlarm(
  alarm: MetricAlarm,
  store: MetricStore,
  now: number,
  current: AlarmState,
  extraPeriods: number,
): Evaluation {
  const every = alarm.everySeconds * 1000;
  const count = alarm.rule.evaluationPeriods + extraPeriods;
  const end = Math.floor(now / every) * every;
  const windows = { from: end - count * alarm.periodSeconds * 1000, periodSeconds: alarm.periodSeconds, count, now };
  const watched = runQueries(store, alarm.queries, windows).get(alarm.watched);
  const points = watched instanceof Float64Array ? watched : new Float64Array(count).fill(Number.NaN);
  if (alarm.needsSamplesFor !== undefined && tooFewSamples(alarm.needsSamplesFor, store, points, windows)) {
    return { state: current, reason: () => 'Too few samples for the percentile: the state is maintained' };
  }
  const judged = Array.from(points, (value) =>
    Number.isNaN(value) ? undefined : alarm.breaches(value, alarm.threshold),
  );
  const state = evaluatePoints(judged, alarm.rule, current);
  return { state, reason: () => explain(alarm, points, judged) };
}

/** The newest point decides: p99 needs 10/(1-0.99) samples, p1 needs 10/0.01. */
// source: cloudwatch-low-sample-percentile
function tooFewSamples(
  metric: MetricReading,
  store: MetricStore,
  points: Points,
  windows: { readonly from: number; readonly now: number },
): boolean {
  const { percentile } = metric.statistic;
  if (percentile === undefined) return false;
  const newest = [...points].reduce((last, point, i) => (Number.isNaN(point) ? last : i), -1);
  if (newest < 0) return false;
  const from = windows.from + newest * metric.periodSeconds * 1000;
  const to = from + metric.periodSeconds * 1000;
  let samples = 0;
  for (const series of store.find(metric.metric, metric.unit))
    samples += series.read(from, to, windows.now).sampleCount;
  return samples < 10 / (percentile >= 0.5 ? 1 - percentile : percentile) - 1e-9;
}

function explain(alarm: MetricAlarm, points: Points, judged: readonly (boolean | undefined)[]): string {
  const { evaluationPeriods, datapointsToAlarm } = alarm.rule;
  const real = [...points].filter((point) => !Number.isNaN(point)).slice(-evaluationPeriods);
  const breaching = judged
    .filter((point) => point !== undefined)
    .slice(-evaluationPeriods)
    .filter((point) => point).length;
  const missing = evaluationPeriods - real.length;
  const values = real.map((value) => Number(value.toPrecision(6))).join(', ');
  return (
    `${breaching} of the last ${evaluationPeriods} data points [${values}] breach ${alarm.properties.ComparisonOperator} ` +
    `${alarm.threshold} (${datapointsToAlarm} make an alarm` +
    `${missing === 0 ? '' : `; ${missing} missing, treated as ${alarm.rule.treatMissingData}`})`
  );
}
