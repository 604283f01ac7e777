import type { Construct } from 'constructs';
import { Gate, GateBinding, type GateContext, GateEvaluator, GatePhase, WatchAbility } from '../bases/gate';
import { requireGateName } from '../private/gate-rules';
import { Problems } from '../private/problems';
import { readObjects } from '../private/read-objects';
import type { EvaluationCheck } from './evaluation-check';
import type { EvaluationReport } from './evaluation-report';

/** What an evaluation must show before anything is launched. */
export interface OfflineEvaluationGateProps {
  /** The report on the new version. */
  readonly report: EvaluationReport;
  /**
   * The report on the version that serves, from the same examples.
   *
   * @default - none: only fixed limits can be checked
   */
  readonly championReport?: EvaluationReport;
  /** What must hold: all of them must, at least one. Quality, fairness and latency belong here together. */
  readonly checks: EvaluationCheck[];
  /**
   * Its name among the gates of a deployment.
   *
   * @default 'OfflineEvaluation'
   */
  readonly gateName?: string;
}

/**
 * Reads the reports of an evaluation before a new version gets anything, and passes when every check holds.
 *
 * A metric, a slice or a number that is missing lets nothing pass, and neither does a `NaN` written as text.
 *
 * @example
 * declare const bucket: s3.Bucket;
 * new rollouts.OfflineEvaluationGate({
 *   report: rollouts.EvaluationReport.fromBucket(bucket, 'fraud/v7/evaluation.json'),
 *   championReport: rollouts.EvaluationReport.fromBucket(bucket, 'fraud/v6/evaluation.json'),
 *   checks: [
 *     rollouts.EvaluationCheck.comparison({
 *       metric: rollouts.MetricPlace.modelQuality('binary_classification', 'auc'),
 *       direction: rollouts.Direction.HIGHER_IS_BETTER,
 *       absoluteMargin: 0.005,
 *     }),
 *     rollouts.EvaluationCheck.limit({ metric: rollouts.MetricPlace.huggingFace('p99_ms'), maximum: 250 }),
 *   ],
 * });
 */
export class OfflineEvaluationGate extends Gate {
  public readonly gateName: string;
  public readonly phases = [GatePhase.BEFORE];
  public readonly watchAbility = WatchAbility.NOT_ASKED;

  constructor(private readonly props: OfflineEvaluationGateProps) {
    super();
    this.gateName = props.gateName ?? 'OfflineEvaluation';
    const problems = new Problems('OfflineEvaluationGate');
    requireGateName(problems, this.gateName);
    problems.require(
      props.checks.length > 0,
      'EvaluationChecks',
      () => 'checks must name at least one, got none: a gate that looks at nothing lets everything pass',
    );
    problems.require(
      props.championReport !== undefined || !props.checks.some((check) => check._compares),
      'EvaluationChampion',
      () => 'championReport must be given for a comparison, got none, add it or use a check of a fixed limit',
    );
    problems.throwIfAny();
  }

  public bind(scope: Construct, context: GateContext): GateBinding {
    const { report, championReport, checks } = this.props;
    const place = ({ bucket, key }: EvaluationReport) => ({ bucket: bucket.bucketName, key });
    return new GateBinding({
      evaluator: GateEvaluator.JUDGE_DATA,
      definition: {
        kind: 'offline',
        id: this.gateName,
        challenger: place(report),
        champion: championReport === undefined ? null : place(championReport),
        checks: checks.map((check) => check._render()),
      },
      statements: [report, ...(championReport === undefined ? [] : [championReport])].flatMap(({ bucket, key }) =>
        readObjects(bucket, { read: [key] }),
      ),
    });
  }
}
