/** Pearson's chi-square over its degrees of freedom: 1 for binomial counts, above 1 when errors come in clusters. */
export function dispersionFactor({
  counts,
  trials,
}: {
  readonly counts: readonly number[];
  readonly trials: readonly number[];
}) {
  const total = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0);
  const p = total(counts) / total(trials);
  const chi2 = counts.reduce((sum, x, i) => sum + (x - trials[i] * p) ** 2 / (trials[i] * p * (1 - p)), 0);
  return chi2 / (counts.length - 1);
}

/** log E / max(1, phi): still an e-value by Jensen's inequality, and slower by the factor phi. */
export function temperedLogE({ logE, phi }: { readonly logE: number; readonly phi: number }): number {
  return logE / Math.max(1, phi);
}

/** Periods without which clusters cannot be told from chance. */
export const clusterPeriods = 30;

/**
 * Correlation of outcomes within a period (ANOVA estimator, https://doi.org/10.2307/2533958), gathered period by
 * period from sums: 0 when they are independent, 1 when a period fails as a whole or not at all.
 */
export class IntraClassCorrelation {
  private periods = 0;
  private trials = 0;
  private events = 0;
  private squares = 0;
  private within = 0;

  /** Adds one period; one without trials says nothing. */
  public add(events: number, trials: number): void {
    if (!(trials > 0)) return;
    this.periods += 1;
    this.trials += trials;
    this.events += events;
    this.squares += trials * trials;
    this.within += (events * events) / trials;
  }

  /** Whether enough periods have been seen to tell clusters from chance. */
  public get measured(): boolean {
    return this.periods >= clusterPeriods;
  }

  /** The correlation; 0 when it cannot be told yet: too few periods, no event, or no trial without one. */
  public get rho(): number {
    return this.estimate(0);
  }

  /** The correlation where it stands out from chance by three standard errors, else 0. */
  public get clearRho(): number {
    return this.estimate(3);
  }

  private estimate(errors: number): number {
    const { periods, trials, events } = this;
    if (!this.measured) return 0;
    const between = (this.within - (events * events) / trials) / (periods - 1);
    const inside = (events - this.within) / (trials - periods);
    // Without clusters between / inside is an F ratio: 1 with a standard error of sqrt(2 / periods).
    if (!(between > inside * (1 + errors * Math.sqrt(2 / periods)))) return 0;
    const size = (trials - this.squares / trials) / (periods - 1);
    const rho = (between - inside) / (between + (size - 1) * inside);
    return Number.isFinite(rho) ? Math.min(1, Math.max(0, rho)) : 0;
  }
}
