import type { Json } from '../service';

/** One policy of a variant, and what its fleet has. */
export interface Tracked {
  /** Sums of the metric, a minute each, newest first; undefined for a minute without samples. */
  readonly minutes: readonly (number | undefined)[];
  readonly configuration: Json;
  /** Instances of the variant now. */
  readonly count: number;
}

/** Minutes above the target before instances are added. */
const HIGH_MINUTES = 3;
/** Minutes below nine tenths of it before they are taken away. */
export const LOW_MINUTES = 15;
const LOW = 0.9;

/**
 * Instances that target tracking wants; the same when nothing is to be done. Out fast, in slowly: as many as bring the
 * mean back to the target, or the highest of a quarter of an hour. Minutes without samples are no reason for anything.
 */
// source: aas-target-tracking
export function trackedCount({ minutes, configuration, count }: Tracked): number {
  const target: number = configuration.TargetValue;
  const seen = (length: number) => minutes.slice(0, length).filter((value) => value !== undefined);
  const high = seen(HIGH_MINUTES);
  if (high.length === HIGH_MINUTES && high.every((value) => value > target)) {
    const mean = high.reduce((sum, value) => sum + value, 0) / HIGH_MINUTES;
    return Math.ceil((count * mean) / target);
  }
  const low = seen(LOW_MINUTES);
  if (low.length === LOW_MINUTES && low.every((value) => value < LOW * target)) {
    return Math.min(count, Math.max(1, Math.ceil((count * Math.max(...low)) / target)));
  }
  return count;
}
