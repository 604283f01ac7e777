import { binomialPmf } from '../special/binomial';
import { logEDifference, logERatio, type RatioSide, type Side } from './e-block';

/** E[E] of a block at rates (b, a), by enumeration of every outcome. */
function expectation(nb: number, na: number, b: number, a: number, logE: (xb: number, xa: number) => number): number {
  let sum = 0;
  for (let xb = 0; xb <= nb; xb++) {
    for (let xa = 0; xa <= na; xa++) {
      sum += binomialPmf({ k: xb, n: nb, p: b }) * binomialPmf({ k: xa, n: na, p: a }) * Math.exp(logE(xb, xa));
    }
  }
  return sum;
}

/** What both certificates need: block sizes, the alternative, and how many points of the boundary to try. */
export interface CertificateInputs {
  readonly na: number;
  readonly nb: number;
  readonly altB: number;
  readonly altA: number;
  readonly grid: number;
}

/**
 * The largest expectation of a block's e-value on the null boundary, by exact enumeration: at most 1, which is all that
 * the guarantee of the rules rests on.
 */
export function eBlockMaxExpectationOnNullBoundary({
  na,
  nb,
  altB,
  altA,
  grid,
  margin,
  side,
}: CertificateInputs & { readonly margin: number; readonly side: Side }): number {
  const low = Math.max(0, -margin);
  const high = Math.min(1, 1 - margin);
  return largest(grid, low, high, (a) =>
    expectation(nb, na, a + margin, a, (xb, xa) => logEDifference(xb, nb, xa, na, altB, altA, margin, side)),
  );
}

/** The same on the boundary `thetaB = ratio thetaA`. */
export function eBlockRatioMaxExpectationOnNullBoundary({
  na,
  nb,
  altB,
  altA,
  grid,
  ratio,
  side,
}: CertificateInputs & { readonly ratio: number; readonly side: RatioSide }): number {
  return largest(grid, 0, Math.min(1, 1 / ratio), (a) =>
    expectation(nb, na, ratio * a, a, (xb, xa) => logERatio(xb, nb, xa, na, altB, altA, ratio, side)),
  );
}

function largest(points: number, low: number, high: number, f: (a: number) => number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < points; i++) top = Math.max(top, f(low + ((high - low) * i) / (points - 1)));
  return top;
}
