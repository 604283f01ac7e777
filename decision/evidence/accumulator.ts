/** log of the mean of exp(values). */
export function logMeanExp(values: ArrayLike<number>): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) top = Math.max(top, values[k]);
  if (top === Number.NEGATIVE_INFINITY) return top;
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += Math.exp(values[k] - top);
  return top + Math.log(sum / values.length);
}

/**
 * Gathers the log e-values of successive blocks, one per alternative, in two ways: as an e-process (their product:
 * all evidence since the start) and as a Shiryaev-Roberts e-detector `M = (1 + M) E` (evidence since any start; Shin,
 * Ramdas & Rinaldo 2023, https://arxiv.org/abs/2203.03532). Alternatives are averaged, because a mean of e-values is one.
 */
export class Accumulator {
  private readonly products: Float64Array;
  private readonly detectors: Float64Array;
  private steps = 0;

  constructor(alternatives: number) {
    this.products = new Float64Array(alternatives);
    this.detectors = new Float64Array(alternatives).fill(Number.NEGATIVE_INFINITY);
  }

  /** Adds one block: the log e-value of each alternative. */
  public add(increments: ArrayLike<number>): void {
    this.steps += 1;
    for (let k = 0; k < this.products.length; k++) {
      const before = this.detectors[k];
      this.products[k] += increments[k];
      // log(1 + M), without overflow for a large M
      this.detectors[k] =
        (before > 0 ? before + Math.log1p(Math.exp(-before)) : Math.log1p(Math.exp(before))) + increments[k];
    }
  }

  /** log of the e-process: reject at log(1 / alpha), whenever one likes to look. */
  public get logE(): number {
    return logMeanExp(this.products);
  }

  /** log of the e-detector: alarm at log(periods / alpha). */
  public get logM(): number {
    return logMeanExp(this.detectors);
  }

  /**
   * log of the hybrid monitor `E/2 + (M + T - t)/(2T)`, a nonnegative supermartingale that starts at 1 for `horizon` T
   * planned blocks: reject at log(1 / alpha). Half of it sees harm from the start at once, half of it sees harm that
   * begins later, which a product that has grown small over healthy hours cannot. After the horizon the idle term is
   * 0, and the chance of a false alarm grows in proportion to the time beyond it.
   */
  public logHybrid(horizon: number): number {
    const idle = Math.log(Math.max(0, horizon - this.steps));
    const m = this.logM;
    const top = Math.max(idle, m);
    const late = top + Math.log(Math.exp(idle - top) + Math.exp(m - top));
    return logMeanExp([this.logE, late - Math.log(horizon)]);
  }
}
