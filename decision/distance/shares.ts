import { chiSquareQuantile, chiSquareUpper } from '../special/gamma';

/** Two distributions over the same bins, each summing to 1. */
export interface TwoShares {
  readonly p: readonly number[];
  readonly q: readonly number[];
}

const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);

/** Counts as shares of their total, each count raised by `pseudocount`, so that an empty bin has no infinite logarithm. */
export function shares(counts: readonly number[], pseudocount = 0): number[] {
  const total = sum(counts) + pseudocount * counts.length;
  return counts.map((count) => (count + pseudocount) / total);
}

/** Population stability index of `actual` against `expected` shares: sum (q - p) ln(q / p). */
export function psi({
  expected,
  actual,
}: {
  readonly expected: readonly number[];
  readonly actual: readonly number[];
}) {
  return sum(expected.map((p, i) => (p === actual[i] ? 0 : (actual[i] - p) * Math.log(actual[i] / p))));
}

/** {@link psi} from counts, smoothed by `pseudocount` a bin. */
export function psiFromCounts({
  expected,
  actual,
  pseudocount,
}: {
  readonly expected: readonly number[];
  readonly actual: readonly number[];
  readonly pseudocount: number;
}): number {
  return psi({ expected: shares(expected, pseudocount), actual: shares(actual, pseudocount) });
}

/** The PSI that chance alone stays below with probability `q` (Yurdakul & Naranjo 2020, https://doi.org/10.21314/JRMV.2020.227). */
export function psiNullQuantile({
  bins,
  n,
  m,
  q,
}: {
  readonly bins: number;
  readonly n: number;
  readonly m: number;
  readonly q: number;
}): number {
  return (1 / n + 1 / m) * chiSquareQuantile({ p: q, df: bins - 1 });
}

/** Kullback-Leibler divergence of `p` from `q`, in nats. */
export function klDivergence({ p, q }: TwoShares): number {
  return sum(p.map((share, i) => (share === 0 ? 0 : share * Math.log(share / q[i]))));
}

/** Jensen-Shannon divergence: with base 2 it lies between 0 (equal) and 1 (disjoint). */
export function jensenShannonDivergence({ p, q, base = 2 }: TwoShares & { readonly base?: number }): number {
  const middle = p.map((share, i) => (share + q[i]) / 2);
  return (klDivergence({ p, q: middle }) + klDivergence({ p: q, q: middle })) / 2 / Math.log(base);
}

/** Square root of the divergence: a metric. */
export function jensenShannonDistance(inputs: TwoShares & { readonly base?: number }): number {
  return Math.sqrt(Math.max(0, jensenShannonDivergence(inputs)));
}

/** Half the sum of the differences: the largest difference that any set of bins can show. */
export function totalVariation({ p, q }: TwoShares): number {
  return sum(p.map((share, i) => Math.abs(share - q[i]))) / 2;
}

/** Chi-square test that two rows of counts share one distribution, with Cramer's V as the size of the difference. */
export function chiSquare2xK({ a, b }: { readonly a: readonly number[]; readonly b: readonly number[] }) {
  const [n, m] = [sum(a), sum(b)];
  let [chi2, used] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const both = a[i] + b[i];
    if (!(both > 0)) continue;
    used += 1;
    const [ea, eb] = [(both * n) / (n + m), (both * m) / (n + m)];
    chi2 += (a[i] - ea) ** 2 / ea + (b[i] - eb) ** 2 / eb;
  }
  const df = used - 1;
  return { chi2, p: df > 0 ? chiSquareUpper({ x: chi2, df }) : 1, df, cramersV: Math.sqrt(chi2 / (n + m)) };
}
