import { Duration } from 'aws-cdk-lib';
import { isoSeconds, LONGEST_ROLLOUT_DAYS, type Plan } from '../../decision/rollout/plan';
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

/** Somebody must look at live traffic: of a plan that nobody judges, no phase would ever pass. */
export function requireJudge(problems: Problems, gates: readonly Gate[], alarmCount: number): void {
  const live = gates.filter(({ phases }) => phases.includes(GatePhase.STAGE) || phases.includes(GatePhase.WATCH));
  problems.require(
    alarmCount > 0 || live.length > 0,
    'NothingJudges',
    () =>
      'a rollback alarm or a gate must judge live traffic, got neither: leave rollbackAlarms out for the recommended ones',
  );
}

/**
 * The engine counts whole seconds, and how many decides which state it waits in: they must be known at synth. Says
 * whether the plan can be drawn at all.
 */
export function requireDurations(problems: Problems, { steps, shadow }: RolloutPlan): boolean {
  const named: readonly (readonly [noun: string, duration: Duration | undefined])[] = [
    ['minimumDuration of the shadow', shadow?.minimumDuration],
    ['deadline of the shadow', shadow?.deadline],
    ...steps.flatMap(({ percent, bake, deadline }): [string, Duration | undefined][] => [
      [`time under observation at ${percent} %`, bake],
      [`deadline at ${percent} %`, deadline],
    ]),
  ];
  let sound = true;
  for (const [noun, duration] of named) {
    if (duration === undefined) continue;
    const seconds = duration.isUnresolved() ? undefined : duration.toSeconds({ integral: false });
    const whole = seconds !== undefined && Number.isInteger(seconds) && seconds <= LONGEST_ROLLOUT_DAYS * 86_400;
    sound &&= whole;
    problems.require(
      whole,
      'PlanDuration',
      () =>
        `${noun} must be whole seconds of at most ${LONGEST_ROLLOUT_DAYS} days, known at synth, got ${seconds === undefined ? 'a token' : `${seconds} s`}`,
    );
  }
  if (shadow?.deadline !== undefined && sound) {
    const { minimumDuration, deadline } = shadow;
    problems.require(
      deadline.toSeconds() >= minimumDuration.toSeconds(),
      'DeadlineBeforeBake',
      () =>
        `deadline of the shadow must not end before its minimumDuration of ${minimumDuration.toHumanString()}, got ${deadline.toHumanString()}`,
    );
  }
  return sound;
}

/** Undecided to the last in every phase: the state machine must still be there. */
export function requireLength(problems: Problems, { phases }: Plan): void {
  const longest = phases.reduce(
    (sum, phase) => sum + isoSeconds(phase.kind === 'watch' ? phase.bake : phase.deadline),
    0,
  );
  problems.require(
    longest <= LONGEST_ROLLOUT_DAYS * 86_400,
    'PlanTooLong',
    () =>
      `all phases, each up to its deadline, must take at most ${LONGEST_ROLLOUT_DAYS} days, got ${Duration.seconds(longest).toHumanString()}: shorten bakes or deadlines`,
  );
}
