import { Duration } from 'aws-cdk-lib';
import { EXECUTION_TIMEOUT_SECONDS } from '../../decision/limits';
import type { CapacitySize } from '../bases/capacity-size';
import { type PlanContext, RolloutStep } from '../bases/rollout-plan';
import { sizeProblems } from './deployment-config';
import { sumDurations, wholeSeconds } from './durations';
import { Problems } from './problems';

/** What launching a fleet may take, in seconds: finding instances, downloading the model, the health check. */
export const PROVISIONING_SECONDS = 3600;

/** The same for one batch of a rolling deployment. */
export const BATCH_PROVISIONING_SECONDS = 900;

/**
 * Refuses sizes that are wrong for any fleet. Waits and time-outs are the endpoint's business: another owner of the
 * same strategy may well wait for days.
 */
export function requireSizes(
  owner: string,
  sizes: { readonly [name in Parameters<typeof sizeProblems>[0]]?: CapacitySize },
): void {
  const problems = new Problems(owner);
  for (const [name, size] of Object.entries(sizes)) {
    const found = sizeProblems(name as keyof typeof sizes, { Type: size.unit, Value: size.value });
    for (const { code, message } of found) problems.add(code, message);
  }
  problems.throwIfAny();
}

/**
 * Steps of equal size up to all of the fleet. Only whole instances are shifted, so a fleet whose size is known is
 * walked instance by instance.
 */
export function equalSteps(
  owner: string,
  size: CapacitySize,
  context: PlanContext,
  bake: Duration,
  lastBake: Duration,
): RolloutStep[] {
  const count = requireCount(owner, size, context);
  const many = count === undefined ? Math.ceil(100 / size.value) : Math.ceil(count / size.instancesOf(count));
  return Array.from({ length: many }, (_, index) => {
    const last = index === many - 1;
    if (last) return new RolloutStep({ percent: 100, bake: lastBake });
    const effectivePercent =
      count === undefined ? (index + 1) * size.value : ((index + 1) * size.instancesOf(count) * 100) / count;
    const percent = size.unit === 'CAPACITY_PERCENT' ? Math.min(100, (index + 1) * size.value) : effectivePercent;
    return new RolloutStep({ percent, effectivePercent, bake });
  });
}

/** The fleet's instances; a size in instances decides nothing without them. */
export function requireCount(owner: string, size: CapacitySize, context: PlanContext): number | undefined {
  if (context.instanceCount === undefined && size.unit === 'INSTANCE_COUNT') {
    const problems = new Problems(owner);
    problems.add(
      'InstanceCountUnknown',
      `a size in instances (${size}) must meet an instance count that is known at synth, got a token: use CapacitySize.percent, or a number for initialInstanceCount`,
    );
    problems.throwIfAny();
  }
  return context.instanceCount;
}

/**
 * How long the deployment may take before SageMaker gives it up. SageMaker does not say what it assumes when nobody
 * says it, so there is always a value: all bakes, and time to launch what is launched.
 *
 * @returns seconds; undefined when a wait is only known at deployment
 */
export function executionTimeout(
  asked: Duration | undefined,
  bakes: readonly Duration[],
  provisioningSeconds: number,
): number | undefined {
  if (asked !== undefined) return wholeSeconds(asked);
  const baked = sumDurations(bakes);
  if (baked === undefined) return undefined;
  const { min, max } = EXECUTION_TIMEOUT_SECONDS;
  return Math.min(max, Math.max(min, wholeSeconds(baked) + provisioningSeconds));
}

/** As plain data, what is not there left out. */
export function asJson(values: { [name: string]: unknown }): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

export const DEFAULT_TERMINATION_WAIT = Duration.minutes(15);
