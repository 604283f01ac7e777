import type { Attempt } from '../attempt';
import type { PassState } from '../definition';
import { fill } from '../payload';

/** Gives on its Result, or its input shaped by Parameters. */
// source: asl-pass
export function runPass(state: PassState, attempt: Attempt): void {
  const scope = attempt.effective(state.InputPath);
  const shaped = state.Parameters === undefined ? scope.input : fill(state.Parameters, scope);
  attempt.succeed(state.Result === undefined ? shaped : state.Result, state.Next);
}
