import type { Json } from '../../services/service';
import type { Attempt } from '../attempt';
import type { ParallelState } from '../definition';
import { fill } from '../payload';

/** Runs every branch on a copy of its input; the first that fails ends the others. */
// source: asl-parallel
export function runParallel(state: ParallelState, attempt: Attempt): void {
  const scope = attempt.effective(state.InputPath);
  const input = state.Parameters === undefined ? scope.input : fill(state.Parameters, scope);
  const { thread } = attempt.visit;
  if (!attempt.log('ParallelStateStarted')) return;
  const outputs: Json[] = new Array(state.Branches.length);
  let left = state.Branches.length;
  const branches = state.Branches.map((branch, i) =>
    attempt.fork(branch, {}, (result, ended) => {
      thread.lastEvent = ended.lastEvent;
      if ('error' in result) {
        for (const other of branches) other.abort();
        attempt.fail(result.error, 'ParallelStateFailed');
        return;
      }
      outputs[i] = result.output;
      left -= 1;
      if (left === 0 && attempt.mention('ParallelStateSucceeded')) attempt.succeed(outputs, state.Next);
    }),
  );
  for (const branch of branches) branch.start(input);
}
