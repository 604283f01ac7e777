import { type Clamp, type Prior, weakClamp } from './difference-test';
import { logERatio, type RatioSide } from './e-block';

/** Relative losses of the alternatives of the harm side beyond the margin: the margin (at least 0.005) times powers of 3. */
export function ratioHarmGrid(margin: number): readonly number[] {
  return [1, 3, 9, 27, 81].map((factor) => margin + factor * Math.max(margin, 0.005));
}

/**
 * log e-values of successive blocks against a margin on the ratio of two rates. `losses` are the relative losses of the
 * alternatives: 0.04 is 4 % worse than the champion in the direction that is bad, -0.01 is 1 % better.
 */
export class RatioTest {
  private events: number;
  private trials: number;
  private readonly increments: Float64Array;
  private readonly ratio: number;
  private readonly bad: 1 | -1;

  constructor(
    margin: number,
    private readonly side: RatioSide,
    private readonly losses: readonly number[],
    prior: Prior,
    private readonly clamp: Clamp = weakClamp,
  ) {
    // Where high is good, harm is low; the safe alternatives lie on the other side of the boundary than the harm ones.
    this.bad = side === 'harmLow' || side === 'safeHigh' ? -1 : 1;
    this.ratio = 1 + this.bad * margin;
    this.events = prior.errors;
    this.trials = prior.requests;
    this.increments = new Float64Array(losses.length);
  }

  /** The log e-values of one block, each divided by `phi`. Without any history the first block only teaches the rate. */
  public step(xb: number, nb: number, xa: number, na: number, phi = 1): Float64Array {
    const { floor, cap } = this.clamp;
    // Without any history this is no number, and no alternative lies outside of the null.
    const ta = Math.min(cap, Math.max(floor, this.events / this.trials));
    for (let k = 0; k < this.losses.length; k++) {
      const tb = Math.min(cap, Math.max(floor, ta * (1 + this.bad * this.losses[k])));
      this.increments[k] = logERatio(xb, nb, xa, na, tb, ta, this.ratio, this.side) / phi;
    }
    this.events += xa;
    this.trials += na;
    return this.increments;
  }
}
