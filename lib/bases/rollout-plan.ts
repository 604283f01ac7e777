import type { Duration } from 'aws-cdk-lib';
import { isoDuration, sumDurations } from '../private/durations';
import { _changeTimes, type ChangeWindow, type Freeze } from './change-window';
import type { ShadowStep } from './shadow-step';

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
  /**
   * How long an undecided step may last before a person is asked. Only a `ModelDeployment` heeds it.
   *
   * @default - twice the bake, and at least an hour more
   */
  readonly deadline?: Duration;
  /**
   * Whether a person must agree before the next step. Only a `ModelDeployment` heeds it.
   *
   * @default false
   */
  readonly approval?: boolean;
}

/** One step of a plan: a share of live traffic, and how long it is under observation. */
export class RolloutStep {
  /** Share of live traffic that the new version was meant to have, 0-100. */
  public readonly percent: number;
  /** Share that it has, because only whole instances are shifted, 0-100. */
  public readonly effectivePercent: number;
  /** How long the step is under observation. */
  public readonly bake: Duration;
  /** How long an undecided step may last; undefined when nobody said. */
  public readonly deadline?: Duration;
  /** Whether a person must agree before the next step. */
  public readonly approval: boolean;

  constructor(props: RolloutStepProps) {
    this.percent = props.percent;
    this.effectivePercent = props.effectivePercent ?? props.percent;
    this.bake = props.bake;
    this.deadline = props.deadline;
    this.approval = props.approval ?? false;
  }

  /** As plain data, durations as ISO 8601. */
  public toJson(): { [name: string]: unknown } {
    const rounded = Math.round(this.effectivePercent * 10) / 10;
    return {
      percent: this.percent,
      ...(rounded === this.percent ? {} : { effectivePercent: rounded }),
      bake: isoDuration(this.bake),
      ...(this.deadline === undefined ? {} : { deadline: isoDuration(this.deadline) }),
      ...(this.approval ? { approval: true } : {}),
    };
  }
}

/** A whole plan. */
export interface RolloutPlanProps {
  /** The strategy's name, such as `canary`. */
  readonly strategy: string;
  /** First to last; the last one has all traffic. */
  readonly steps: RolloutStep[];
  /**
   * A time in which the new version only answers copies of requests, before the first step.
   *
   * @default - none
   */
  readonly shadow?: ShadowStep;
  /**
   * Share of traffic, 0-100, that the old version keeps in the last step, so that both can be compared to its end.
   *
   * @default 0
   */
  readonly holdbackPercent?: number;
  /**
   * Where the traffic goes when a step is undecided at its deadline.
   *
   * @default OnUndecided.STAY
   */
  readonly onUndecided?: OnUndecided;
  /**
   * When traffic may move forward. Only a `ModelDeployment` heeds it.
   *
   * @default - always
   */
  readonly changeWindow?: ChangeWindow;
  /**
   * Days in which nothing moves forward. Only a `ModelDeployment` heeds them.
   *
   * @default - none
   */
  readonly freezes?: Freeze[];
}

/** Where the traffic goes when nobody can say whether a version is good. A person is told in any case. */
export enum OnUndecided {
  /** It stays where it is. */
  STAY = 'stay',
  /** It goes back to the old version. */
  CHAMPION = 'champion',
}

/** The way of a new version from no traffic to all of it: what people read, snapshot and rehearse. */
export class RolloutPlan {
  /** The strategy's name, such as `canary`. */
  public readonly strategy: string;
  /** First to last; the last one has all traffic. */
  public readonly steps: RolloutStep[];
  /** A time in which the new version only answers copies of requests; undefined when there is none. */
  public readonly shadow?: ShadowStep;
  /** Share of traffic that the old version keeps in the last step, 0-100. */
  public readonly holdbackPercent: number;
  /** Where the traffic goes when a step is undecided at its deadline. */
  public readonly onUndecided: OnUndecided;
  /** When traffic may move forward; undefined when always. */
  public readonly changeWindow?: ChangeWindow;
  /** Days in which nothing moves forward. */
  public readonly freezes: Freeze[];

  constructor(props: RolloutPlanProps) {
    this.strategy = props.strategy;
    this.steps = [...props.steps];
    this.shadow = props.shadow;
    this.holdbackPercent = props.holdbackPercent ?? 0;
    this.onUndecided = props.onUndecided ?? OnUndecided.STAY;
    this.changeWindow = props.changeWindow;
    this.freezes = [...(props.freezes ?? [])];
  }

  /** All the time under observation; undefined when a step's time is only known at deployment. */
  public get totalBake(): Duration | undefined {
    return sumDurations(this.steps.map((step) => step.bake));
  }

  /** As plain data, durations as ISO 8601. */
  public toJson(): { [name: string]: unknown } {
    return {
      strategy: this.strategy,
      ...(this.shadow === undefined ? {} : { shadow: this.shadow.toJson() }),
      steps: this.steps.map((step) => step.toJson()),
      ...(this.holdbackPercent === 0 ? {} : { holdbackPercent: this.holdbackPercent }),
      ...(this.onUndecided === OnUndecided.STAY ? {} : { onUndecided: this.onUndecided }),
      ..._changeTimes(this.changeWindow, this.freezes),
    };
  }
}
