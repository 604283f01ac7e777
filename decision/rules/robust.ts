import { asymptoticCsRadius, clusterMean } from '../evidence/asymptotic';

/** Fewer batches than this carry no verdict: the interval is asymptotic. */
export const leastBatches = 20;

/** Batch lengths that are tried, in periods. */
const lengths: readonly number[] = [1, 5, 10, 30];

/** A cluster-robust interval for a mean contrast, and how the periods were batched for it. */
export interface RobustInterval {
  /** Weighted mean of the contrast. */
  readonly mean: number;
  /** Half-widths of the one-sided bounds at the alphas asked for. */
  readonly radius: readonly number[];
  readonly batches: number;
  /** Periods in a batch. */
  readonly batchPeriods: number;
  /** Correlation of one batch with the next; NaN where no batch has a neighbour or none differs from another. */
  readonly autocorrelation: number;
  /** False: too few batches, or even the longest batches are correlated, so that the interval must not be believed. */
  readonly sound: boolean;
}

/** Arms of the contrast `yb - c ya`, as sums and counts a period. */
export interface Contrast {
  readonly sumB: ArrayLike<number>;
  readonly countB: ArrayLike<number>;
  readonly sumA: ArrayLike<number>;
  readonly countA: ArrayLike<number>;
  readonly c: number;
}

/**
 * Asymptotic confidence sequence for a contrast of means, paired by period, whose variance is measured between batches
 * of periods. The shortest batches whose neighbours correlate below 0.1 are taken (1, 5, 10 or 30 periods).
 */
export function robustInterval(contrast: Contrast, alphas: readonly number[], planned: number): RobustInterval {
  let best: RobustInterval | undefined;
  for (const batchPeriods of lengths) {
    const { values, weights } = batch(contrast, batchPeriods);
    const { mean, sigma2, n } = clusterMean(values, weights);
    if (best !== undefined && n < leastBatches) break;
    const autocorrelation = lagOne(values, weights, mean);
    // Narrowest at a sixth of the horizon, when a verdict is wanted, but never before the interval may be used.
    const tOpt = Math.max(leastBatches, planned / 6 / batchPeriods);
    const radius = alphas.map((alpha) =>
      n >= 2
        ? asymptoticCsRadius({ sigma: Math.sqrt(sigma2), t: n, tOpt, alpha, sided: 1 }).radius
        : Number.POSITIVE_INFINITY,
    );
    // Contrasts that do not vary, or have no neighbours, have no correlation: NaN is not below anything.
    const sound = n >= leastBatches && autocorrelation < 0.1;
    best = { mean, radius, batches: n, batchPeriods, autocorrelation, sound };
    if (sound) break;
  }
  return best as RobustInterval;
}

function batch({ sumB, countB, sumA, countA, c }: Contrast, length: number) {
  const whole = Math.floor(sumB.length / length);
  const values = new Float64Array(whole);
  const weights = new Float64Array(whole);
  for (const i of values.keys()) {
    let [sb, nb, sa, na] = [0, 0, 0, 0];
    for (let j = i * length; j < (i + 1) * length; j++) {
      // A period with one arm only would compare different minutes.
      if (!(countB[j] > 0 && countA[j] > 0)) continue;
      sb += sumB[j];
      nb += countB[j];
      sa += sumA[j];
      na += countA[j];
    }
    values[i] = sb / nb - (c * sa) / na;
    // An empty batch has no weight.
    weights[i] = 1 / (1 / nb + (c * c) / na);
  }
  return { values, weights };
}

/** Correlation of neighbours; pairs with an empty batch between them are left out. */
function lagOne(values: Float64Array, weights: Float64Array, mean: number): number {
  let [product, square, pairs, n] = [0, 0, 0, 0];
  for (const i of values.keys()) {
    if (!(weights[i] > 0)) continue;
    const d = values[i] - mean;
    square += d * d;
    n += 1;
    if (!(weights[i - 1] > 0)) continue;
    product += d * (values[i - 1] - mean);
    pairs += 1;
  }
  return product / pairs / (square / n);
}
