import { IntraClassCorrelation } from '../evidence/dispersion';
import type { Columns } from './read-series';

/** Above this dispersion the counting rules also ask the cluster-robust interval. */
export const strongDispersion = 3;

/**
 * The dispersion that tempers each block, known before the block's outcomes: from the champion before the rollout
 * where that was given, else from the champion's earlier periods in the stage. One arm's own clustering (retries, one
 * bad instance) would otherwise count as many independent errors.
 */
export class Tempering {
  private readonly clusters = new IntraClassCorrelation();
  private readonly fixed: boolean;
  private weighted = 0;
  private trials = 0;

  constructor({ baseline }: Pick<Columns, 'baseline'>) {
    for (const { sum, count } of baseline) this.clusters.add(sum, count);
    // A short history cannot tell clusters from chance, so the stage itself goes on measuring.
    this.fixed = baseline.filter(({ count }) => count > 0).length >= 30;
  }

  /** The factor for a block of `nb` challenger requests, of which the champion's part then joins the measurement. */
  public next(nb: number, xa: number, na: number): number {
    const factor = this.clusters.factor(nb);
    this.weighted += nb * factor;
    this.trials += nb;
    if (!this.fixed) this.clusters.add(xa, na);
    return factor;
  }

  /** Correlation of outcomes within a period. */
  public get rho(): number {
    return this.clusters.rho;
  }

  /** The factor that was applied, averaged over the challenger's requests. */
  public get applied(): number {
    return this.trials > 0 ? this.weighted / this.trials : 1;
  }
}
