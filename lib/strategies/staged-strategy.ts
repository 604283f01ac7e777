import { Duration, Token } from 'aws-cdk-lib';
import { _changeTimes, _requireFreezes, type ChangeWindow, type Freeze } from '../bases/change-window';
import { OnUndecided, type PlanContext, RolloutPlan, RolloutStep } from '../bases/rollout-plan';
import { type ShadowPhase, ShadowStep } from '../bases/shadow-step';
import { Strategy } from '../bases/strategy';
import { asJson } from '../private/guardrails';
import { Problems } from '../private/problems';

/** One stage: a share of live traffic, and how long it is watched. */
export interface Stage {
  /** Share of live traffic, 0-100, more than in the stage before. */
  readonly percent: number;
  /** How long the stage is watched at least. */
  readonly bake: Duration;
  /**
   * How long it may last undecided before a person is asked.
   *
   * @default - twice the bake, and at least an hour more
   */
  readonly deadline?: Duration;
  /**
   * Whether a person must agree before the next stage.
   *
   * @default false
   */
  readonly approval?: boolean;
}

/** How a staged deployment goes. */
export interface StagedStrategyProps {
  /** Shares below 100 percent, each larger than the one before. All traffic follows after the last. */
  readonly stages: Stage[];
  /**
   * A time in which the new version only answers copies of requests, before the first stage.
   *
   * @default - none
   */
  readonly shadow?: ShadowPhase;
  /**
   * How long the old version is kept warm, and the new one watched, after all traffic has moved.
   *
   * @default Duration.hours(72)
   */
  readonly watchPeriod?: Duration;
  /**
   * Share of traffic, 0-50, that the old version keeps during the watch, so that both can still be compared.
   *
   * @default 0
   */
  readonly holdbackPercent?: number;
  /**
   * Where the traffic goes when a stage is undecided at its deadline.
   *
   * @default OnUndecided.STAY
   */
  readonly onUndecided?: OnUndecided;
  /**
   * When traffic may move forward. Going back is never bound by it.
   *
   * @default - always
   */
  readonly changeWindow?: ChangeWindow;
  /**
   * Days in which nothing moves forward, the change window open or not. Going back is never bound by them.
   *
   * @default - none
   */
  readonly freezes?: Freeze[];
}

/**
 * Moves traffic over days: a shadow phase, stages that each must be shown to be good, and a watch with the old version
 * warm. Only a `ModelDeployment` can carry it out.
 *
 * @example
 * new rollouts.StagedStrategy({
 *   stages: [
 *     { percent: 5, bake: Duration.hours(24) },
 *     { percent: 25, bake: Duration.hours(24) },
 *     { percent: 50, bake: Duration.hours(24) },
 *   ],
 *   watchPeriod: Duration.hours(72),
 * });
 */
export class StagedStrategy extends Strategy {
  /** The least that catches most: 10 % for a day, then all traffic under watch for a day. */
  public static minimumViable(): StagedStrategy {
    return new StagedStrategy({ stages: [{ percent: 10, bake: Duration.hours(24) }], watchPeriod: Duration.hours(24) });
  }

  /** 5, 25 and 50 % for a day each, then all traffic under watch for three days. */
  public static standard(): StagedStrategy {
    return new StagedStrategy({ stages: [5, 25, 50].map((percent) => ({ percent, bake: Duration.hours(24) })) });
  }

  /**
   * For decisions that hurt people when they are wrong: 10,000 shadow requests and two days, then as `standard`, and a
   * person agrees before all traffic moves.
   */
  public static highStakes(): StagedStrategy {
    const bake = Duration.hours(24);
    return new StagedStrategy({
      shadow: { minimumRequests: 10_000, minimumDuration: Duration.hours(48) },
      stages: [
        { percent: 5, bake },
        { percent: 25, bake },
        { percent: 50, bake, approval: true, deadline: Duration.days(5) },
      ],
      onUndecided: OnUndecided.CHAMPION,
    });
  }

  private readonly watchPeriod: Duration;

  constructor(private readonly props: StagedStrategyProps) {
    super();
    this.watchPeriod = props.watchPeriod ?? Duration.hours(72);
    const problems = new Problems('StagedStrategy');
    requireStages(problems, props.stages);
    requireShadow(problems, props.shadow);
    const holdback = props.holdbackPercent ?? 0;
    problems.require(
      holdback >= 0 && holdback <= 50,
      'HoldbackOutOfRange',
      () => `holdbackPercent must be between 0 and 50, got ${holdback}`,
    );
    _requireFreezes(problems, props.freezes ?? []);
    problems.throwIfAny();
  }

  public plan(context: PlanContext): RolloutPlan {
    const { stages, shadow, holdbackPercent, onUndecided, changeWindow, freezes } = this.props;
    return new RolloutPlan({
      strategy: 'staged',
      shadow: shadow === undefined ? undefined : new ShadowStep(shadow),
      steps: [
        ...stages.map((stage) => new RolloutStep(stage)),
        new RolloutStep({ percent: 100, bake: this.watchPeriod }),
      ],
      holdbackPercent,
      onUndecided,
      changeWindow,
      freezes,
    });
  }

  public toJson(): { [name: string]: unknown } {
    const { stages, shadow, holdbackPercent, onUndecided, changeWindow, freezes = [] } = this.props;
    return asJson({
      strategy: 'staged',
      shadow: shadow && new ShadowStep(shadow).toJson(),
      stages: stages.map((stage) => new RolloutStep(stage).toJson()),
      watchPeriod: this.watchPeriod.toIsoString(),
      holdbackPercent,
      onUndecided,
      ..._changeTimes(changeWindow, freezes),
    });
  }
}

/** The stages decide how many things are drawn, so they must be known. */
function requireStages(problems: Problems, stages: readonly Stage[]): void {
  problems.require(
    stages.length >= 1 && stages.length <= 20,
    'StagesOutOfRange',
    () => `stages must be 1 to 20, got ${stages.length}`,
  );
  stages.forEach(({ percent, bake, deadline }, i) => {
    const known = !Token.isUnresolved(percent) && !bake.isUnresolved() && deadline?.isUnresolved() !== true;
    problems.require(known, 'StageUnknown', () => `stage ${i + 1} must be known at synth, got a token`);
    if (!known) return;
    const before = i === 0 ? 0 : stages[i - 1].percent;
    problems.require(
      percent > before && percent < 100,
      'StagePercentOutOfOrder',
      () => `percent of stage ${i + 1} must be more than ${before} and less than 100, got ${percent}`,
    );
    problems.require(
      deadline === undefined ||
        deadline.toMilliseconds({ integral: false }) >= bake.toMilliseconds({ integral: false }),
      'DeadlineBeforeBake',
      () =>
        `deadline of stage ${i + 1} must not end before its bake of ${bake.toHumanString()}, got ${deadline?.toHumanString()}`,
    );
  });
}

function requireShadow(problems: Problems, shadow: ShadowPhase | undefined): void {
  if (shadow === undefined) return;
  const { samplingPercent = 100, minimumRequests } = shadow;
  problems.require(
    samplingPercent > 0 && samplingPercent <= 100,
    'SamplingOutOfRange',
    () => `samplingPercent must be more than 0 and at most 100, got ${samplingPercent}`,
  );
  problems.require(
    Number.isInteger(minimumRequests) && minimumRequests >= 1,
    'ShadowRequestsOutOfRange',
    () => `minimumRequests must be a whole number of at least 1, got ${minimumRequests}`,
  );
}
