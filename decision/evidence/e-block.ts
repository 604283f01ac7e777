import { nullDifference, nullRatio } from '../intervals/null-point';

/** Which null hypothesis a block argues against: `harm` "no worse than tolerated", `safe` "at least that much worse". */
export type Side = 'harm' | 'safe';

/** The same for a ratio: the word behind it says on which side of the boundary the alternatives lie. */
export type RatioSide = 'harmLow' | 'harmHigh' | 'safeLow' | 'safeHigh';

/** A count of events times a log ratio, where no event is no evidence even when the ratio is infinite. */
function part(events: number, alternative: number, null0: number): number {
  return events === 0 ? 0 : events * Math.log(alternative / null0);
}

/** log of the likelihood ratio of two arms between an alternative and a point of the null. */
function logRatio(
  xb: number,
  nb: number,
  xa: number,
  na: number,
  b: number,
  a: number,
  b0: number,
  a0: number,
): number {
  return part(xb, b, b0) + part(nb - xb, 1 - b, 1 - b0) + part(xa, a, a0) + part(na - xa, 1 - a, 1 - a0);
}

/**
 * log e-value of one block against `thetaB - thetaA <= margin` (harm) or `>= margin` (safe), for the alternative
 * (altB, altA) (Turner, Ly & Grunwald 2024, https://arxiv.org/abs/2106.02693). E = prod (1 + u_i) prod (1 + v_j) with u, v
 * linear in the outcomes; the optimality of the null point gives nb u + na v <= 0 in expectation for every pair of
 * rates in the convex null, and the inequality of means gives E[E] <= 1. Rates may therefore drift within and between
 * blocks, blocks may be of any size, and outcomes may be any value in [0, 1]. No trial in one arm is no evidence.
 */
export function logEDifference(
  xb: number,
  nb: number,
  xa: number,
  na: number,
  altB: number,
  altA: number,
  margin: number,
  side: Side,
): number {
  const outside = side === 'harm' ? altB - altA > margin : altB - altA < margin;
  if (!(nb > 0 && na > 0 && outside)) return 0;
  const b0 = nullDifference(altB, nb, altA, na, margin);
  return logRatio(xb, nb, xa, na, altB, altA, b0, Math.max(1e-12, b0 - margin));
}

/** The same against `thetaB >= ratio thetaA` (harmLow, safeLow) or `<=` (harmHigh, safeHigh). */
export function logERatio(
  xb: number,
  nb: number,
  xa: number,
  na: number,
  altB: number,
  altA: number,
  ratio: number,
  side: RatioSide,
): number {
  const low = side === 'harmLow' || side === 'safeLow';
  const outside = low ? altB < ratio * altA : altB > ratio * altA;
  if (!(nb > 0 && na > 0 && outside)) return 0;
  const a0 = nullRatio(altB, nb, altA, na, ratio);
  return logRatio(xb, nb, xa, na, altB, altA, ratio * a0, a0);
}

/** One block of both arms: errors and requests of challenger (b) and champion (a). */
export interface Block {
  readonly xb: number;
  readonly nb: number;
  readonly xa: number;
  readonly na: number;
}

/** {@link logEDifference} with named inputs. */
export function logEBlock({
  xb,
  nb,
  xa,
  na,
  altB,
  altA,
  margin,
  side,
}: Block & { readonly altB: number; readonly altA: number; readonly margin: number; readonly side: Side }): number {
  return logEDifference(xb, nb, xa, na, altB, altA, margin, side);
}

/** {@link logERatio} with named inputs. */
export function logEBlockRatio({
  xb,
  nb,
  xa,
  na,
  altB,
  altA,
  ratio,
  side,
}: Block & { readonly altB: number; readonly altA: number; readonly ratio: number; readonly side: RatioSide }): number {
  return logERatio(xb, nb, xa, na, altB, altA, ratio, side);
}
