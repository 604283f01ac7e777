import { Accumulator } from './accumulator';
import type { Side } from './e-block';

/** Events and trials of one block. */
export interface Sample {
  readonly x: number;
  readonly n: number;
}

/** Shares of the ceiling at which the alternatives of the safe side lie. */
export const safeShares: readonly number[] = [0.25, 0.5, 0.75];

/**
 * log e-values of successive blocks of one arm against a fixed rate `p0`: harm H0 "rate <= p0", safe H0 "rate >= p0".
 * The harm alternatives are `p0 + grid`, the safe ones `p0 * grid`.
 */
export class OneSampleTest {
  private readonly increments: Float64Array;
  private readonly events: readonly number[];
  private readonly others: readonly number[];

  constructor(p0: number, side: Side, grid: readonly number[]) {
    const alternatives = grid.map((g) => Math.min(0.999, Math.max(1e-9, side === 'harm' ? p0 + g : p0 * g)));
    // An alternative that the cap has pushed into the null is no evidence either way.
    const outside = (q: number) => (side === 'harm' ? q > p0 : q < p0);
    this.events = alternatives.map((q) => (outside(q) ? Math.log(q / p0) : 0));
    this.others = alternatives.map((q) => (outside(q) ? Math.log1p(-q) - Math.log1p(-p0) : 0));
    this.increments = new Float64Array(grid.length);
  }

  /** The log e-values of one block, each divided by `phi`. */
  public step(x: number, n: number, phi = 1): Float64Array {
    for (let k = 0; k < this.increments.length; k++) {
      this.increments[k] = (x * this.events[k] + (n - x) * this.others[k]) / phi;
    }
    return this.increments;
  }
}

/** log E after every block. */
export function oneSampleEProcess({
  blocks,
  p0,
  grid,
  side,
}: {
  readonly blocks: readonly Sample[];
  readonly p0: number;
  readonly grid: readonly number[];
  readonly side: Side;
}): number[] {
  const test = new OneSampleTest(p0, side, grid);
  const sum = new Accumulator(grid.length);
  return blocks.map(({ x, n }) => {
    sum.add(test.step(x, n));
    return sum.logE;
  });
}
