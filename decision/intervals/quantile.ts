import { binomialCdf } from '../special/binomial';

/** Smallest k with P(X <= k) >= p for a Binomial(n, share). */
function binomialQuantile(p: number, n: number, share: number): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binomialCdf({ k: middle, n, p: share }) >= p) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Ranks (from 1) of the order statistics that enclose the `p` quantile with confidence `conf`, and the exact coverage. An
 * upper rank of n + 1 stands for infinity: there are too few samples for an upper bound.
 */
export function quantileOrderStatCi({ n, p, conf }: { readonly n: number; readonly p: number; readonly conf: number }) {
  const lower = binomialQuantile((1 - conf) / 2, n, p);
  const upper = binomialQuantile((1 + conf) / 2, n, p) + 1;
  const coverage = binomialCdf({ k: upper - 1, n, p }) - binomialCdf({ k: lower - 1, n, p });
  return { lower, upper, coverage };
}

/** Samples from which on a `p` quantile has an upper bound at level 1 - alpha at all: 299 for a p99 at 95 %. */
export function minSamplesForQuantileUpperBound({ p, alpha }: { readonly p: number; readonly alpha: number }): number {
  return Math.ceil(Math.log(alpha) / Math.log(p));
}

/**
 * Half-width, in probability, of a confidence sequence for quantiles that is valid at all times and for all quantiles
 * at once (Howard & Ramdas 2022, https://arxiv.org/abs/1906.09712).
 */
export function howardRamdasQuantileHalfWidth({
  t,
  p,
  alpha,
}: {
  readonly t: number;
  readonly p: number;
  readonly alpha: number;
}) {
  const l = (1.4 * Math.log(Math.log(2.1 * t)) + Math.log(10 / alpha)) / t;
  return { l, f: 1.5 * Math.sqrt(p * (1 - p) * l) + 0.8 * l };
}
