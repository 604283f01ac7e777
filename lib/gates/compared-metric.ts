import type { aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';
import { plainMetric, toSeries } from '../private/metric-series';
import { Problems } from '../private/problems';
import type { RatioJson } from '../private/variant-metrics';

/** How a metric is told apart by variant. */
export interface ComparedMetricProps {
  /**
   * The dimension that holds the name of the variant. The gate fills in the champion's and the challenger's.
   *
   * @default 'VariantName'
   */
  readonly variantDimension?: string;
}

/**
 * A business metric as each of two model versions causes it: one number a minute for each variant.
 *
 * Your service publishes it with the variant that answered as a dimension: SageMaker returns its name with every answer
 * (`InvokedProductionVariant`), so no other book-keeping is needed.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export class ComparedMetric {
  /** The mean of a metric that is published once for each request or event, such as revenue or satisfaction. */
  public static byVariant(metric: cloudwatch.IMetric, props: ComparedMetricProps = {}): ComparedMetric {
    return ComparedMetric.make('byVariant', false, props, (problems, dimension) => {
      const plain = plainMetric(problems, metric, dimension);
      const of = (statistic: string) => ({
        metrics: plain === undefined ? [] : [{ ...plain, statistic }],
        expression: null,
      });
      return { numerator: of('Sum'), denominator: of('SampleCount') };
    });
  }

  /** How often something happens, out of how many times it could: conversions out of sessions. Each counts once. */
  public static rateByVariant(
    events: cloudwatch.IMetric,
    trials: cloudwatch.IMetric,
    props: ComparedMetricProps = {},
  ): ComparedMetric {
    return ComparedMetric.make('rateByVariant', true, props, (problems, dimension) => ({
      numerator: toSeries(problems, events, dimension),
      denominator: toSeries(problems, trials, dimension),
    }));
  }

  /** The sum of one metric over the sum of another: revenue by session. Either may be metric math. */
  public static ratioByVariant(
    numerator: cloudwatch.IMetric,
    denominator: cloudwatch.IMetric,
    props: ComparedMetricProps = {},
  ): ComparedMetric {
    return ComparedMetric.make('ratioByVariant', false, props, (problems, dimension) => ({
      numerator: toSeries(problems, numerator, dimension),
      denominator: toSeries(problems, denominator, dimension),
    }));
  }

  private static make(
    method: string,
    binary: boolean,
    props: ComparedMetricProps,
    read: (problems: Problems, dimension: string) => RatioJson,
  ): ComparedMetric {
    const problems = new Problems(`ComparedMetric.${method}`);
    const ratio = read(problems, props.variantDimension ?? 'VariantName');
    problems.throwIfAny();
    return new ComparedMetric(binary, ratio);
  }

  private constructor(
    private readonly binary: boolean,
    private readonly ratio: RatioJson,
  ) {}

  /**
   * Whether the numerator counts events among the denominator.
   *
   * @internal
   */
  public get _binary(): boolean {
    return this.binary;
  }

  /**
   * What to read, as plain JSON.
   *
   * @internal
   */
  public _read(): RatioJson {
    return this.ratio;
  }
}
