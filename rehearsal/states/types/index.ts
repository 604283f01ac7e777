import type { Attempt } from '../attempt';
import type { State } from '../definition';
import { runChoice } from './choice';
import { runFail } from './fail';
import { runMap } from './map';
import { runParallel } from './parallel';
import { runPass } from './pass';
import { runSucceed } from './succeed';
import { runTask } from './task';
import { runWait } from './wait';

type Runners = { readonly [T in State['Type']]: (state: Extract<State, { Type: T }>, attempt: Attempt) => void };

/** How each type of state does its work; a type without an entry does not compile. */
const runners: Runners = {
  Pass: runPass,
  Task: runTask,
  Choice: runChoice,
  Wait: runWait,
  Map: runMap,
  Parallel: runParallel,
  Succeed: runSucceed,
  Fail: runFail,
};

/** Starts the work of a state. What it throws as an error of the execution fails the attempt. */
export function runState(state: State, attempt: Attempt): void {
  attempt.guard(() => (runners[state.Type] as (state: State, attempt: Attempt) => void)(state, attempt));
}
