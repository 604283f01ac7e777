/**
 * The samples of one metric in one period, as values and how often each occurred. Every statistic of the period is
 * computed from it, so that no two of them can contradict each other. Values are distinct and ascending; counts are
 * whole and positive.
 */
export class Histogram {
  public readonly sampleCount: number;
  public readonly sum: number;

  private constructor(
    public readonly values: Float64Array,
    public readonly counts: Float64Array,
  ) {
    let count = 0;
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      count += counts[i];
      sum += counts[i] * values[i];
    }
    this.sampleCount = count;
    this.sum = sum;
  }

  public static readonly EMPTY = new Histogram(new Float64Array(0), new Float64Array(0));

  /** From values in any order, each with its count; a count of 0 is left out. */
  public static of(pairs: Iterable<readonly [value: number, count: number]>): Histogram {
    const sorted = [...pairs].filter(([, count]) => count > 0).sort((a, b) => a[0] - b[0]);
    return Histogram.merge(sorted.map(([value, count]) => Histogram.ascending([value], [count])));
  }

  /** From distinct ascending values; a count of 0 is left out. */
  public static ascending(values: ArrayLike<number>, counts: ArrayLike<number>): Histogram {
    let kept = 0;
    for (let i = 0; i < counts.length; i++) if (counts[i] > 0) kept++;
    const v = new Float64Array(kept);
    const c = new Float64Array(kept);
    for (let i = 0, j = 0; i < counts.length; i++) {
      if (!(counts[i] > 0)) continue;
      v[j] = values[i];
      c[j++] = counts[i];
    }
    return new Histogram(v, c);
  }

  /** All samples of all parts. */
  public static merge(parts: readonly Histogram[]): Histogram {
    if (parts.length === 0) return Histogram.EMPTY;
    if (parts.length === 1) return parts[0];
    const middle = parts.length >> 1;
    return Histogram.mergeTwo(Histogram.merge(parts.slice(0, middle)), Histogram.merge(parts.slice(middle)));
  }

  private static mergeTwo(a: Histogram, b: Histogram): Histogram {
    if (a.values.length === 0) return b;
    if (b.values.length === 0) return a;
    const values = new Float64Array(a.values.length + b.values.length);
    const counts = new Float64Array(values.length);
    let i = 0;
    let j = 0;
    let k = 0;
    while (i < a.values.length || j < b.values.length) {
      const left = i < a.values.length ? a.values[i] : Number.POSITIVE_INFINITY;
      const right = j < b.values.length ? b.values[j] : Number.POSITIVE_INFINITY;
      values[k] = Math.min(left, right);
      if (left <= right) counts[k] += a.counts[i++];
      if (right <= left) counts[k] += b.counts[j++];
      k++;
    }
    return new Histogram(values.slice(0, k), counts.slice(0, k));
  }

  /** Lowest sample; `undefined` without samples. */
  public get minimum(): number | undefined {
    return this.values.length === 0 ? undefined : this.values[0];
  }

  /** Highest sample; `undefined` without samples. */
  public get maximum(): number | undefined {
    return this.values.length === 0 ? undefined : this.values[this.values.length - 1];
  }

  /** The sample of a rank, 1 being the lowest; `undefined` outside 1..sampleCount. */
  public atRank(rank: number): number | undefined {
    if (!(rank >= 1 && rank <= this.sampleCount)) return undefined;
    let seen = 0;
    for (let i = 0; i < this.values.length; i++) {
      seen += this.counts[i];
      if (seen >= rank) return this.values[i];
    }
    return undefined;
  }

  /** How many samples, and their sum, have a value above `lower` and up to `upper`. */
  public betweenValues(lower: number, upper: number): { readonly count: number; readonly sum: number } {
    let count = 0;
    let sum = 0;
    for (let i = 0; i < this.values.length; i++) {
      const value = this.values[i];
      if (!(value > lower && value <= upper)) continue;
      count += this.counts[i];
      sum += this.counts[i] * value;
    }
    return { count, sum };
  }

  /** How many samples, and their sum, have a rank above `lower` and up to `upper`. */
  public betweenRanks(lower: number, upper: number): { readonly count: number; readonly sum: number } {
    let count = 0;
    let sum = 0;
    let seen = 0;
    for (let i = 0; i < this.values.length; i++) {
      const first = Math.max(seen, lower);
      seen += this.counts[i];
      const kept = Math.min(seen, upper) - first;
      if (!(kept > 0)) continue;
      count += kept;
      sum += kept * this.values[i];
    }
    return { count, sum };
  }
}
