import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { effortToProve } from '../../decision/planner/plan';
import { Gate, GateBinding, type GateContext, GateEvaluator, GatePhase, WatchAbility } from '../bases/gate';
import { alphaPromote, alphaRollback, requireGateName, requireShare } from '../private/gate-rules';
import { Problems } from '../private/problems';
import { readMetrics } from '../private/read-metrics';
import { SETTLE_SECONDS, type SeriesJson, sageMakerMetric, single } from '../private/variant-metrics';

/** Error rate of a champion that nobody has told us about, for forecasts: fewer errors need fewer requests. */
const TYPICAL_RATE = 0.01;

/** What counts as an error of the model. */
export enum ErrorSignal {
  /** Answers with 5xx. */
  SERVER_ERRORS = 'serverErrors',
  /**
   * Everything that kept the model from answering (5xx, time-outs, broken connections, malformed answers), without what
   * the caller did wrong (4xx).
   */
  MODEL_FAILURES = 'modelFailures',
}

/** How many errors a new version may make. */
export interface ErrorRateGateProps {
  /**
   * How much higher than the champion's the new version's error rate may be, as a difference of two shares: 0.005
   * lets 1 % become 1.5 %. A version exactly at the margin is undecided by nature.
   *
   * @default 0.005
   */
  readonly absoluteMargin?: number;
  /**
   * The highest error rate, 0-1, at which the new version may be left alone in the watch.
   *
   * @default - none: in the watch the gate needs a holdback to compare with
   */
  readonly maximumRate?: number;
  /**
   * What counts as an error.
   *
   * @default ErrorSignal.SERVER_ERRORS
   */
  readonly signal?: ErrorSignal;
  /**
   * Whether to read the metrics of one fleet (dimension `EndpointConfigName`) instead of those of the variant.
   *
   * @default false
   */
  readonly perFleet?: boolean;
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
   * @default 'ErrorRate'
   */
  readonly gateName?: string;
}

/**
 * Compares the error rates of both versions minute by minute, and passes when the new one is shown to be tolerable.
 *
 * Both serve at the same time, so what hits both (a broken client, a sick database) blames neither.
 *
 * @example
 * new rollouts.ErrorRateGate({ absoluteMargin: 0.005, maximumRate: 0.02 });
 */
export class ErrorRateGate extends Gate {
  public readonly gateName: string;
  public readonly phases = [GatePhase.STAGE, GatePhase.WATCH];
  public readonly watchAbility: WatchAbility;
  private readonly absoluteMargin: number;

  constructor(private readonly props: ErrorRateGateProps = {}) {
    super();
    this.gateName = props.gateName ?? 'ErrorRate';
    this.absoluteMargin = props.absoluteMargin ?? 0.005;
    this.watchAbility = props.maximumRate === undefined ? WatchAbility.NEEDS_HOLDBACK : WatchAbility.ALONE;
    const problems = new Problems('ErrorRateGate');
    requireGateName(problems, this.gateName);
    requireShare(problems, 'absoluteMargin', this.absoluteMargin);
    if (props.maximumRate !== undefined) requireShare(problems, 'maximumRate', props.maximumRate);
    requireShare(problems, 'falseRollbackRate', props.falseRollbackRate ?? 0.01);
    requireShare(problems, 'falsePromotionRate', props.falsePromotionRate ?? 0.01);
    problems.throwIfAny();
  }

  public bind(scope: Construct, context: GateContext): GateBinding {
    const { maximumRate, perFleet = false } = this.props;
    const alpha = { alphaRollback: alphaRollback(this.props.falseRollbackRate, context.gateCount) };
    const margin = { absoluteMargin: this.absoluteMargin };
    const stage = {
      kind: 'countDifference',
      ...margin,
      ...alpha,
      alphaPromote: alphaPromote(this.props.falsePromotionRate),
    };
    return new GateBinding({
      evaluator: GateEvaluator.JUDGE,
      definition: {
        kind: 'metric',
        id: this.gateName,
        arms: 'both',
        read: {
          numerator: this.errors(context.endpointName, perFleet),
          denominator: single(sageMakerMetric(context.endpointName, perFleet, 'Invocations', 'Sum')),
        },
        fallback: null,
        settleSeconds: SETTLE_SECONDS,
        rules: {
          stage,
          holdback: { kind: 'watch', ...margin, ...alpha },
          ...(maximumRate === undefined ? {} : { watch: { kind: 'watch', maximumShare: maximumRate, ...alpha } }),
        },
      },
      statements: [readMetrics()],
    });
  }

  /** @internal */
  public _requestsToPass(share: number): number | undefined {
    const { absoluteMargin, props } = this;
    if (Token.isUnresolved(absoluteMargin)) return undefined;
    const alpha = alphaPromote(props.falsePromotionRate);
    return effortToProve({ requestsPerSecond: 1, share, championRate: TYPICAL_RATE, absoluteMargin, alpha }).requests;
  }

  private errors(endpoint: string, perFleet: boolean): SeriesJson {
    if (this.props.signal !== ErrorSignal.MODEL_FAILURES) {
      return single(sageMakerMetric(endpoint, perFleet, 'Invocation5XXErrors', 'Sum'));
    }
    return {
      metrics: [
        sageMakerMetric(endpoint, perFleet, 'InvocationModelErrors', 'Sum', 'm1'),
        sageMakerMetric(endpoint, perFleet, 'Invocation4XXErrors', 'Sum', 'm2'),
      ],
      // InvocationModelErrors counts every answer that is not 2xx, the caller's 4xx included.
      expression: 'm1 - m2',
    };
  }
}
