import type { Attempt } from '../attempt';
import type { SucceedState } from '../definition';

/** Ends the thread with its input. */
// source: asl-succeed
export function runSucceed(state: SucceedState, attempt: Attempt): void {
  attempt.succeed(attempt.effective(state.InputPath).input, undefined);
}
