import { lambertWm1 } from '../special/root';

/**
 * The mixture variance (rho squared) that makes a confidence sequence narrowest at `tOpt` observations
 * (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, https://arxiv.org/abs/2103.06476): `approx` is its eq. 161,
 * `exact` the branch of Lambert's function behind it. A one-sided sequence takes it at twice its alpha.
 */
export function mixtureVariance(tOpt: number, alpha: number, rule: 'approx' | 'exact' = 'approx'): number {
  if (rule === 'exact') return (-lambertWm1(-(alpha * alpha) / Math.E) - 1) / tOpt;
  const log = -2 * Math.log(alpha);
  return (log + Math.log(log + 1)) / tOpt;
}

/** Inputs of {@link asymptoticCsRadius}. */
export interface RadiusInputs {
  /** Standard deviation of one observation. */
  readonly sigma: number;
  /** Observations so far. */
  readonly t: number;
  /** Observations at which the sequence shall be narrowest. */
  readonly tOpt: number;
  readonly alpha: number;
  /** 1: a bound on one side; 2: an interval. */
  readonly sided: number;
  /** @default 'approx' */
  readonly rhoRule?: 'approx' | 'exact';
}

/** Half-width at `t` of an asymptotic confidence sequence for a mean: valid at all times at once, for large t. */
export function asymptoticCsRadius({ sigma, t, tOpt, alpha, sided, rhoRule = 'approx' }: RadiusInputs) {
  const rho2 = mixtureVariance(tOpt, sided === 1 ? 2 * alpha : alpha, rhoRule);
  const grown = t * rho2 + 1;
  const log = sided === 1 ? Math.log1p(Math.sqrt(grown) / (2 * alpha)) : Math.log(Math.sqrt(grown) / alpha);
  return { rho2, radius: sigma * Math.sqrt(((2 * grown) / (t * t * rho2)) * log) };
}

/** A weighted mean of contrasts with its variance, measured between the periods, so that clusters are counted once. */
export interface ClusterMean {
  readonly mean: number;
  /** Variance of one average observation. */
  readonly sigma2: number;
  readonly n: number;
}

/** Weighted mean and cluster-robust variance of `values`; entries of weight 0 count for nothing. */
export function clusterMean(values: ArrayLike<number>, weights: ArrayLike<number>): ClusterMean {
  let [n, w, wy] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    if (!(weights[i] > 0)) continue;
    n += 1;
    w += weights[i];
    wy += weights[i] * values[i];
  }
  const mean = wy / w;
  let spread = 0;
  for (let i = 0; i < values.length; i++) {
    if (weights[i] > 0) spread += weights[i] * (values[i] - mean) ** 2;
  }
  return { mean, sigma2: ((spread / (n - 1)) * n) / w, n };
}

/** One-sided confidence sequence for `mean(yB) - (1 - margin) mean(yA)`, paired by period. */
export function pairedContrastAsympCs({
  yB,
  yA,
  nB,
  nA,
  margin,
  alpha,
  tOpt,
}: {
  readonly yB: readonly number[];
  readonly yA: readonly number[];
  readonly nB: readonly number[];
  readonly nA: readonly number[];
  readonly margin: number;
  readonly alpha: number;
  readonly tOpt: number;
}) {
  const c = 1 - margin;
  const values = yB.map((y, i) => y - c * yA[i]);
  const { mean, sigma2, n } = clusterMean(
    values,
    nB.map((b, i) => 1 / (1 / b + (c * c) / nA[i])),
  );
  const { rho2, radius } = asymptoticCsRadius({ sigma: Math.sqrt(sigma2), t: n, tOpt, alpha, sided: 1 });
  return { mean, sigma2, rho2, radius, lcb: mean - radius, ucb: mean + radius };
}
