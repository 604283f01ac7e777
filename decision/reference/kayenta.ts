import { normalQuantile } from '../special/normal';
import { type Samples, shiftedZ, sorted } from './mann-whitney';
import { zeroin } from './zeroin';

/** Kayenta's root finder stops this near to a root, whatever the scale of the metric. */
const rootTolerance = 1e-4;

/**
 * The location shift of the experiment (x) over the control (y) with its interval, as Kayenta's Mann-Whitney judge
 * computes it: roots of the normal approximation, found to 1e-4 whatever the scale. For comparison only.
 */
export function kayentaMannWhitney({ x, y, conf }: Samples & { readonly conf: number }) {
  const tail = (1 - conf) / 2;
  const samples = sorted({ x, y });
  const low = samples.x[0] - samples.y[samples.y.length - 1];
  const high = samples.x[samples.x.length - 1] - samples.y[0];
  const root = (quantile: number) => {
    const f = (shift: number) => shiftedZ(samples, shift, quantile);
    if (f(low) <= 0) return low;
    return f(high) >= 0 ? high : zeroin(f, low, high, rootTolerance);
  };
  const z = normalQuantile({ p: 1 - tail });
  return { lower: root(z), upper: root(-z), estimate: root(0) };
}

/** Kayenta's word on one metric where an increase is bad: `High` when the interval lies clear of a quarter of the shift. */
export function kayentaLabel({ x, y }: Samples): 'Pass' | 'High' | 'Nodata' {
  if (x.length === 0 || y.length === 0) return 'Nodata';
  const { lower, estimate } = kayentaMannWhitney({ x, y, conf: 0.98 });
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const ratio = mean(y) === 0 ? (mean(x) === 0 ? 1 : Number.POSITIVE_INFINITY) : mean(x) / mean(y);
  return lower > 0.25 * Math.abs(estimate) && ratio >= 1 ? 'High' : 'Pass';
}

/** One classified metric. */
export interface KayentaMetric {
  readonly group: string;
  readonly label: string;
  /** @default false */
  readonly critical?: boolean;
}

/** Kayenta's score: passes over judged metrics in each group, weighted; 0 when half the metrics have no data. */
export function kayentaScore({
  groupWeights,
  metrics,
}: {
  readonly groupWeights: Readonly<Record<string, number>>;
  readonly metrics: readonly KayentaMetric[];
}) {
  const groups = [...new Set(metrics.map(({ group }) => group))];
  const groupScores: Record<string, number> = {};
  for (const group of groups) {
    const judged = metrics.filter((metric) => metric.group === group && metric.label !== 'Nodata');
    const passed = judged.filter(({ label }) => label === 'Pass').length;
    groupScores[group] = judged.length === 0 ? 100 : (100 * passed) / judged.length;
  }
  const given = groups.reduce((sum, group) => sum + (groupWeights[group] ?? 0), 0);
  const open = groups.filter((group) => groupWeights[group] === undefined).length;
  const weight = (group: string) => groupWeights[group] ?? (100 - given) / open;
  const silent = metrics.filter(({ label }) => label === 'Nodata').length;
  const critical = metrics.some((metric) => metric.critical === true && metric.label !== 'Pass');
  const sum = groups.reduce((total, group) => total + (groupScores[group] * weight(group)) / 100, 0);
  return { groupScores, score: critical || silent >= metrics.length / 2 ? 0 : Math.round(sum * 100) / 100 };
}
