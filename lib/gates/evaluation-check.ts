import { Token } from 'aws-cdk-lib';
import { fairnessMeasures } from '../../decision/rules/fairness-measures';
import { type CheckJson, slicePath } from '../private/check-json';
import { requirePath, requireShare } from '../private/gate-rules';
import { Problems } from '../private/problems';
import type { Direction } from './direction';
import type { MetricPlace } from './metric-place';

/** A metric of both reports, and how much of it the new version may lose. */
export interface ComparisonCheckProps {
  /** Where the metric stands in a report. */
  readonly metric: MetricPlace;
  /** Which way is good. */
  readonly direction: Direction;
  /** How much worse than the champion the new version may be, in the metric's own unit. */
  readonly absoluteMargin: number;
  /**
   * Names that stand for `{slice}` in the metric's place: every one of them must hold by itself. A metric without
   * `{slice}` has one slice, called `all`.
   *
   * @default ['all']
   */
  readonly slices?: string[];
  /**
   * Whether to compare bare values where the reports do not say how sure they are. Two reports on a thousand examples
   * differ by a percent by chance alone.
   *
   * @default false
   */
  readonly ignoreUncertainty?: boolean;
}

/** A value of the new version's report, and its limits. */
export interface LimitCheckProps {
  /** Where the value stands in the report. */
  readonly metric: MetricPlace;
  /**
   * The largest value that passes.
   *
   * @default - no upper limit; one of both must be given
   */
  readonly maximum?: number;
  /**
   * The smallest value that passes.
   *
   * @default - no lower limit; one of both must be given
   */
  readonly minimum?: number;
}

/** Measures of fairness in Clarify's report, and their limits. */
export interface FairnessCheckProps {
  /** Name of the facet, such as `age`. */
  readonly facet: string;
  /** The group that may be at a disadvantage, as the report writes it: `1`, `(40, 90]`. */
  readonly group: string;
  /**
   * Limit by measure. `DI` is a ratio that must lie between its limit and the inverse of it; all others are
   * differences, of which the size may be at most the limit.
   *
   * @default { DI: 0.8, DPPL: 0.1 }
   */
  readonly limits?: { [measure: string]: number };
  /**
   * Which part of the report: `post` judges what the model does, `pre` the data it was trained on.
   *
   * @default 'post'
   */
  readonly training?: string;
}

/** One thing that an evaluation report must show. */
export class EvaluationCheck {
  /** Compares a metric with the champion's, in every slice; it must be shown to lose less than the margin. */
  public static comparison(props: ComparisonCheckProps): EvaluationCheck {
    const { metric, direction, absoluteMargin, slices } = props;
    const problems = new Problems('EvaluationCheck.comparison');
    problems.require(
      Number.isFinite(absoluteMargin) && absoluteMargin >= 0,
      'EvaluationMargin',
      () => `absoluteMargin must be a number of at least 0, got ${absoluteMargin}`,
    );
    const sliced = metric.value.includes('{slice}');
    problems.require(
      sliced === (slices !== undefined) && slices?.length !== 0,
      'EvaluationSlices',
      () =>
        `slices and {slice} in the metric's place belong together, got ${slices?.length ?? 'no'} slices and '${metric.value}'`,
    );
    const names = slices ?? ['all'];
    for (const name of names) requirePath(problems, slicePath(metric.value, name) ?? '');
    problems.throwIfAny();
    return new EvaluationCheck(true, {
      check: 'comparison',
      metric: metric.name,
      slices: names.map((name) => ({
        name,
        value: slicePath(metric.value, name),
        standardError: slicePath(metric.standardError, name),
        trials: slicePath(metric.trials, name),
      })),
      rule: {
        kind: 'offline',
        metric: metric.name,
        absoluteMargin,
        direction,
        slices: names,
        uncertainty: props.ignoreUncertainty === true ? 'ignored' : 'required',
      },
    });
  }

  /** Holds a value within fixed limits: a p99 latency at load, a least accuracy. */
  public static limit(props: LimitCheckProps): EvaluationCheck {
    const { metric, minimum, maximum } = props;
    const problems = new Problems('EvaluationCheck.limit');
    requirePath(problems, metric.value);
    for (const [noun, limit] of Object.entries({ minimum, maximum })) {
      problems.require(
        limit === undefined || (!Token.isUnresolved(limit) && Number.isFinite(limit)),
        'EvaluationLimit',
        () => `${noun} must be a finite number, known at synth, got ${limit}`,
      );
    }
    problems.require(
      (minimum !== undefined || maximum !== undefined) && !((minimum ?? -Infinity) > (maximum ?? Infinity)),
      'EvaluationLimit',
      () => `minimum or maximum must be given, the minimum not above the maximum, got ${minimum} and ${maximum}`,
    );
    problems.throwIfAny();
    return new EvaluationCheck(false, {
      check: 'limit',
      metric: metric.name,
      value: metric.value,
      samples: metric.trials ?? null,
      rule: {
        kind: 'ceiling',
        ...(minimum === undefined ? {} : { minimum }),
        ...(maximum === undefined ? {} : { maximum }),
      },
    });
  }

  /**
   * Holds measures of fairness in SageMaker Clarify's `analysis.json` within limits.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-measure-post-training-bias.html
   */
  public static fairness(props: FairnessCheckProps): EvaluationCheck {
    const { facet, group, limits = { DI: 0.8, DPPL: 0.1 }, training = 'post' } = props;
    const problems = new Problems('EvaluationCheck.fairness');
    problems.require(
      training === 'post' || training === 'pre',
      'FairnessTraining',
      () => `training must be 'post' or 'pre', got '${training}'`,
    );
    problems.require(
      facet !== '' && group !== '',
      'FairnessGroup',
      () => `facet and group must be named, got '${facet}' and '${group}'`,
    );
    problems.require(
      Object.keys(limits).length > 0,
      'FairnessLimits',
      () => 'limits must name at least one measure, got none',
    );
    for (const [measure, limit] of Object.entries(limits)) {
      problems.require(
        Object.hasOwn(fairnessMeasures, measure),
        'FairnessMeasure',
        () => `limits must name measures out of ${Object.keys(fairnessMeasures).join(', ')}, got ${measure}`,
      );
      if (measure === 'DI') requireShare(problems, 'the limit of DI', limit);
      else {
        problems.require(
          limit > 0 && Number.isFinite(limit),
          'FairnessLimits',
          () => `the limit of ${measure} must be a number above 0, got ${limit}`,
        );
      }
    }
    const quoted = (text: string) => text.replace(/[\\']/g, '\\$&');
    const at = (measure: string) =>
      `$.${training}_training_bias_metrics.facets['${quoted(facet)}'][?(@.value_or_threshold=='${quoted(group)}')]` +
      `.metrics[?(@.name=='${quoted(measure)}')].value`;
    for (const measure of Object.keys(limits)) requirePath(problems, at(measure));
    problems.throwIfAny();
    const name = `${facet} ${group}`;
    return new EvaluationCheck(false, {
      check: 'fairness',
      metric: 'fairness',
      facets: [{ name, values: Object.fromEntries(Object.keys(limits).map((measure) => [measure, at(measure)])) }],
      // Clarify writes values without counts, so there is nothing to compute an interval from.
      rule: { kind: 'fairness', limits, facets: [name], uncertainty: 'ignored' },
    });
  }

  private constructor(
    private readonly compares: boolean,
    private readonly json: CheckJson,
  ) {}

  /**
   * Whether the champion's report is needed beside.
   *
   * @internal
   */
  public get _compares(): boolean {
    return this.compares;
  }

  /**
   * As plain JSON.
   *
   * @internal
   */
  public _render(): CheckJson {
    return this.json;
  }
}
