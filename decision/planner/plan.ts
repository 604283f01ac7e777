import { nullDifference } from '../intervals/null-point';
import { normalCdf } from '../special/normal';
import { binaryDivergence, eProcessGrowthAndSampleSize, smallestRate } from './sequential';

/** Traffic and tolerances that a stage of a rollout is planned with. Rates and shares are 0-1. */
export interface StagePlan {
  readonly requestsPerSecond: number;
  /** The challenger's share of traffic. */
  readonly share: number;
  /** The champion's rate of errors (or of another event). */
  readonly championRate: number;
  readonly absoluteMargin: number;
  /** Level of each side. @default 0.01 */
  readonly alpha?: number;
  /** Length of a CloudWatch period. @default 60 */
  readonly periodSeconds?: number;
  /** How long CloudWatch takes to show a closed period. @default 60 */
  readonly publishLagSeconds?: number;
}

/** Challenger requests, and minutes of the stage until they have come and can be seen. */
export interface Effort {
  readonly requests: number;
  readonly minutes: number;
}

/** Half of alpha's weight lies on the detector for late harm: two bits of patience. */
const hybridHarm = 10;
const safeAlternatives = 3;

function effort(plan: StagePlan, challengerRate: number, side: 'harm' | 'safe'): Effort {
  const { requestsPerSecond, share, championRate, absoluteMargin: margin } = plan;
  const { canaryRequests } = eProcessGrowthAndSampleSize({
    pB: challengerRate,
    pA: championRate,
    share,
    margin,
    alpha: plan.alpha ?? 0.01,
    alternatives: side === 'harm' ? hybridHarm : safeAlternatives,
    side,
  });
  // At the margin no number of requests decides, and rounding must not pretend that one does.
  if (Math.abs(challengerRate - championRate - margin) < 1e-12) {
    return { requests: Number.POSITIVE_INFINITY, minutes: Number.POSITIVE_INFINITY };
  }
  const seconds = canaryRequests / (requestsPerSecond * share);
  return {
    requests: canaryRequests,
    minutes: (seconds + (plan.periodSeconds ?? 60) / 2 + (plan.publishLagSeconds ?? 60)) / 60,
  };
}

/** What it takes on average to detect a challenger with `challengerRate`; infinite at the margin and below. */
export function effortToDetect(plan: StagePlan, challengerRate: number): Effort {
  return effort(plan, challengerRate, 'harm');
}

/** What it takes on average to prove a challenger with `challengerRate` safe; infinite at the margin and above. */
export function effortToProve(plan: StagePlan, challengerRate: number = plan.championRate): Effort {
  return effort(plan, challengerRate, 'safe');
}

/** Smallest error rate that is detected within `minutes` on average; Infinity when even 100 % errors take longer. */
export function minimumDetectableRate(plan: StagePlan, minutes: number): number {
  return smallestRate(plan.championRate + plan.absoluteMargin, minutes, (rate) => effortToDetect(plan, rate).minutes);
}

/** Share of traffic (0-1) that detects `challengerRate` within `minutes` on average; Infinity when no share does. */
export function shareToDetect(plan: StagePlan, challengerRate: number, minutes: number): number {
  const enough = (share: number) => effortToDetect({ ...plan, share }, challengerRate).minutes <= minutes;
  // Beyond a half the champion becomes the arm that lacks requests.
  if (!enough(0.5)) return Number.POSITIVE_INFINITY;
  let [low, high] = [0, 0.5];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (middle > 0 && enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Bad requests beyond what the champion would have given, until the challenger's share is 0 again. */
export function blastRadius(plan: StagePlan, challengerRate: number, rollbackMinutes: number): number {
  const excess = Math.max(0, challengerRate - plan.championRate);
  if (excess === 0) return 0;
  const minutes = effortToDetect(plan, challengerRate).minutes + rollbackMinutes;
  return plan.requestsPerSecond * plan.share * 60 * minutes * excess;
}

/**
 * Chance that a challenger with `challengerRate` is neither failed nor passed when a stage of `minutes` ends: the
 * evidence of the side it belongs to is nearly normal, with the mean and variance of one request's evidence.
 */
export function probabilityUndecided(plan: StagePlan, challengerRate: number, minutes: number): number {
  const { championRate: pA, absoluteMargin: margin, share } = plan;
  const harm = challengerRate > pA + margin;
  const per = (1 - share) / share;
  const b0 = nullDifference(challengerRate, 1, pA, per, margin);
  const a0 = Math.max(1e-12, b0 - margin);
  const mean = binaryDivergence(challengerRate, b0) + per * binaryDivergence(pA, a0);
  const spread = (p: number, q: number) =>
    p > 0 && p < 1 ? p * (1 - p) * Math.log((p * (1 - q)) / (q * (1 - p))) ** 2 : 0;
  const variance = spread(challengerRate, b0) + per * spread(pA, a0);
  const usable = Math.max(0, minutes - ((plan.publishLagSeconds ?? 60) + (plan.periodSeconds ?? 60) / 2) / 60);
  const n = usable * 60 * plan.requestsPerSecond * share;
  const threshold = Math.log((harm ? hybridHarm : safeAlternatives) / (plan.alpha ?? 0.01));
  if (!(variance > 0 && n > 0)) return 1;
  return normalCdf({ z: (threshold - n * mean) / Math.sqrt(n * variance) });
}
