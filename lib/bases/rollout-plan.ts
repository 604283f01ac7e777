import type { Duration } from 'aws-cdk-lib';
import { isoDuration, sumDurations } from '../private/durations';

/** What a strategy may know of the fleet that it rolls out to. */
export interface PlanContextProps {
  /**
   * Instances of the fleet.
   *
   * @default - unknown until deployment
   */
  readonly instanceCount?: number;
  /**
   * Whether auto scaling changes the number of instances while the endpoint lives.
   *
   * @default false
   */
  readonly autoScaled?: boolean;
}

/** What a strategy may know of the fleet that it rolls out to. */
export class PlanContext {
  /** Instances of the fleet; undefined when only the deployment knows. */
  public readonly instanceCount?: number;
  /** Whether auto scaling changes that number. */
  public readonly autoScaled: boolean;

  constructor(props: PlanContextProps = {}) {
    this.instanceCount = props.instanceCount;
    this.autoScaled = props.autoScaled ?? false;
  }
}

/** One step of a plan. */
export interface RolloutStepProps {
  /** Share of live traffic that the new version has in this step, 0-100. */
  readonly percent: number;
  /** How long the step is under observation before the next one. */
  readonly bake: Duration;
  /**
   * The share that it becomes once whole instances are shifted, 0-100.
   *
   * @default - as `percent`
   */
  readonly effectivePercent?: number;
}

/** One step of a plan: a share of live traffic, and how long it is under observation. */
export class RolloutStep {
  /** Share of live traffic that the new version was meant to have, 0-100. */
  public readonly percent: number;
  /** Share that it has, because only whole instances are shifted, 0-100. */
  public readonly effectivePercent: number;
  /** How long the step is under observation. */
  public readonly bake: Duration;

  constructor(props: RolloutStepProps) {
    this.percent = props.percent;
    this.effectivePercent = props.effectivePercent ?? props.percent;
    this.bake = props.bake;
  }

  /** As plain data, durations as ISO 8601. */
  public toJson(): { [name: string]: unknown } {
    const rounded = Math.round(this.effectivePercent * 10) / 10;
    return {
      percent: this.percent,
      ...(rounded === this.percent ? {} : { effectivePercent: rounded }),
      bake: isoDuration(this.bake),
    };
  }
}

/** A whole plan. */
export interface RolloutPlanProps {
  /** The strategy's name, such as `canary`. */
  readonly strategy: string;
  /** First to last; the last one has all traffic. */
  readonly steps: RolloutStep[];
}

/** The way of a new version from no traffic to all of it: what people read, snapshot and rehearse. */
export class RolloutPlan {
  /** The strategy's name, such as `canary`. */
  public readonly strategy: string;
  /** First to last; the last one has all traffic. */
  public readonly steps: RolloutStep[];

  constructor(props: RolloutPlanProps) {
    this.strategy = props.strategy;
    this.steps = [...props.steps];
  }

  /** All the time under observation; undefined when a step's time is only known at deployment. */
  public get totalBake(): Duration | undefined {
    return sumDurations(this.steps.map((step) => step.bake));
  }

  /** As plain data, durations as ISO 8601. */
  public toJson(): { [name: string]: unknown } {
    return { strategy: this.strategy, steps: this.steps.map((step) => step.toJson()) };
  }
}
