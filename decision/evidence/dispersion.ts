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

/**
 * Correlation of outcomes within a period (ANOVA estimator, https://doi.org/10.2307/2533958), gathered period by
 * period from sums. Of `nb` requests in a period the evidence is then worth `nb / factor(nb)` independent ones.
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

  /** The correlation, 0 when nothing can be said yet: fewer than 30 periods, or no event, or no trial without one. */
  public get rho(): number {
    const { periods, trials, events } = this;
    if (periods < 30 || !(trials > periods && events > 0 && events < trials)) return 0;
    const between = (this.within - (events * events) / trials) / (periods - 1);
    const inside = (events - this.within) / (trials - periods);
    const size = (trials - this.squares / trials) / (periods - 1);
    const rho = (between - inside) / (between + (size - 1) * inside);
    return Number.isFinite(rho) ? Math.min(1, Math.max(0, rho)) : 0;
  }

  /** By how much evidence from `requests` requests of one period must be tempered: max(1, 1 + (n - 1) rho). */
  public factor(requests: number): number {
    return Math.max(1, 1 + (requests - 1) * this.rho);
  }
}
