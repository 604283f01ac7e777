import { type Duration, Token } from 'aws-cdk-lib';
import type { FleetMetricProps } from '../bases/rollback-alarm';
import { addWrongKinds } from './kinds';
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

/** What asynchronous inference may take; SageMaker gives up on other answers within minutes. */
const LONGEST_ANSWER_MILLISECONDS = 3_600_000;

/** A time that something can take. */
export function requirePositive(problems: Problems, noun: string, duration: Duration): void {
  if (!addWrongKinds(problems, '', { [noun]: duration }, { [noun]: 'Duration' })) return;
  if (duration.isUnresolved()) {
    problems.add(
      'DurationUnknown',
      `${noun} must be known at synth, because it is written in microseconds, got a token`,
    );
    return;
  }
  const milliseconds = duration.toMilliseconds({ integral: false });
  problems.require(
    milliseconds > 0 && milliseconds <= LONGEST_ANSWER_MILLISECONDS,
    'DurationOutOfRange',
    () => `${noun} must be longer than nothing and at most an hour, which no answer takes, got ${duration.toString()}`,
  );
}

/** SageMaker's latencies are microseconds. */
export function microseconds(duration: Duration): number {
  return duration.toMilliseconds({ integral: false }) * 1000;
}

/**
 * Requests a second of the variant from which a minute of a canary says something. Below, one failed request is more
 * than 2 % of the minute: of good versions at 1 request a second, 5 % were taken back in rehearsals, and none with a
 * minute more; every bad one was, a minute later.
 */
const BUSY = 10;

/**
 * `Invocation5XXErrors` is sent as 0 or 1 with each request, so its average is the error rate. Two minutes: one unlucky
 * minute at low traffic takes nothing back. Of five: CloudWatch looks back only a little further than that, and points
 * that become visible after 300 s would never be seen by an alarm over three minutes.
 */
export function errorRateSignal(rate: number): FleetMetricProps {
  return {
    metricName: 'Invocation5XXErrors',
    threshold: rate,
    datapointsToAlarm: 2,
    evaluationPeriods: 5,
    patientBelow: BUSY,
  };
}

/**
 * A percentile of a minute with few requests is its slowest request. Three minutes: with 60 requests a minute
 * a healthy model stays quiet, and a doubled p99 is seen after three. Of seven: of points that are 300 s late, some are
 * still seen. A longer look back takes healthy models back at little traffic; both were rehearsed.
 */
export function latencySignal(percentile: number, maximum: Duration): FleetMetricProps {
  return {
    metricName: 'ModelLatency',
    statistic: `p${percentile}`,
    threshold: microseconds(maximum),
    datapointsToAlarm: 3,
    evaluationPeriods: 7,
    patientBelow: BUSY,
  };
}
