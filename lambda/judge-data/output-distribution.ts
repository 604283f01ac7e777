import type { Prediction } from './output-values';
import type { Side } from './pairing';

/** How often each bin or label was given, champion and challenger over the same requests. */
export interface BinCounts {
  readonly names: readonly string[];
  readonly champion: readonly number[];
  readonly challenger: readonly number[];
}

const BINS = 10;
/** The champion's first predictions that fix the edges of the bins; until then both sides' are kept. */
const EDGES_FROM = 2000;
/** Labels beyond this many are counted together: a label that is a sentence would otherwise fill the memory. */
const MAXIMUM_LABELS = 200;
const OTHER = '(other)';

/**
 * Counts outputs in fixed memory. Numbers fall into bins whose edges are the deciles of the champion's first
 * predictions, frozen then, so that counts of two runs over the same captures are equal and counts of parts add up.
 */
export class OutputDistribution {
  private edges: readonly number[] | null = null;
  private early: Record<Side, number[]> = { champion: [], challenger: [] };
  private readonly bins = new Map<string, Record<Side, number>>();

  /** Another distribution that goes on from here. */
  public copy(): OutputDistribution {
    const copy = new OutputDistribution();
    copy.edges = this.edges;
    copy.early = { champion: [...this.early.champion], challenger: [...this.early.challenger] };
    for (const [name, counts] of this.bins) copy.bins.set(name, { ...counts });
    return copy;
  }

  public add(side: Side, value: Prediction): void {
    if (typeof value === 'string') this.count(side, value);
    else if (value !== null && this.edges !== null) this.count(side, this.binOf(value, this.edges));
    else if (value !== null) {
      this.early[side].push(value);
      if (this.early.champion.length === EDGES_FROM) this.freeze();
    }
  }

  /** The counts so far, in the order of bins or of labels. */
  public counts(): BinCounts {
    if (this.edges === null) this.freeze();
    // Two models that know one answer only have one bin, and a distribution needs two.
    if (this.bins.size === 1) this.bins.set(OTHER, zero());
    const names = [...this.bins.keys()].sort((a, b) => (a < b ? -1 : 1));
    const of = (side: Side) => names.map((name) => this.bins.get(name)?.[side] ?? 0);
    return { names, champion: of('champion'), challenger: of('challenger') };
  }

  private freeze(): void {
    const sorted = Float64Array.from(this.early.champion).sort();
    const deciles = Array.from({ length: BINS - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / BINS)]);
    // A score with few values has equal deciles: each edge once.
    this.edges = [...new Set(deciles.filter((edge) => edge !== undefined))];
    const { early, edges } = this;
    if (sorted.length > 0) for (let i = 0; i <= edges.length; i += 1) this.bins.set(label(i, edges), zero());
    this.early = { champion: [], challenger: [] };
    for (const side of ['champion', 'challenger'] as const) {
      for (const value of early[side]) this.count(side, this.binOf(value, edges));
    }
  }

  private binOf(value: number, edges: readonly number[]): string {
    let i = 0;
    while (i < edges.length && value > edges[i]) i += 1;
    return label(i, edges);
  }

  private count(side: Side, name: string): void {
    const known = this.bins.has(name) || this.bins.size < MAXIMUM_LABELS ? name.slice(0, 80) : OTHER;
    const bin = this.bins.get(known) ?? zero();
    bin[side] += 1;
    this.bins.set(known, bin);
  }
}

const zero = (): Record<Side, number> => ({ champion: 0, challenger: 0 });

/** Two digits before the words keep the bins in order when sorted as text. */
function label(i: number, edges: readonly number[]): string {
  const number = String(i).padStart(2, '0');
  return i < edges.length ? `${number}: up to ${edges[i]}` : `${number}: above`;
}
