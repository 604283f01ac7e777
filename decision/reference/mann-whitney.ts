import { normalCdf, normalQuantile } from '../special/normal';

/** Two samples: the experiment's (x) and the control's (y). */
export interface Samples {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Sums of ranks, with ties sharing theirs, and the tie term of the variance. */
function ranks({ x, y }: Samples) {
  const all = [...x.map((value) => ({ value, mine: true })), ...y.map((value) => ({ value, mine: false }))];
  all.sort((a, b) => a.value - b.value);
  let [sum, ties] = [0, 0];
  for (let i = 0; i < all.length; ) {
    let j = i;
    while (j < all.length && all[j].value === all[i].value) j += 1;
    const rank = (i + 1 + j) / 2;
    for (let k = i; k < j; k++) if (all[k].mine) sum += rank;
    ties += (j - i) ** 3 - (j - i);
    i = j;
  }
  return { sum, ties };
}

/** Mann and Whitney's U of x with its exact two-sided p-value, for samples without ties. */
export function mannWhitneyExact({ x, y }: Samples): { readonly U: number; readonly p2: number } {
  const [n, m] = [x.length, y.length];
  const U = ranks({ x, y }).sum - (n * (n + 1)) / 2;
  // ways[i][u]: arrangements of i of x among the values so far with statistic u
  let ways = Array.from({ length: n + 1 }, (_, i) => (i === 0 ? [1] : []));
  for (let j = 1; j <= m; j++) {
    const next: number[][] = [[1]];
    for (let i = 1; i <= n; i++) {
      const row = new Array<number>(i * j + 1).fill(0);
      // The largest value is one of x (and beats all j of y), or one of y.
      next[i - 1].forEach((count, u) => {
        row[u + j] += count;
      });
      (j === 1 ? [1] : ways[i]).forEach((count, u) => {
        row[u] += count;
      });
      next.push(row);
    }
    ways = next;
  }
  const counts = ways[n];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const tail = counts.slice(0, Math.floor(Math.min(U, n * m - U)) + 1).reduce((sum, count) => sum + count, 0);
  return { U, p2: Math.min(1, (2 * tail) / total) };
}

/** z of U with tie and continuity correction, for x shifted down by `shift`: R's wilcox.test without `exact`. */
export function shiftedZ({ x, y }: Samples, shift: number, quantile: number): number {
  const [n, m] = [x.length, y.length];
  const { sum, ties } = ranks({ x: x.map((value) => value - shift), y });
  const centred = sum - (n * (n + 1)) / 2 - (n * m) / 2;
  const correction = quantile === 0 ? 0 : Math.sign(quantile) * -0.5;
  const total = n + m;
  const sigma = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  return (centred + correction) / sigma - quantile;
}

/** One-sided p-value of "x tends to be larger than y", normal approximation with ties. */
export function mannWhitneyGreater(samples: Samples): number {
  return normalCdf({ z: -shiftedZ(samples, 0, normalQuantile({ p: 0.975 })) - normalQuantile({ p: 0.975 }) });
}
