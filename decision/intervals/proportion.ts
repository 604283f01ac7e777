import { betaQuantile } from '../special/beta';
import { binomialUpper } from '../special/binomial';
import { normalQuantile } from '../special/normal';

/** Events among trials. */
export interface Proportion {
  readonly x: number;
  readonly n: number;
}

/** Wilson's score interval for one proportion (https://doi.org/10.1080/01621459.1927.10502953). */
export function wilsonCi({ x, n, conf }: Proportion & { readonly conf: number }): [number, number] {
  const z = normalQuantile({ p: (1 + conf) / 2 });
  const p = x / n;
  const centre = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return [Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale)];
}

/** Clopper and Pearson's exact two-sided interval (https://doi.org/10.1093/biomet/26.4.404). */
export function clopperPearsonCi({ x, n, conf }: Proportion & { readonly conf: number }): [number, number] {
  const tail = (1 - conf) / 2;
  return [
    x <= 0 ? 0 : betaQuantile({ p: tail, a: x, b: n - x + 1 }),
    x >= n ? 1 : betaQuantile({ p: 1 - tail, a: x + 1, b: n - x }),
  ];
}

/** One-sided exact upper bound for the share of disagreements: Clopper and Pearson's, at level 1 - alpha. */
export function disagreementUpper({
  disagree,
  n,
  alpha,
}: {
  readonly disagree: number;
  readonly n: number;
  readonly alpha: number;
}): number {
  return disagree >= n ? 1 : betaQuantile({ p: 1 - alpha, a: disagree + 1, b: n - disagree });
}

/** One-sided exact lower bound, the mirror of {@link disagreementUpper}. */
export function disagreementLower({
  disagree,
  n,
  alpha,
}: {
  readonly disagree: number;
  readonly n: number;
  readonly alpha: number;
}): number {
  return disagree <= 0 ? 0 : betaQuantile({ p: alpha, a: disagree, b: n - disagree + 1 });
}

/** Largest rate that zero events in `n` trials do not exclude: 1 - alpha^(1/n), about 3/n at 95 %. */
export function zeroEventsUpper({ n, alpha }: { readonly n: number; readonly alpha: number }): number {
  return -Math.expm1(Math.log(alpha) / n);
}

/** Trials without an event that prove a rate of at most `pMax` with confidence `conf`. */
export function zeroFailureSampleSize({ pMax, conf }: { readonly pMax: number; readonly conf: number }): number {
  return Math.ceil(Math.log(1 - conf) / Math.log1p(-pMax));
}

/** P(at least `exceed` of `n` are slower than the limit) when the true share is `p0`. */
export function exceedanceExactP({
  exceed,
  n,
  p0,
}: {
  readonly exceed: number;
  readonly n: number;
  readonly p0: number;
}): number {
  return binomialUpper({ k: exceed, n, p: p0 });
}
