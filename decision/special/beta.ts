import { logGamma, nonzero, stirlingRemainder } from './gamma';

/** ln B(a, b) for a, b > 0; by differences of Stirling remainders where ln Gamma itself would cancel. */
export function logBeta({ a, b }: { readonly a: number; readonly b: number }): number {
  if (!(a > 0 && b > 0)) return Number.NaN;
  const p = Math.min(a, b);
  const q = Math.max(a, b);
  if (q < 10) return logGamma({ x: p }) + logGamma({ x: q }) - logGamma({ x: p + q });
  const tail = stirlingRemainder(q) - stirlingRemainder(p + q);
  const share = Math.log1p(-p / (p + q));
  if (p < 10) return logGamma({ x: p }) + tail + p - p * Math.log(p + q) + (q - 0.5) * share;
  const small = stirlingRemainder(p) + (p - 0.5) * Math.log(p / (p + q));
  return Math.log(2 * Math.PI) / 2 - Math.log(q) / 2 + small + tail + q * share;
}

/** Lentz's evaluation of the continued fraction https://dlmf.nist.gov/8.17.E22. */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonzero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 1e6; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonzero(1 + even * d);
    c = nonzero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonzero(1 + odd * d);
    c = nonzero(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return h;
}

/** I_x(a, b): P(X <= x) of a Beta(a, b) variable. Relative error about 1e-12. */
export function regularizedIncompleteBeta({ x, a, b }: { readonly x: number; readonly a: number; readonly b: number }) {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) return Number.NaN;
  if (x === 0 || x === 1) return x;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta({ a, b }));
  if (x < (a + 1) / (a + b + 2)) return (front * fraction(x, a, b)) / a;
  return 1 - (front * fraction(1 - x, b, a)) / b;
}

/** The x with I_x(a, b) = p, by Newton steps inside a shrinking bracket. */
export function betaQuantile({ p, a, b }: { readonly p: number; readonly a: number; readonly b: number }): number {
  if (!(a > 0 && b > 0 && p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return p;
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  const norm = logBeta({ a, b });
  for (let i = 0; i < 2000; i++) {
    const error = regularizedIncompleteBeta({ x, a, b }) - p;
    if (error === 0) return x;
    if (error > 0) high = x;
    else low = x;
    const slope = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - norm);
    let next = x - error / slope;
    // Outside the bracket: halve it, in the exponent when it reaches down to 0.
    if (!(next > low && next < high)) next = low > 0 ? low + (high - low) / 2 : high / 16;
    if (Math.abs(next - x) <= 1e-16 * x) return next;
    x = next;
  }
  return x;
}
