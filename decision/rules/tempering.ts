import { IntraClassCorrelation } from '../evidence/dispersion';
import type { Columns } from './read-series';

/** Above this dispersion the counting rules also ask the cluster-robust interval. */
export const strongDispersion = 3;

/**
 * By how much the evidence of each block is tempered, because errors that come in clusters (retries, one bad instance)
 * would otherwise count as many independent ones. Known before the block's outcomes: measured on the champion before
 * the rollout where that was given, else on its earlier periods in the stage.
 *
 * Harm is tempered by the champion's clusters only, so that a challenger cannot hide behind its own bursts, and not at
 * all until they have been measured. Safety is tempered by the clusters of both arms, and is no evidence until the
 * clusters have been measured.
 */
export class Tempering {
  /** What divides the block's evidence of harm. */
  public harm = 1;
  /** What divides the block's evidence of safety; Infinity while nothing has been measured. */
  public safe = Number.POSITIVE_INFINITY;

  private readonly champion = new IntraClassCorrelation();
  private readonly challenger = new IntraClassCorrelation();
  private readonly fixed: boolean;
  private weighted = 0;
  private trials = 0;

  constructor({ baseline }: Pick<Columns, 'baseline'>) {
    for (const { sum, count } of baseline) this.champion.add(sum, count);
    this.fixed = this.champion.measured;
  }

  /** Sets both factors for a block, of which the outcomes then join the measurement. */
  public next(xb: number, nb: number, xa: number, na: number): void {
    const { champion, challenger } = this;
    // Clusters of both arms against the chance of both: with one arm alone there is only its own.
    const factor = (rho: number) => Math.max(1, na > 0 ? 1 + (2 * rho * nb * na) / (nb + na) : 1 + (nb - 1) * rho);
    this.harm = factor(champion.rho);
    this.safe =
      champion.measured || challenger.measured
        ? Math.max(this.harm, factor(challenger.clearRho))
        : Number.POSITIVE_INFINITY;
    this.weighted += nb * this.harm;
    this.trials += nb;
    if (!this.fixed) champion.add(xa, na);
    challenger.add(xb, nb);
  }

  /** Correlation of the champion's outcomes within a period. */
  public get rho(): number {
    return this.champion.rho;
  }

  /** The factor on harm, averaged over the challenger's requests. */
  public get applied(): number {
    return this.trials > 0 ? this.weighted / this.trials : 1;
  }
}
