import type { LiveEndpoint } from './live-endpoint';

/** Where a phase stands, as far as instances go. */
export interface CapacityFacts {
  readonly live: LiveEndpoint;
  readonly champion: string;
  /** Share of live traffic that the challenger has, 0-100. */
  readonly percent: number;
  /** Instances that were needed to serve all traffic, as far as has been seen. */
  readonly fullCount: number;
  /** Instances that are never exceeded. */
  readonly maximum: number;
}

/** Milliseconds until auto scaling sees how it is now: metrics come up to five minutes late, and are looked at each minute. */
const UNSEEN_MILLISECONDS = 600_000;

/**
 * Whether what auto scaling sees of an endpoint is how it is now. Let go earlier, it would take the instances of a variant
 * away that had no traffic a moment ago, and has all of it now.
 */
export function isSeen({ modifiedAt }: Pick<LiveEndpoint, 'modifiedAt'>, now: number): boolean {
  return now - (modifiedAt ?? Number.NaN) >= UNSEEN_MILLISECONDS;
}

/** Instances that a share of the traffic gets, of those that all of it needs. */
export function shareCount(fullCount: number, percent: number): number {
  return Math.max(1, Math.ceil((fullCount * percent) / 100));
}

/**
 * Instances that the champion needs to take everything back. Auto scaling gives a variant one more because its share
 * fills all that it had: what a share of the traffic fills, all of it fills so many times. Never fewer than before; a
 * count that cannot be read says nothing.
 */
export function neededCount({ live, champion, percent, fullCount, maximum }: CapacityFacts): number {
  const countOf = (wanted: boolean) => live.variants.find(({ name }) => (name === champion) === wanted)?.desiredCount;
  const home = countOf(true) ?? 0;
  const away = countOf(false) ?? 0;
  const grown = [
    percent > 0 && away > shareCount(fullCount, percent) ? whole(away, percent) : 0,
    percent < 100 && home > fullCount ? whole(home, 100 - percent) : 0,
  ];
  return Math.max(fullCount, Math.min(maximum, Math.max(...grown)));
}

const whole = (count: number, percent: number): number => Math.ceil(((count - 1) * 100) / percent) + 1;

/** What is missing for the champion to take everything back; undefined when nothing is. */
export function shortOf({ live, champion }: Pick<CapacityFacts, 'live' | 'champion'>, needed: number) {
  const count = live.variants.find(({ name }) => name === champion)?.currentCount ?? Number.NaN;
  return count >= needed ? undefined : `the champion has ${count} of ${needed} instances that take everything back`;
}
