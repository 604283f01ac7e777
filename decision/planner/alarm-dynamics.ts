import { binomialCdf } from '../special/binomial';
import { logGamma } from '../special/gamma';

/**
 * Chance that an M-of-N alarm has fired within `T` periods when each breaches with chance `q`, independently: an exact
 * Markov chain over the last N - 1 periods.
 */
export function mOfNAlarmProbability({
  q,
  M,
  N,
  T,
}: {
  readonly q: number;
  readonly M: number;
  readonly N: number;
  readonly T: number;
}): number {
  const mask = (1 << (N - 1)) - 1;
  const ones = (bits: number) => bits.toString(2).replaceAll('0', '').length;
  let chances = new Float64Array(mask + 1);
  chances[0] = 1;
  let fired = 0;
  for (let t = 0; t < T; t++) {
    const next = new Float64Array(mask + 1);
    for (let bits = 0; bits <= mask; bits++) {
      if (chances[bits] === 0) continue;
      next[(bits << 1) & mask] += chances[bits] * (1 - q);
      if (ones(bits) + 1 >= M) fired += chances[bits] * q;
      else next[((bits << 1) | 1) & mask] += chances[bits] * q;
    }
    chances = next;
  }
  return fired;
}

/** Chance that the error rate of one period exceeds `threshold`, with Poisson traffic of mean `lambdaRequests`. */
export function breachProbability({
  lambdaRequests,
  p,
  threshold,
}: {
  readonly lambdaRequests: number;
  readonly p: number;
  readonly threshold: number;
}): number {
  const spread = 10 * Math.sqrt(lambdaRequests) + 20;
  const first = Math.max(1, Math.floor(lambdaRequests - spread));
  let sum = 0;
  for (let n = first; n <= lambdaRequests + spread; n++) {
    const chance = Math.exp(n * Math.log(lambdaRequests) - lambdaRequests - logGamma({ x: n + 1 }));
    sum += chance * (1 - binomialCdf({ k: Math.floor(threshold * n), n, p }));
  }
  return sum;
}

/**
 * Whether an alarm can ever fire: whether any value inside the range of its metric breaches its threshold. Sums grow
 * with the traffic, so a range says nothing against them.
 */
export function alarmReachable({
  statistic,
  threshold,
  comparison,
  metricRange: [low, high],
}: {
  readonly metric: string;
  readonly statistic: string;
  readonly threshold: number;
  readonly comparison: string;
  readonly metricRange: readonly [number, number];
}): boolean {
  const most = statistic === 'Sum' || statistic === 'SampleCount' ? Number.POSITIVE_INFINITY : high;
  if (comparison === 'GreaterThanThreshold') return most > threshold;
  if (comparison === 'GreaterThanOrEqualToThreshold') return most >= threshold;
  if (comparison === 'LessThanThreshold') return low < threshold;
  return comparison === 'LessThanOrEqualToThreshold' && low <= threshold;
}
