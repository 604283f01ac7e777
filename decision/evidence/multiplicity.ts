/** How p-values are adjusted for their number. */
export type Adjustment =
  | 'holm'
  | 'hochberg'
  | 'bonferroni'
  | 'benjaminiHochberg'
  | 'benjaminiYekutieli'
  | 'sidak'
  | 'holmSidak'
  | 'none';

/**
 * p-values adjusted for their number, in the order given. Holm, Hochberg, Bonferroni and Sidak bound the chance of any
 * false claim, Benjamini-Hochberg and Benjamini-Yekutieli the share of false claims.
 */
export function adjustP({ p, method }: { readonly p: readonly number[]; readonly method: Adjustment }): number[] {
  const m = p.length;
  const order = p.map((_, i) => i).sort((i, j) => p[i] - p[j]);
  const harmonic = p.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
  const sidak = (value: number, tests: number) => -Math.expm1(tests * Math.log1p(-value));
  const scaled: Record<Adjustment, (value: number, rank: number) => number> = {
    none: (value) => value,
    bonferroni: (value) => value * m,
    sidak: (value) => sidak(value, m),
    holm: (value, rank) => value * (m - rank),
    holmSidak: (value, rank) => sidak(value, m - rank),
    hochberg: (value, rank) => value * (m - rank),
    benjaminiHochberg: (value, rank) => (value * m) / (rank + 1),
    benjaminiYekutieli: (value, rank) => (value * m * harmonic) / (rank + 1),
  };
  const raw = order.map((i, rank) => Math.min(1, scaled[method](p[i], rank)));
  // Going down from the smallest, Holm's values must not fall; going up from the largest, those of the others must not rise.
  let top = 0;
  if (method === 'holm' || method === 'holmSidak')
    raw.forEach((value, rank) => {
      top = Math.max(top, value);
      raw[rank] = top;
    });
  for (let rank = m - 2; rank >= 0; rank--) raw[rank] = Math.min(raw[rank], raw[rank + 1]);
  const adjusted: number[] = [];
  order.forEach((i, rank) => {
    adjusted[i] = raw[rank];
  });
  return adjusted;
}

/** Simes' p-value of the claim that no hypothesis is false. */
export function simesP({ p }: { readonly p: readonly number[] }): number {
  const sorted = [...p].sort((x, y) => x - y);
  return Math.min(1, ...sorted.map((value, rank) => (value * p.length) / (rank + 1)));
}

/** Indices that e-BH rejects at level `alpha`, under any dependence (Wang & Ramdas 2022, https://arxiv.org/abs/2009.02824). */
export function eBenjaminiHochberg({ e, alpha }: { readonly e: readonly number[]; readonly alpha: number }): number[] {
  const order = e.map((_, i) => i).sort((i, j) => e[j] - e[i]);
  let count = 0;
  order.forEach((i, rank) => {
    if (e[i] >= e.length / (alpha * (rank + 1))) count = rank + 1;
  });
  return order.slice(0, count).sort((i, j) => i - j);
}
