import type { Attempt } from '../attempt';
import type { FailState } from '../definition';
import { StatesError } from '../errors';
import { expression } from '../payload';

/** Ends the thread with an error; no Retry or Catch of its own can keep it. */
// source: asl-fail
export function runFail(state: FailState, attempt: Attempt): void {
  const word = (field: 'Error' | 'Cause') => {
    const path = state[`${field}Path`];
    if (path === undefined) return state[field];
    const value = expression(path, `${field}Path`, attempt.scope);
    if (typeof value !== 'string') throw StatesError.runtime(`${field}Path must give a string`);
    return value;
  };
  attempt.fail(new StatesError(word('Error') ?? '', word('Cause')));
}
