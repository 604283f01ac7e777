import { type BinCounts, OutputDistribution } from './output-distribution';
import type { Prediction } from './output-values';
import type { Pair } from './pairing';

/** Length of the periods that are counted apart, in milliseconds: a rule wants a few dozen of them, memory not many more. */
export const PERIOD_MS = 300_000;
/** Confusions beyond this many kinds are counted in the total only. */
const MAXIMUM_CONFUSIONS = 100;
/** Ratio of neighbouring buckets of absolute differences: quantiles are within 2 % of the truth. */
const GAMMA = 1.04;

/** Compared predictions of one period. */
export interface PeriodCounts {
  compared: number;
  disagreed: number;
  championUnreadable: number;
  challengerUnreadable: number;
}

/** What two models answered to the same requests, counted period by period in fixed memory. */
export class DivergenceSummary {
  public readonly periods = new Map<number, PeriodCounts>();
  /** Requests that were answered by both, whatever they answered. */
  public pairs = 0;
  /** Requests to which the two gave a different number of predictions. */
  public otherShape = 0;
  public firstTime = Number.POSITIVE_INFINITY;
  public lastTime = Number.NEGATIVE_INFINITY;
  private distribution = new OutputDistribution();
  private readonly confusions = new Map<string, number>();
  private readonly sizes = new Map<number, number>();
  private numbers = 0;
  private signed = 0;
  private squared = 0;
  private absolute = 0;

  /** Two numbers agree when they differ by at most `tolerance`. */
  constructor(private readonly tolerance: number) {}

  /** Another summary that goes on from here. */
  public copy(): DivergenceSummary {
    const copy = new DivergenceSummary(this.tolerance);
    const { pairs, otherShape, firstTime, lastTime, numbers, signed, squared, absolute } = this;
    Object.assign(copy, { pairs, otherShape, firstTime, lastTime, numbers, signed, squared, absolute });
    copy.distribution = this.distribution.copy();
    for (const [start, counts] of this.periods) copy.periods.set(start, { ...counts });
    for (const [what, count] of this.confusions) copy.confusions.set(what, count);
    for (const [size, count] of this.sizes) copy.sizes.set(size, count);
    return copy;
  }

  public add(pair: Pair): void {
    this.pairs += 1;
    this.firstTime = Math.min(this.firstTime, pair.time);
    this.lastTime = Math.max(this.lastTime, pair.time);
    const period = this.periodOf(pair.time);
    const { champion: a, challenger: b } = pair;
    if (a !== null && b !== null && a.length === b.length) {
      for (let i = 0; i < a.length; i += 1) this.compare(period, a[i], b[i]);
      return;
    }
    // A whole answer that cannot be read, or rows that cannot be laid side by side: one comparison, and no agreement.
    if (a !== null && b !== null) this.otherShape += 1;
    period.compared += 1;
    period.disagreed += 1;
    if (a === null) period.championUnreadable += 1;
    if (b === null) period.challengerUnreadable += 1;
  }

  /** The counts of all periods together. */
  public total(): PeriodCounts {
    const total = { compared: 0, disagreed: 0, championUnreadable: 0, challengerUnreadable: 0 };
    for (const period of this.periods.values()) {
      for (const key of Object.keys(total) as (keyof PeriodCounts)[]) total[key] += period[key];
    }
    return total;
  }

  /** Bins of both sides' outputs, for the drift between them. */
  public outputs(): BinCounts {
    return this.distribution.counts();
  }

  /** Mean and standard deviation of challenger less champion, over the answers that are numbers. */
  public differences(): { readonly meanDifference: number; readonly standardDeviation: number } {
    const mean = this.signed / this.numbers;
    return {
      meanDifference: mean,
      standardDeviation: Math.sqrt(Math.max(0, this.squared / this.numbers - mean * mean)),
    };
  }

  /** Figures for a person: how far apart numbers lie, or which labels are taken for which. */
  public description(): { readonly [key: string]: string | number } {
    const confusions = [...this.confusions].sort((a, b) => b[1] - a[1]).slice(0, 10);
    if (this.numbers === 0) return Object.fromEntries(confusions);
    return {
      ...this.differences(),
      meanAbsoluteDifference: this.absolute / this.numbers,
      medianAbsoluteDifference: this.quantile(0.5),
      p99AbsoluteDifference: this.quantile(0.99),
    };
  }

  private compare(period: PeriodCounts, a: Prediction, b: Prediction): void {
    period.compared += 1;
    if (a === null) period.championUnreadable += 1;
    if (b === null) period.challengerUnreadable += 1;
    this.distribution.add('champion', a);
    this.distribution.add('challenger', b);
    if (typeof a === 'number' && typeof b === 'number') {
      const difference = b - a;
      this.note(difference);
      if (!(Math.abs(difference) <= this.tolerance)) period.disagreed += 1;
    } else if (a === null || a !== b) {
      period.disagreed += 1;
      if (a !== null && b !== null) this.confuse(`${a} -> ${b}`.slice(0, 100));
    }
  }

  private note(difference: number): void {
    const size = Math.abs(difference);
    this.numbers += 1;
    this.signed += difference;
    this.squared += difference * difference;
    this.absolute += size;
    const bucket = size === 0 ? Number.NEGATIVE_INFINITY : Math.ceil(Math.log(size) / Math.log(GAMMA));
    this.sizes.set(bucket, (this.sizes.get(bucket) ?? 0) + 1);
  }

  private confuse(what: string): void {
    const seen = this.confusions.get(what);
    if (seen !== undefined || this.confusions.size < MAXIMUM_CONFUSIONS) this.confusions.set(what, (seen ?? 0) + 1);
  }

  private quantile(q: number): number {
    let left = Math.ceil(q * this.numbers);
    for (const [bucket, count] of [...this.sizes].sort((a, b) => a[0] - b[0])) {
      left -= count;
      if (left <= 0) return bucket === Number.NEGATIVE_INFINITY ? 0 : GAMMA ** (bucket - 0.5);
    }
    return Number.NaN;
  }

  private periodOf(time: number): PeriodCounts {
    const start = Math.floor(time / PERIOD_MS) * PERIOD_MS;
    const known = this.periods.get(start);
    if (known !== undefined) return known;
    const fresh = { compared: 0, disagreed: 0, championUnreadable: 0, challengerUnreadable: 0 };
    this.periods.set(start, fresh);
    return fresh;
  }
}
