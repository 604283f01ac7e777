const MINUTE = 60_000;
/** Minutes after a change of weights that say nothing: cold caches, and metrics that mix both shares. */
const SETTLING_MINUTES = 2;

/** A change of the challenger's share of live traffic. */
export interface ShareChange {
  readonly at: number;
  readonly percent: number;
}

/** The closed minutes whose data count: starts of minutes, in milliseconds since the epoch, in order. */
export interface Minutes {
  readonly starts: readonly number[];
  /** How many closed minutes lie around a change of weights and were left out. */
  readonly excluded: number;
}

/**
 * The minutes of [startedAt, at) that are closed, older than the settle lag, and away from any change of weights: the
 * minute in which a change falls and those right after it are left out.
 */
export function minutesBetween(
  startedAt: number,
  at: number,
  settleSeconds: number,
  shares: readonly ShareChange[],
): Minutes {
  const shaken = shares.map((change) => Math.floor(change.at / MINUTE) * MINUTE).sort((a, b) => a - b);
  let next = 0;
  const starts: number[] = [];
  let excluded = 0;
  const end = at - settleSeconds * 1000;
  for (let start = Math.ceil(startedAt / MINUTE) * MINUTE; start + MINUTE <= end; start += MINUTE) {
    while (start > shaken[next] + SETTLING_MINUTES * MINUTE) next += 1;
    if (start >= shaken[next]) excluded += 1;
    else starts.push(start);
  }
  return { starts, excluded };
}

/** The challenger's share, 0-100, during a minute that no change shook. */
export function shareAt(start: number, shares: readonly ShareChange[]): number {
  let percent = shares[0].percent;
  for (const change of shares) if (change.at <= start) percent = change.percent;
  return percent;
}
