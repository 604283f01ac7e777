import type { Construct } from 'constructs';
import { Gate, GateBinding, type GateContext, GateEvaluator, GatePhase, WatchAbility } from '../bases/gate';
import { alphaPromote, alphaRollback, requireGateName, requireShare } from '../private/gate-rules';
import { Problems } from '../private/problems';
import { readObjects } from '../private/read-objects';
import { PredictionField } from './prediction-field';

/** How differently a new version may answer. */
export interface ShadowDivergenceGateProps {
  /** Share of predictions, 0-1, on which the new version may disagree with the champion. */
  readonly maximumRate: number;
  /**
   * Which part of an answer is compared, and when two agree.
   *
   * @default PredictionField.auto()
   */
  readonly prediction?: PredictionField;
  /**
   * How far the distribution of the new version's predictions may move from the champion's, as a population stability
   * index over ten bins: below 0.1 it is called stable, above 0.25 it is another population.
   *
   * @default - it must be within 0.1 to pass, and fails above 0.25
   */
  readonly maximumDrift?: number;
  /**
   * How much higher, 0-1, the share of predictions that cannot be read (empty, null, NaN) may be than the champion's.
   *
   * @default 0.005
   */
  readonly unreadableMargin?: number;
  /**
   * Share of requests, 0-1, that may lack one of the two answers before the gate believes nothing any more.
   *
   * @default 0.05
   */
  readonly maximumUnjoinedRate?: number;
  /**
   * Share of captured lines, 0-1, that may be unreadable, without an id, or doubled.
   *
   * @default 0
   */
  readonly maximumUnusableRate?: number;
  /**
   * Tolerated chance, 0-1, that a version within the limit is taken back.
   *
   * @default - 0.01, or 0.05 shared by all gates where they are more than five
   */
  readonly falseRollbackRate?: number;
  /**
   * Tolerated chance, 0-1, that a version beyond the limit passes.
   *
   * @default 0.01
   */
  readonly falsePromotionRate?: number;
  /**
   * Its name among the gates of a deployment.
   *
   * @default 'ShadowDivergence'
   */
  readonly gateName?: string;
}

/** Bytes of captured lines in one hour of one version that are joined in full; of more, a fair sample is. */
const BYTES_IN_FULL = 256 * 1024 * 1024;

/**
 * Lays the new version's answers beside the champion's, request by request, while callers still get the champion's.
 *
 * It passes when both of the shadow's minima are reached (requests and time, whichever comes later), and both versions
 * are shown to agree. The endpoint must capture input and output of both variants at 100 %, and callers should send an
 * `InferenceId`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
 * @example
 * new rollouts.ShadowDivergenceGate({
 *   maximumRate: 0.02,
 *   prediction: rollouts.PredictionField.score({ tolerance: 0.05 }),
 * });
 */
export class ShadowDivergenceGate extends Gate {
  public readonly gateName: string;
  public readonly phases = [GatePhase.SHADOW];
  public readonly watchAbility = WatchAbility.NOT_ASKED;

  constructor(private readonly props: ShadowDivergenceGateProps) {
    super();
    this.gateName = props.gateName ?? 'ShadowDivergence';
    const problems = new Problems('ShadowDivergenceGate');
    requireGateName(problems, this.gateName);
    requireShare(problems, 'maximumRate', props.maximumRate);
    requireShare(problems, 'unreadableMargin', props.unreadableMargin ?? 0.005);
    requireShare(problems, 'maximumUnjoinedRate', props.maximumUnjoinedRate ?? 0.05, true);
    requireShare(problems, 'maximumUnusableRate', props.maximumUnusableRate ?? 0, true);
    requireShare(problems, 'falseRollbackRate', props.falseRollbackRate ?? 0.01);
    requireShare(problems, 'falsePromotionRate', props.falsePromotionRate ?? 0.01);
    if (props.maximumDrift !== undefined) {
      problems.require(
        props.maximumDrift > 0 && Number.isFinite(props.maximumDrift),
        'DriftOutOfRange',
        () => `maximumDrift must be a number above 0, got ${props.maximumDrift}`,
      );
    }
    problems.throwIfAny();
  }

  public bind(scope: Construct, context: GateContext): GateBinding {
    const { capture } = context;
    if (capture === undefined) {
      const problems = new Problems('ShadowDivergenceGate');
      problems.add(
        'CaptureMissing',
        'the deployment must capture input and output of its requests, got no data capture of answers, add it or drop the gate',
      );
      problems.throwIfAny(scope);
    }
    const { maximumRate, maximumDrift, prediction = PredictionField.auto() } = this.props;
    const alpha = {
      alphaRollback: alphaRollback(this.props.falseRollbackRate, context.gateCount),
      alphaPromote: alphaPromote(this.props.falsePromotionRate),
    };
    const bucket = capture?.bucket;
    const prefix = capture?.prefix ?? '';
    return new GateBinding({
      evaluator: GateEvaluator.JUDGE_DATA,
      definition: {
        kind: 'divergence',
        id: this.gateName,
        captures: { bucket: bucket?.bucketName, prefix },
        joinOn: ['inferenceId', 'eventId'],
        output: prediction._render(),
        maximumUnusableShare: this.props.maximumUnusableRate ?? 0,
        bytesInFull: BYTES_IN_FULL,
        rules: [
          {
            kind: 'disagreement',
            maximumShare: maximumRate,
            maximumUnjoinedShare: this.props.maximumUnjoinedRate ?? 0.05,
            ...alpha,
          },
          { kind: 'drift', measure: 'psi', ...(maximumDrift === undefined ? {} : { maximum: maximumDrift }) },
          { kind: 'countDifference', absoluteMargin: this.props.unreadableMargin ?? 0.005, ...alpha },
        ],
      },
      statements:
        bucket === undefined
          ? []
          : readObjects(bucket, { list: [prefix, context.endpointName], read: [prefix, context.endpointName, '*'] }),
    });
  }
}
