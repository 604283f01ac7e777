import { Accumulator } from '../evidence/accumulator';
import type { Columns } from './read-series';
import { Tempering } from './tempering';

/** log e-values of one block for one side's alternatives, each divided by `phi`. */
export interface BlockTest {
  step(xb: number, nb: number, xa: number, na: number, phi: number): Float64Array;
}

/** What argues for harm and for safety. */
export interface BothSides {
  readonly harm: BlockTest;
  readonly safe: BlockTest;
  /** Number of alternatives on each side. */
  readonly alternatives: readonly [harm: number, safe: number];
}

/** A stage, block after block, through both sides. */
export class CountReplay {
  public readonly tempering: Tempering;
  public readonly safe: Accumulator;
  /** The highest that the evidence of harm has stood, and in which period. */
  public top = Number.NEGATIVE_INFINITY;
  public topAt = -1;
  private readonly harm: Accumulator;
  private read = 0;

  constructor(
    columns: Columns,
    private readonly sides: BothSides,
  ) {
    this.tempering = new Tempering(columns);
    this.harm = new Accumulator(sides.alternatives[0]);
    this.safe = new Accumulator(sides.alternatives[1]);
  }

  public goOn({ xb, nb, xa, na, length }: Columns, horizon: number): this {
    const { tempering, harm, safe, sides } = this;
    for (let i = this.read; i < length; i++) {
      tempering.next(xb[i], nb[i], xa[i], na[i]);
      harm.add(sides.harm.step(xb[i], nb[i], xa[i], na[i], tempering.harm));
      safe.add(sides.safe.step(xb[i], nb[i], xa[i], na[i], tempering.safe));
      const logH = harm.logHybrid(horizon);
      if (logH > this.top) [this.top, this.topAt] = [logH, i];
    }
    this.read = length;
    return this;
  }
}
