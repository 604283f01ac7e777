import type { Attempt } from '../attempt';
import { holds } from '../choice-rule';
import type { ChoiceState } from '../definition';
import { StatesError } from '../errors';

/** Goes where the first rule that holds says, else to Default. */
// source: asl-choice
export function runChoice(state: ChoiceState, attempt: Attempt): void {
  const scope = attempt.effective(state.InputPath);
  const next = state.Choices.find((rule) => holds(rule, scope))?.Next ?? state.Default;
  if (next === undefined) {
    throw new StatesError('States.NoChoiceMatched', 'no choice rule held and there is no Default', true);
  }
  attempt.succeed(scope.input, next);
}
