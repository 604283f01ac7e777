/** Two samples: the experiment's (x) and the control's (y). */
export interface Samples {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Both samples in order: a shift of one of them does not change its own order. */
export interface SortedSamples {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Sorts both samples once. */
export function sorted({ x, y }: Samples): SortedSamples {
  return { x: Float64Array.from(x).sort(), y: Float64Array.from(y).sort() };
}

/** Sum of the ranks of `x - shift` among both, with ties sharing theirs, and the tie term of the variance. */
function ranks({ x, y }: SortedSamples, shift: number): { readonly sum: number; readonly ties: number } {
  let [i, j, sum, ties] = [0, 0, 0, 0];
  while (i < x.length || j < y.length) {
    const at = Math.min(
      i < x.length ? x[i] - shift : Number.POSITIVE_INFINITY,
      j < y.length ? y[j] : Number.POSITIVE_INFINITY,
    );
    const [fromX, fromY] = [i, j];
    while (i < x.length && x[i] - shift === at) i += 1;
    while (j < y.length && y[j] === at) j += 1;
    const same = i - fromX + (j - fromY);
    sum += (i - fromX) * (fromX + fromY + (same + 1) / 2);
    ties += same * same * same - same;
  }
  return { sum, ties };
}

/**
 * Distance of U from its mean in standard deviations, with tie and continuity correction, for x shifted down by `shift`,
 * less the `quantile` that a confidence limit looks for. The correction follows the sign of the distance, as Kayenta's does.
 */
export function shiftedZ(samples: SortedSamples, shift: number, quantile: number): number {
  const [n, m] = [samples.x.length, samples.y.length];
  const { sum, ties } = ranks(samples, shift);
  const centred = sum - (n * (n + 1)) / 2 - (n * m) / 2;
  const total = n + m;
  const sigma = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  return (centred - Math.sign(centred) * 0.5) / sigma - quantile;
}

/** How many arrangements of n and m values without ties have each U, from 0 to n m. */
export function arrangements(n: number, m: number): number[] {
  // The i-th of x in order beats between 0 and m of y, never fewer than the one before it: partitions in an n by m box.
  let counts = [1];
  for (let i = 1; i <= n; i++) {
    // Multiply by (1 - q^(m + i)), divide by (1 - q^i).
    const next = new Array<number>(i * m + 1).fill(0);
    for (let u = 0; u < next.length; u++) {
      next[u] = (counts[u] ?? 0) - (counts[u - m - i] ?? 0) + (u >= i ? next[u - i] : 0);
    }
    counts = next;
  }
  return counts;
}

/** Mann and Whitney's U of x with its exact two-sided p-value, for samples without ties. */
export function mannWhitneyExact({ x, y }: Samples): { readonly U: number; readonly p2: number } {
  const [n, m] = [x.length, y.length];
  const U = ranks(sorted({ x, y }), 0).sum - (n * (n + 1)) / 2;
  const counts = arrangements(n, m);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const tail = counts.slice(0, Math.floor(Math.min(U, n * m - U)) + 1).reduce((sum, count) => sum + count, 0);
  return { U, p2: Math.min(1, (2 * tail) / total) };
}
