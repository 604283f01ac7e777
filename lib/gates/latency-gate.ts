import { type Duration, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { clusterPeriods } from '../../decision/evidence/dispersion';
import { expectedDetectionRequests } from '../../decision/planner/sequential';
import { Gate, GateBinding, type GateContext, GateEvaluator, GatePhase, WatchAbility } from '../bases/gate';
import { alphaPromote, alphaRollback, requireGateName, requireShare } from '../private/gate-rules';
import { Problems } from '../private/problems';
import { readMetrics } from '../private/read-metrics';
import { microseconds, requirePercentile, requirePositive } from '../private/signals';
import { SETTLE_SECONDS, sageMakerMetric, single } from '../private/variant-metrics';
import type { ComparedMetric } from './compared-metric';

/** How slow a new version may be. */
export interface LatencyGateProps {
  /** The latency that the percentile must not exceed. */
  readonly ceiling: Duration;
  /**
   * The percentile, above 0 and below 100: of 100 requests, so many are answered within the ceiling.
   *
   * @default 99
   */
  readonly percentile?: number;
  /**
   * A metric of your own with 1 for each request slower than the ceiling and 0 for each other, told apart by variant:
   * it is read where CloudWatch does not keep the statistic that counts slow requests.
   *
   * @default - none: without the statistic the gate holds
   */
  readonly breaches?: ComparedMetric;
  /**
   * Whether to read the metrics of one fleet (dimension `EndpointConfigName`) instead of those of the variant.
   *
   * @default false
   */
  readonly perFleet?: boolean;
  /**
   * Tolerated chance, 0-1, that a version within the ceiling is taken back at any time of a stage.
   *
   * @default - 0.01, or 0.05 shared by all gates where they are more than five
   */
  readonly falseRollbackRate?: number;
  /**
   * Tolerated chance, 0-1, that a version beyond the ceiling passes.
   *
   * @default 0.01
   */
  readonly falsePromotionRate?: number;
  /**
   * Its name among the gates of a deployment.
   *
   * @default 'Latency'
   */
  readonly gateName?: string;
}

/**
 * Counts the requests that the new version answers too slowly, and passes when they are shown to be few enough.
 *
 * A 99th percentile within 250 ms is the same as at most 1 % of requests slower than 250 ms. Counts of slow requests
 * add up over minutes; percentiles do not, and at low traffic the percentile of a minute is its slowest request.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 * @example
 * new rollouts.LatencyGate({ percentile: 99, ceiling: Duration.millis(250) });
 */
export class LatencyGate extends Gate {
  public readonly gateName: string;
  public readonly phases = [GatePhase.STAGE, GatePhase.WATCH];
  public readonly watchAbility = WatchAbility.ALONE;
  private readonly percentile: number;

  constructor(private readonly props: LatencyGateProps) {
    super();
    this.gateName = props.gateName ?? 'Latency';
    this.percentile = props.percentile ?? 99;
    const problems = new Problems('LatencyGate');
    requireGateName(problems, this.gateName);
    requirePercentile(problems, 'percentile', this.percentile);
    requirePositive(problems, 'ceiling', props.ceiling);
    requireShare(problems, 'falseRollbackRate', props.falseRollbackRate ?? 0.01);
    requireShare(problems, 'falsePromotionRate', props.falsePromotionRate ?? 0.01);
    problems.throwIfAny();
  }

  public bind(scope: Construct, context: GateContext): GateBinding {
    const { ceiling, breaches, perFleet = false } = this.props;
    const latency = (statistic: string) =>
      single(sageMakerMetric(context.endpointName, perFleet, 'ModelLatency', statistic));
    const limits = {
      // 100 - 99.9 is not 0.1 in binary: a share of ten decimals is exact enough.
      maximumShare: Number(((100 - this.percentile) / 100).toFixed(10)),
      alphaRollback: alphaRollback(this.props.falseRollbackRate, context.gateCount),
    };
    return new GateBinding({
      evaluator: GateEvaluator.JUDGE,
      definition: {
        kind: 'metric',
        id: this.gateName,
        arms: 'challenger',
        // TC counts the data points above its lower bound; ModelLatency is in microseconds.
        read: { numerator: latency(`TC(${microseconds(ceiling)}:)`), denominator: latency('SampleCount') },
        fallback: breaches === undefined ? null : breaches._read(),
        settleSeconds: SETTLE_SECONDS,
        rules: {
          stage: { kind: 'exceedance', ...limits, alphaPromote: alphaPromote(this.props.falsePromotionRate) },
          watch: { kind: 'watch', ...limits },
        },
      },
      statements: [readMetrics()],
    });
  }

  /** @internal */
  public _minutesToPass(): number {
    // It looks at one version alone, so clusters of slow answers must be measured on that.
    return clusterPeriods;
  }

  /** @internal */
  public _requestsToPass(_share: number): number | undefined {
    if (Token.isUnresolved(this.percentile)) return undefined;
    const pNull = (100 - this.percentile) / 100;
    const alpha = alphaPromote(this.props.falsePromotionRate);
    // A good version is taken to have half of the slow requests that it may have.
    return expectedDetectionRequests({ pB: pNull / 2, pNull, alpha, alternatives: 3 }).mixturePlanning;
  }
}
