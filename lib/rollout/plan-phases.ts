import { Duration } from 'aws-cdk-lib';
import type { Phase, Plan } from '../../decision/rollout/plan';
import { _changeTimes } from '../bases/change-window';
import type { RolloutPlan, RolloutStep } from '../bases/rollout-plan';
import { isoDuration } from '../private/durations';

/**
 * An offline gate reads a report that is there, or not: half an hour is enough to find that out, and leaves a first
 * version half of the hour that CloudFormation waits.
 */
const BEFORE_DEADLINE = 'PT30M';

/**
 * A strategy's steps as the phases of an engine: every step below 100 percent is a stage, and the last one is the
 * watch, because all traffic has moved and the old version is kept warm.
 *
 * @param before whether gates are asked before anything is launched
 */
export function planPhases(plan: RolloutPlan, before: boolean): Plan {
  const { shadow } = plan;
  const stages = plan.steps.slice(0, -1);
  const last = plan.steps[plan.steps.length - 1];
  const phases: Phase[] = [
    ...(before ? [{ kind: 'before' as const, deadline: BEFORE_DEADLINE }] : []),
    ...(shadow === undefined
      ? []
      : [
          {
            kind: 'shadow' as const,
            samplingPercent: shadow.samplingPercent,
            minimumRequests: shadow.minimumRequests,
            bake: isoDuration(shadow.minimumDuration),
            deadline: isoDuration(shadow.deadline ?? times(3, shadow.minimumDuration)),
          },
        ]),
    ...stages.map(stagePhase),
    { kind: 'watch' as const, bake: isoDuration(last.bake), holdbackPercent: plan.holdbackPercent },
  ];
  return {
    schemaVersion: 1,
    strategy: plan.strategy,
    phases,
    onUndecided: plan.onUndecided,
    retainPrevious: true,
    ..._changeTimes(plan.changeWindow, plan.freezes),
  };
}

function stagePhase(step: RolloutStep): Phase {
  const hourMore = step.bake.plus(Duration.hours(1));
  const twice = times(2, step.bake);
  const deadline = step.deadline ?? (twice.toSeconds() > hourMore.toSeconds() ? twice : hourMore);
  return {
    kind: 'stage',
    percent: step.percent,
    bake: isoDuration(step.bake),
    deadline: isoDuration(deadline),
    ...(step.approval ? { approval: true } : {}),
  };
}

const times = (factor: number, duration: Duration): Duration => Duration.seconds(factor * duration.toSeconds());
