import { betaQuantile, regularizedIncompleteBeta } from './beta';

/** P(T > t) for t >= 0 of Student's distribution with `df` degrees of freedom, accurate in the tail. */
export function studentTUpper({ t, df }: { readonly t: number; readonly df: number }): number {
  if (t < 0) return 1 - studentTUpper({ t: -t, df });
  return regularizedIncompleteBeta({ x: df / (df + t * t), a: df / 2, b: 0.5 }) / 2;
}

/** P(T <= t) of Student's distribution. */
export function studentTCdf({ t, df }: { readonly t: number; readonly df: number }): number {
  return t < 0 ? studentTUpper({ t: -t, df }) : 1 - studentTUpper({ t, df });
}

/** The t with P(T <= t) = p. Both halves of the incomplete beta are used, so that neither tail nor centre cancels. */
export function studentTQuantile({ p, df }: { readonly p: number; readonly df: number }): number {
  if (!(p >= 0 && p <= 1 && df > 0)) return Number.NaN;
  if (p > 0.5) return -studentTQuantile({ p: 1 - p, df });
  if (p < 0.25) {
    const x = betaQuantile({ p: 2 * p, a: df / 2, b: 0.5 });
    return -Math.sqrt((df * (1 - x)) / x);
  }
  const y = betaQuantile({ p: 1 - 2 * p, a: 0.5, b: df / 2 });
  return -Math.sqrt((df * y) / (1 - y));
}
