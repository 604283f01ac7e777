import type { PlanContext, RolloutPlan } from './rollout-plan';

/**
 * The path of a new model version from no traffic to all of it.
 *
 * A strategy is immutable and belongs to no endpoint: twenty models may share one. It may be asked for its plan any
 * number of times.
 */
export abstract class Strategy {
  /** Lays out the steps for a fleet, first to last. The last step has all traffic. */
  public abstract plan(context: PlanContext): RolloutPlan;

  /** As plain data, for snapshots: what the user asked for, durations as ISO 8601. */
  public abstract toJson(): { [name: string]: unknown };
}
