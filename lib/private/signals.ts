import { type Duration, Token } from 'aws-cdk-lib';
import type { Problems } from './problems';

/** A share of requests, 0-1 and open at both ends: 2 is an honest slip for 2 %. */
export function requireRate(problems: Problems, noun: string, rate: number): void {
  if (Token.isUnresolved(rate)) return;
  const slip = rate > 1 && rate <= 100 ? `, did you mean ${rate / 100}?` : '';
  problems.require(
    rate > 0 && rate < 1,
    'RateOutOfRange',
    () => `${noun} must be more than 0 and less than 1 (0.02 is 2 %), got ${rate}${slip}`,
  );
}

/** A percentile that CloudWatch can compute. */
export function requirePercentile(problems: Problems, noun: string, percentile: number): void {
  if (Token.isUnresolved(percentile)) return;
  problems.require(
    percentile > 0 && percentile < 100,
    'PercentileOutOfRange',
    () => `${noun} must be more than 0 and less than 100, got ${percentile}`,
  );
}

/** SageMaker's latencies are microseconds. */
export function microseconds(duration: Duration): number {
  return duration.toMilliseconds({ integral: false }) * 1000;
}
