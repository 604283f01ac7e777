import { shadowComplete } from '../distance/agreement';
import type { Reading } from './reading';

/** Options of the rules that compare the paired answers of champion and shadow. */
export interface ShadowOptions {
  /** Joined pairs that must have been seen. @default 10000 */
  readonly minimumRequests?: number;
  /** Hours that must have been watched; both minima must be reached, whichever comes later. @default 48 */
  readonly minimumHours?: number;
  /** Largest share of records without a partner before nothing is believed any more. @default 0.05 */
  readonly maximumUnjoinedShare?: number;
  /** Chance of failing a tolerable shadow, over every look. @default 0.01 */
  readonly alphaRollback?: number;
  /** Chance of passing an intolerable shadow, over every look. @default 0.01 */
  readonly alphaPromote?: number;
}

/** How much of the shadow has been seen. */
export interface ShadowData {
  /** Answers of both models to the same request. */
  readonly pairs: number;
  /** Records of either model whose partner was not found. */
  readonly unjoined: number;
  /** Hours between the first and the last pair. */
  readonly hours: number;
}

/** What {@link readShadow} makes of both. */
export interface ShadowSettings extends Required<ShadowOptions>, ShadowData {
  readonly unjoinedShare: number;
  /** Why the data may not be believed, if so. */
  readonly doubt: string | undefined;
  /** Why it is too early to pass, if so. */
  readonly early: string | undefined;
}

/** Reads what the shadow rules share. */
export function readShadow(read: Reading, rule: ShadowOptions, data: ShadowData): ShadowSettings {
  const alpha = { min: 0, max: 0.5, above: true, below: true };
  const minimumRequests = read.number('minimumRequests', rule.minimumRequests, { min: 1 }, 10_000);
  const minimumHours = read.number('minimumHours', rule.minimumHours, { min: 0 }, 48);
  const largest = read.number('maximumUnjoinedShare', rule.maximumUnjoinedShare, { min: 0, max: 1 }, 0.05);
  const alphaRollback = read.number('alphaRollback', rule.alphaRollback, alpha, 0.01);
  const alphaPromote = read.number('alphaPromote', rule.alphaPromote, alpha, 0.01);
  const whole = { min: 0, max: 1e12, integer: true };
  const pairs = read.number('pairs', data.pairs, whole);
  const unjoined = read.number('unjoined', data.unjoined, whole);
  const hours = read.number('hours', data.hours, { min: 0, max: 1e6 });
  const unjoinedShare = pairs + unjoined > 0 ? unjoined / (pairs + unjoined) : 0;
  const complete = shadowComplete({ requests: pairs, hours, minRequests: minimumRequests, minHours: minimumHours });
  return {
    minimumRequests,
    minimumHours,
    maximumUnjoinedShare: largest,
    alphaRollback,
    alphaPromote,
    pairs,
    unjoined,
    hours,
    unjoinedShare,
    doubt:
      unjoinedShare <= largest
        ? undefined
        : `${unjoined} of ${pairs + unjoined} records have no partner, a share of at most ${largest} is allowed`,
    early: complete
      ? undefined
      : `${pairs} pairs in ${floored(hours)} h, needed are ${minimumRequests} and ${minimumHours} h`,
  };
}

/** Hours as people read them; never rounded up to what is needed. */
const floored = (hours: number): number => Math.floor(hours * 100) / 100;
