import type { RandomStream } from '../time/random';
import type { Retrier } from './definition';
import type { StatesError } from './errors';

/**
 * Whether a list of error names means this error. `States.ALL` is every error but States.Runtime, which nothing
 * catches; `States.TaskFailed` is every error but a time-out. A missed heartbeat is reported as States.Timeout and
 * answers to both names.
 */
// source: asl-error-names
export function matchesError(names: readonly string[], error: StatesError): boolean {
  if (error.error === 'States.Runtime') return false;
  return names.some(
    (name) =>
      name === error.error ||
      name === error.alias ||
      name === 'States.ALL' ||
      (name === 'States.TaskFailed' && error.error !== 'States.Timeout'),
  );
}

/** Milliseconds before the next attempt, when `done` attempts by this retrier have already been made. */
// source: asl-retry
export function retryDelay(retrier: Retrier, done: number, random: RandomStream): number {
  const wanted = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** done;
  const seconds = Math.min(wanted, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return 1000 * (retrier.JitterStrategy === 'FULL' ? seconds * random() : seconds);
}
