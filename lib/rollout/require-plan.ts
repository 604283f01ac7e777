import { type Gate, GatePhase, WatchAbility } from '../bases/gate';
import type { RolloutPlan } from '../bases/rollout-plan';
import { FunctionGate } from '../gates/function-gate';
import type { Problems } from '../private/problems';

/** Each function that is asked writes some ten events a tick, and an execution's history holds 25,000. */
const MAXIMUM_FUNCTION_GATES = 10;

/** A plan that asks a gate what it cannot answer is refused. */
export function requirePlan(problems: Problems, plan: RolloutPlan, gates: readonly Gate[]): void {
  const names = gates.map(({ gateName }) => gateName);
  problems.require(
    new Set(names).size === names.length,
    'GateNames',
    () => `names of gates must differ, got ${names.join(', ')}`,
  );
  problems.require(
    plan.shadow !== undefined || !gates.some(({ phases }) => phases.includes(GatePhase.SHADOW) && phases.length === 1),
    'GateWithoutShadow',
    () => 'a gate on shadow traffic needs a strategy with a shadow phase',
  );
  problems.require(
    plan.shadow === undefined || gates.some(({ phases }) => phases.includes(GatePhase.SHADOW)),
    'ShadowWithoutGate',
    () =>
      'a strategy with a shadow phase needs a gate that is asked in it, or it would end undecided: add a ShadowDivergenceGate, or a FunctionGate of phase SHADOW',
  );
  for (const phase of Object.values(GatePhase)) {
    const asked = gates.filter((gate) => gate instanceof FunctionGate && gate.phases.includes(phase)).length;
    problems.require(
      asked <= MAXIMUM_FUNCTION_GATES,
      'TooManyFunctionGates',
      () =>
        `at most ${MAXIMUM_FUNCTION_GATES} gates of phase ${phase} may be FunctionGates, got ${asked}: let one function judge several things`,
    );
  }
  // In the watch a gate that compares is asked only where a holdback leaves it something to compare with.
  const compares = plan.holdbackPercent > 0 || plan.steps.some(({ percent }) => percent < 100);
  for (const gate of gates) {
    problems.require(
      compares || gate.watchAbility !== WatchAbility.NEEDS_HOLDBACK,
      'GateNeedsComparison',
      () =>
        `gate ${gate.gateName} compares two versions, and the strategy never lets both serve: give it an absolute limit (maximumRate, ...), or the strategy a stage below 100 % or a holdbackPercent`,
    );
  }
}
