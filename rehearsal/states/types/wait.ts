import type { Json } from '../../services/service';
import type { Attempt } from '../attempt';
import type { WaitState } from '../definition';
import { StatesError } from '../errors';
import { mustFind, type Scope } from '../payload';

const LONGEST_SECONDS = 99_999_999;

function seconds(value: Json): number {
  if (Number.isInteger(value) && value >= 0 && value <= LONGEST_SECONDS) return value;
  throw StatesError.runtime(`a wait must be from 0 to ${LONGEST_SECONDS} whole seconds, got ${JSON.stringify(value)}`);
}

function instant(value: Json): number {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw StatesError.runtime(`a timestamp was expected, got ${JSON.stringify(value)}`);
}

function milliseconds(state: WaitState, scope: Scope, now: number): number {
  if (state.Seconds !== undefined) return seconds(state.Seconds) * 1000;
  if (state.SecondsPath !== undefined) return seconds(mustFind(state.SecondsPath, scope)) * 1000;
  return instant(state.Timestamp ?? mustFind(state.TimestampPath ?? '', scope)) - now;
}

/** Lets virtual time pass; a timestamp that is over is no wait at all. */
// source: asl-wait
export function runWait(state: WaitState, attempt: Attempt): void {
  const scope = attempt.effective(state.InputPath);
  const wait = milliseconds(state, scope, attempt.visit.thread.execution.clock.now());
  attempt.after(wait, () => attempt.succeed(scope.input, state.Next));
}
