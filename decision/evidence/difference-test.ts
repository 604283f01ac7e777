import { logEDifference, type Side } from './e-block';

/** What the champion is believed to do before the first block. */
export interface Prior {
  readonly errors: number;
  readonly requests: number;
}

/** Bounds that keep estimated rates and alternatives off 0 and 1. */
export interface Clamp {
  readonly floor: number;
  readonly cap: number;
}

/** Half an error in fifty requests: forgotten within a minute of champion traffic. */
export const weakPrior: Prior = { errors: 0.5, requests: 50 };

/** The default {@link Clamp}. */
export const weakClamp: Clamp = { floor: 1e-6, cap: 0.999 };

/** Fractions of the margin by which the alternatives of the safe side stay below it. */
export const safeFractions: readonly number[] = [0.5, 1, 1.5];

/** Excess rates of the alternatives of the harm side: the margin (at least 0.005) times 1, 3, 9, 27, 81. */
export function harmGrid(margin: number): readonly number[] {
  return [1, 3, 9, 27, 81].map((factor) => factor * Math.max(margin, 0.005));
}

/**
 * log e-values of successive blocks against a margin on the difference of two rates. The champion's rate is estimated
 * from past blocks only, so the alternatives are predictable and the product stays an e-process.
 */
export class DifferenceTest {
  private errors: number;
  private requests: number;
  private readonly increments: Float64Array;

  constructor(
    private readonly margin: number,
    private readonly side: Side,
    private readonly grid: readonly number[],
    prior: Prior = weakPrior,
    private readonly clamp: Clamp = weakClamp,
  ) {
    this.errors = prior.errors;
    this.requests = prior.requests;
    this.increments = new Float64Array(grid.length);
  }

  /** The log e-values of one block, each divided by `phi`: 1, or the dispersion that tempers it. */
  public step(xb: number, nb: number, xa: number, na: number, phi = 1): Float64Array {
    const { floor, cap } = this.clamp;
    const ta = Math.min(cap, Math.max(floor, this.errors / this.requests));
    for (let k = 0; k < this.grid.length; k++) {
      const shift = this.side === 'harm' ? this.margin + this.grid[k] : this.margin * (1 - this.grid[k]);
      const tb = Math.min(cap, Math.max(floor, ta + shift));
      this.increments[k] = logEDifference(xb, nb, xa, na, tb, ta, this.margin, this.side) / phi;
    }
    this.errors += xa;
    this.requests += na;
    return this.increments;
  }
}
