import { normalQuantile } from '../special/normal';
import { studentTUpper } from '../special/student';

/** Values of the challenger (b) and of the champion (a). */
export interface TwoSamples {
  readonly b: readonly number[];
  readonly a: readonly number[];
}

/** Mean and variance of the mean. */
function moments(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) / values.length };
}

/** Welch's t-test of equal means, two-sided. */
export function welchT({ b, a }: TwoSamples) {
  const [mb, ma] = [moments(b), moments(a)];
  const variance = mb.variance + ma.variance;
  const t = (mb.mean - ma.mean) / Math.sqrt(variance);
  const df = variance ** 2 / (mb.variance ** 2 / (b.length - 1) + ma.variance ** 2 / (a.length - 1));
  return { t, df, p2: 2 * studentTUpper({ t: Math.abs(t), df }) };
}

/** Ratio of two means with its delta-method intervals, on the log scale and on the plain one: for display only. */
export function deltaMethodRatioCi({ b, a, conf }: TwoSamples & { readonly conf: number }) {
  const [mb, ma] = [moments(b), moments(a)];
  const ratio = mb.mean / ma.mean;
  const relative = Math.sqrt(mb.variance / mb.mean ** 2 + ma.variance / ma.mean ** 2);
  const se = Math.abs(ratio) * relative;
  const z = normalQuantile({ p: (1 + conf) / 2 });
  return {
    ratio,
    se,
    logCi: [ratio * Math.exp(-z * relative), ratio * Math.exp(z * relative)],
    linCi: [ratio - z * se, ratio + z * se],
  };
}

/** Share of the variance that is left after adjusting for a covariate of correlation `rho` (CUPED). */
export function cupedVarianceFactor({ rho }: { readonly rho: number }): number {
  return 1 - rho * rho;
}
