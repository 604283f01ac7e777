import { regularizedIncompleteBeta } from './beta';
import { logGamma } from './gamma';

/** ln of the number of ways to choose k of n. */
export function logChoose(n: number, k: number): number {
  return logGamma({ x: n + 1 }) - logGamma({ x: k + 1 }) - logGamma({ x: n - k + 1 });
}

/** P(X = k) of a Binomial(n, p) variable. */
export function binomialPmf({ k, n, p }: { readonly k: number; readonly n: number; readonly p: number }): number {
  if (!(k >= 0 && k <= n)) return 0;
  if (p <= 0) return k === 0 ? 1 : 0;
  if (p >= 1) return k === n ? 1 : 0;
  return Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

/** P(X <= k) of a Binomial(n, p) variable. */
export function binomialCdf({ k, n, p }: { readonly k: number; readonly n: number; readonly p: number }): number {
  const whole = Math.floor(k);
  if (whole < 0) return 0;
  if (whole >= n) return 1;
  return regularizedIncompleteBeta({ x: 1 - p, a: n - whole, b: whole + 1 });
}

/** P(X >= k) of a Binomial(n, p) variable, accurate in the upper tail. */
export function binomialUpper({ k, n, p }: { readonly k: number; readonly n: number; readonly p: number }): number {
  const whole = Math.ceil(k);
  if (whole <= 0) return 1;
  if (whole > n) return 0;
  return regularizedIncompleteBeta({ x: p, a: whole, b: n - whole + 1 });
}
