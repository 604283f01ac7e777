import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Gate } from '../bases/gate';
import type { RolloutStep } from '../bases/rollout-plan';

/**
 * Warns of each gate that will most likely still be undecided when a stage ends: a rollout that holds every time
 * teaches people to wave it through. Evidence of all stages is one stream, so their requests add up.
 */
export function warnOfSlowGates(
  scope: Construct,
  gates: readonly Gate[],
  steps: readonly RolloutStep[],
  requestsPerSecond: number | undefined,
): void {
  if (steps.some(({ bake }) => bake.isUnresolved())) return;
  const stages = steps.filter(({ effectivePercent }) => effectivePercent > 0 && effectivePercent < 100);
  for (const gate of gates) warnOfFewMinutes(scope, gate, stages);
  if (requestsPerSecond === undefined) return;
  for (const gate of gates) {
    let seen = 0;
    for (const { effectivePercent, percent, bake } of stages) {
      const share = effectivePercent / 100;
      const rate = requestsPerSecond * share;
      seen += rate * bake.toSeconds({ integral: false });
      const needed = gate._requestsToPass(share);
      if (needed === undefined || seen >= needed) continue;
      const hours = (needed - seen) / rate / 3600;
      Annotations.of(scope).addWarningV2(
        'cdk-sagemaker-rollouts:gateCannotDecide',
        `gate ${gate.gateName} needs about ${Math.ceil(needed)} requests of a good version to pass it, and has ` +
          `${Math.floor(seen)} when the stage at ${percent} % ends (${requestsPerSecond} requests a second declared): ` +
          `bake it ${hours.toFixed(1)} h longer, or give it a larger share`,
      );
      break;
    }
  }
}

/** Minutes of a stage that a gate does not see: those around the shift, and the last ones, whose metrics are on their way. */
const UNSEEN_MINUTES = 5;

/** A gate that cannot know yet makes a stage longer than its bake; where the deadline comes first, it is held. */
function warnOfFewMinutes(scope: Construct, gate: Gate, [first]: readonly RolloutStep[]): void {
  const needed = gate._minutesToPass();
  if (needed === 0 || first === undefined) return;
  const bake = first.bake.toMinutes({ integral: false });
  if (bake >= needed + UNSEEN_MINUTES) return;
  Annotations.of(scope).addWarningV2(
    'cdk-sagemaker-rollouts:gateOutlastsBake',
    `gate ${gate.gateName} passes nothing before it has ${needed} minutes of metrics, about ${needed + UNSEEN_MINUTES} minutes into the ` +
      `first stage, which bakes for ${first.bake.toHumanString()}: the stage waits for it until its deadline; bake it longer`,
  );
}
