import { nullDifference } from '../intervals/null-point';
import { normalCdf, normalQuantile } from '../special/normal';
import { bisect } from '../special/root';

/** Level and power of a test with one look. */
export interface Design {
  readonly alpha: number;
  readonly power: number;
}

const z = (p: number) => normalQuantile({ p });
const zSum = ({ alpha, power }: Design) => z(1 - alpha) + z(power);

/**
 * Challenger requests for Farrington and Manning's test to show non-inferiority, with the variance of the null at the
 * restricted estimate (https://doi.org/10.1002/sim.4780091208). The textbook formula is a fifth too small for rare errors.
 */
export function farringtonManningSampleSize({
  pB,
  pA,
  margin,
  ratioChampionPerChallenger: k,
  ...design
}: Design & {
  readonly pB: number;
  readonly pA: number;
  readonly margin: number;
  readonly ratioChampionPerChallenger: number;
}): number {
  const b0 = nullDifference(pB, 1, pA, k, margin);
  const variance = (b: number, a: number) => b * (1 - b) + (a * (1 - a)) / k;
  const spread =
    z(1 - design.alpha) * Math.sqrt(variance(b0, b0 - margin)) + z(design.power) * Math.sqrt(variance(pB, pA));
  return (spread / (margin - (pB - pA))) ** 2;
}

/** The textbook's number of challenger requests, both rates equal to `p`: for comparison. */
export function nonInferiorityCanaryN({
  p,
  margin,
  ratioChampionPerChallenger: k,
  ...design
}: Design & { readonly p: number; readonly margin: number; readonly ratioChampionPerChallenger: number }): number {
  return (zSum(design) ** 2 * (p * (1 - p) + (p * (1 - p)) / k)) / (margin * margin);
}

/** Challenger requests to show a mean within `margin` of the champion's, for a coefficient of variation `cv` a request. */
export function ratioNonInferiorityCanaryN({
  cv,
  margin,
  ratioChampionPerChallenger: k,
  ...design
}: Design & { readonly cv: number; readonly margin: number; readonly ratioChampionPerChallenger: number }): number {
  return (zSum(design) ** 2 * cv * cv * (1 + (1 - margin) ** 2 / k)) / (margin * margin);
}

/** Requests in each of two equal groups to tell `p1` from `p2`. */
export function powerPropTestN({
  p1,
  p2,
  alternative,
  ...design
}: Design & { readonly p1: number; readonly p2: number; readonly alternative: 'two.sided' | 'one.sided' }): number {
  const alpha = alternative === 'two.sided' ? design.alpha / 2 : design.alpha;
  const pooled = (p1 + p2) * (1 - (p1 + p2) / 2);
  const spread = z(1 - alpha) * Math.sqrt(pooled) + z(design.power) * Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2));
  return (spread / (p1 - p2)) ** 2;
}

/** Challenger requests of a z-test for a standardised effect, with `ratio` champion requests for each. */
export function normalIndPowerN({
  effect,
  ratio,
  alternative,
  ...design
}: Design & {
  readonly effect: number;
  readonly ratio: number;
  readonly alternative: 'larger' | 'smaller' | 'two-sided';
}): number {
  const size = Math.abs(effect) / Math.sqrt(1 + 1 / ratio);
  if (alternative !== 'two-sided') return (zSum(design) / size) ** 2;
  const limit = z(1 - design.alpha / 2);
  const power = (n: number) => {
    const shift = size * Math.sqrt(n);
    return normalCdf({ z: shift - limit }) + normalCdf({ z: -shift - limit });
  };
  return bisect(
    (n) => power(n) - design.power,
    1e-9,
    4 * (zSum({ ...design, alpha: design.alpha / 2 }) / size) ** 2 + 10,
  );
}
