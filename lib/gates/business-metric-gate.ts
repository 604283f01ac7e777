import type { Construct } from 'constructs';
import { Gate, GateBinding, type GateContext, GateEvaluator, GatePhase, WatchAbility } from '../bases/gate';
import { alphaPromote, alphaRollback, requireGateName, requireShare } from '../private/gate-rules';
import { Problems } from '../private/problems';
import { readMetrics } from '../private/read-metrics';
import { SETTLE_SECONDS } from '../private/variant-metrics';
import type { ComparedMetric } from './compared-metric';
import { Direction } from './direction';

/** How much of a business metric a new version may cost. */
export interface BusinessMetricGateProps {
  /** The metric, told apart by variant. */
  readonly metric: ComparedMetric;
  /**
   * Which way is good.
   *
   * @default Direction.HIGHER_IS_BETTER
   */
  readonly direction?: Direction;
  /**
   * Part of the champion's value, 0-1, by which the new version may be worse: 0.02 lets it have 98 % of the champion's.
   *
   * @default 0.02
   */
  readonly relativeMargin?: number;
  /**
   * Tolerated chance, 0-1, that a version within the margin is taken back at any time of a stage.
   *
   * @default - 0.01, or 0.05 shared by all gates where they are more than five
   */
  readonly falseRollbackRate?: number;
  /**
   * Tolerated chance, 0-1, that a version beyond the margin passes.
   *
   * @default 0.01
   */
  readonly falsePromotionRate?: number;
  /**
   * Its name among the gates of a deployment.
   *
   * @default 'BusinessMetric'
   */
  readonly gateName?: string;
}

/**
 * Compares what both versions earn, and passes when the new one is shown to keep enough of it.
 *
 * It needs many requests: a 2 % margin on a rate of 30 % takes tens of thousands of the new version's. In the watch it
 * needs a holdback, because what the business earned last week proves nothing about today.
 *
 * @example
 * declare const conversions: cloudwatch.Metric;
 * new rollouts.BusinessMetricGate({
 *   metric: rollouts.ComparedMetric.byVariant(conversions),
 *   relativeMargin: 0.02,
 * });
 */
export class BusinessMetricGate extends Gate {
  public readonly gateName: string;
  public readonly phases = [GatePhase.STAGE, GatePhase.WATCH];
  public readonly watchAbility = WatchAbility.NEEDS_HOLDBACK;
  private readonly relativeMargin: number;

  constructor(private readonly props: BusinessMetricGateProps) {
    super();
    this.gateName = props.gateName ?? 'BusinessMetric';
    this.relativeMargin = props.relativeMargin ?? 0.02;
    const problems = new Problems('BusinessMetricGate');
    requireGateName(problems, this.gateName);
    requireShare(problems, 'relativeMargin', this.relativeMargin);
    requireShare(problems, 'falseRollbackRate', props.falseRollbackRate ?? 0.01);
    requireShare(problems, 'falsePromotionRate', props.falsePromotionRate ?? 0.01);
    problems.throwIfAny();
  }

  public bind(scope: Construct, context: GateContext): GateBinding {
    const { metric, direction = Direction.HIGHER_IS_BETTER } = this.props;
    const rule = {
      kind: metric._binary ? 'countRatio' : 'mean',
      direction,
      relativeMargin: this.relativeMargin,
      alphaRollback: alphaRollback(this.props.falseRollbackRate, context.gateCount),
      alphaPromote: alphaPromote(this.props.falsePromotionRate),
    };
    return new GateBinding({
      evaluator: GateEvaluator.JUDGE,
      definition: {
        kind: 'metric',
        id: this.gateName,
        arms: 'both',
        read: metric._read(),
        fallback: null,
        settleSeconds: SETTLE_SECONDS,
        rules: { stage: rule, holdback: rule },
      },
      statements: [readMetrics()],
    });
  }
}
