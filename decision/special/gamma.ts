import { bisect } from './root';

const HALF_LN_2PI = Math.log(2 * Math.PI) / 2;

/** Stirling's remainder: ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi)/2), for x >= 10 (https://dlmf.nist.gov/5.11.E1). */
export function stirlingRemainder(x: number): number {
  const s = 1 / (x * x);
  const series = 1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - (s * 691) / 360360))));
  return series / x;
}

/** ln Gamma(x) for x > 0; NaN elsewhere. */
export function logGamma({ x }: { readonly x: number }): number {
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  // Below 10 the recurrence Gamma(x + 1) = x Gamma(x) leads to where Stirling's series holds.
  let shift = 1;
  let y = x;
  while (y < 10) {
    shift *= y;
    y += 1;
  }
  return (y - 0.5) * Math.log(y) - y + HALF_LN_2PI + stirlingRemainder(y) - Math.log(shift);
}

/** x^a exp(-x) / Gamma(a), without overflow or cancellation for large a. */
function density(a: number, x: number): number {
  if (a < 10) return Math.exp(a * Math.log(x) - x - logGamma({ x: a }));
  const ratio = (x - a) / a;
  return Math.exp(a * (Math.log1p(ratio) - ratio) - HALF_LN_2PI + Math.log(a) / 2 - stirlingRemainder(a));
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * 1e-17 && n < 1e6; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return density(a, x) * sum;
}

function upperFraction(a: number, x: number): number {
  // Modified Lentz on https://dlmf.nist.gov/8.9.E2
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 1e6; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / nonzero(an * d + b);
    c = nonzero(b + an / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return density(a, x) * h;
}

/** Keeps Lentz's recurrences from dividing by 0. */
export function nonzero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** P(X <= x) of a gamma variable of shape a and scale 1: the regularized lower incomplete gamma function. */
export function regularizedGammaP({ a, x }: { readonly a: number; readonly x: number }): number {
  if (!(a > 0 && x >= 0)) return Number.NaN;
  if (x === 0) return 0;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

/** P(X > x) of a gamma variable of shape a and scale 1, accurate in the far tail. */
export function regularizedGammaQ({ a, x }: { readonly a: number; readonly x: number }): number {
  if (!(a > 0 && x >= 0)) return Number.NaN;
  if (x === 0) return 1;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

/** P(X > x) of a chi-square variable with `df` degrees of freedom. */
export function chiSquareUpper({ x, df }: { readonly x: number; readonly df: number }): number {
  return regularizedGammaQ({ a: df / 2, x: x / 2 });
}

/** The x with P(X <= x) = p of a chi-square variable with `df` degrees of freedom. */
export function chiSquareQuantile({ p, df }: { readonly p: number; readonly df: number }): number {
  if (!(p >= 0 && p < 1 && df > 0)) return Number.NaN;
  let high = df + 10;
  while (regularizedGammaP({ a: df / 2, x: high / 2 }) < p) high *= 2;
  return bisect((x) => regularizedGammaP({ a: df / 2, x: x / 2 }) - p, 0, high);
}
