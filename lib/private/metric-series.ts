import type { aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';
import type { Problems } from './problems';
import type { MetricJson, SeriesJson } from './variant-metrics';

const NOTHING: SeriesJson = { metrics: [], expression: null };

/** A metric, or metric math over metrics, as the series of one variant. */
export function toSeries(problems: Problems, metric: cloudwatch.IMetric, variantDimension: string): SeriesJson {
  const math = metric.toMetricConfig().mathExpression;
  if (math === undefined) {
    const plain = plainMetric(problems, metric, variantDimension);
    return plain === undefined ? NOTHING : { metrics: [plain], expression: null };
  }
  if (/\b(SEARCH|METRICS|INSIGHT_RULE_METRIC|DB_PERF_INSIGHTS|SERVICE_QUOTA)\s*\(/.test(math.expression)) {
    problems.add(
      'MetricMathOpen',
      `metric math must name each metric in usingMetrics, got '${math.expression}', replace what searches for metrics`,
    );
  }
  const metrics = Object.entries(math.usingMetrics).flatMap(
    ([id, inner]) => plainMetric(problems, inner, variantDimension, id) ?? [],
  );
  problems.require(
    metrics.length >= 1 && metrics.length <= 10,
    'MetricMathSize',
    () => `metric math must use 1 to 10 metrics, got ${metrics.length}`,
  );
  return { metrics, expression: math.expression };
}

/** One metric of a variant; its statistic becomes `Sum` unless it is `SampleCount`, because rates are made of sums. */
export function plainMetric(
  problems: Problems,
  metric: cloudwatch.IMetric,
  variantDimension: string,
  id = 'm1',
): MetricJson | undefined {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (metricStat === undefined) {
    problems.add(
      'MetricNotPlain',
      `a metric must have a name and a namespace here, got metric math '${mathExpression?.expression}', give the numerator and the denominator apart`,
    );
    return undefined;
  }
  const { namespace, metricName, statistic, dimensions = [], account, region } = metricStat;
  problems.require(
    ['Sum', 'SampleCount', 'Average'].includes(statistic),
    'MetricStatistic',
    () => `metric ${metricName} must be a Sum or SampleCount, got ${statistic}: other statistics cannot be added up`,
  );
  problems.require(
    account === undefined && region === undefined,
    'MetricElsewhere',
    () => `metric ${metricName} must be in the account and region of the deployment, got ${account ?? region}`,
  );
  const named = Object.fromEntries(dimensions.map(({ name, value }) => [name, String(value)]));
  problems.require(
    !Object.hasOwn(named, variantDimension),
    'MetricVariantFixed',
    () => `metric ${metricName} must leave ${variantDimension} to the gate, got '${named[variantDimension]}', drop it`,
  );
  problems.require(
    variantDimension !== '' && dimensions.length < 30,
    'MetricDimensions',
    () =>
      `metric ${metricName} must have at most 29 dimensions beside one with a name for the variant, got ${dimensions.length} and '${variantDimension}'`,
  );
  return {
    id,
    namespace,
    metricName,
    dimensions: named,
    armDimensions: { [variantDimension]: 'variant' },
    statistic: statistic === 'SampleCount' ? 'SampleCount' : 'Sum',
  };
}
