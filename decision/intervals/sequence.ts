import { logBeta } from '../special/beta';
import { bisect } from '../special/root';

/**
 * log of a Beta-binomial mixture martingale against "the rate is p", tuned to be sharpest after `tOpt` trials (Howard,
 * Ramdas, McAuliffe & Sekhon 2021, https://arxiv.org/abs/1810.08240, proposition 7).
 */
function logMixture(x: number, n: number, p: number, tOpt: number, alphaOpt: number): number {
  const log = 2 * Math.log(1 / alphaOpt);
  const spread = p * (1 - p);
  const r = Math.max((tOpt * spread) / (log + Math.log1p(log)) - spread, spread / 1000);
  const [a, b] = [r / (1 - p), r / p];
  return logBeta({ a: a + x, b: b + n - x }) - logBeta({ a, b }) - x * Math.log(p) - (n - x) * Math.log1p(-p);
}

/** Interval for one rate that holds at every look at once: all rates that the mixture has not yet excluded. */
export function bernoulliConfidenceSequence({
  successes: x,
  trials: n,
  alpha,
  tOpt,
  alphaOpt = alpha,
}: {
  readonly successes: number;
  readonly trials: number;
  readonly alpha: number;
  readonly tOpt: number;
  /** @default - alpha */
  readonly alphaOpt?: number;
}): [number, number] {
  if (!(n > 0)) return [0, 1];
  const excess = (p: number) => logMixture(x, n, p, tOpt, alphaOpt) - Math.log(1 / alpha);
  const seen = Math.min(1 - 1e-12, Math.max(1e-12, x / n));
  return [x <= 0 ? 0 : bisect(excess, 1e-12, seen), x >= n ? 1 : bisect(excess, seen, 1 - 1e-12)];
}
