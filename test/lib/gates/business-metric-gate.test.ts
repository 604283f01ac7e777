import { aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';
import { BusinessMetricGate, ComparedMetric, Direction, WatchAbility } from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { bind } from './bind';

const metric = (metricName: string, more: Partial<cloudwatch.MetricProps> = {}) =>
  new cloudwatch.Metric({ namespace: 'Shop', metricName, ...more });

describe('BusinessMetricGate', () => {
  test('compares the mean of a metric, which the variant tells apart', () => {
    const revenue = metric('Revenue', { dimensionsMap: { Site: 'de' } });
    const { definition } = bind(new BusinessMetricGate({ metric: ComparedMetric.byVariant(revenue) }));
    const source = {
      id: 'm1',
      namespace: 'Shop',
      metricName: 'Revenue',
      dimensions: { Site: 'de' },
      armDimensions: { VariantName: 'variant' },
    };
    expect(definition.read).toEqual({
      numerator: { metrics: [{ ...source, statistic: 'Sum' }], expression: null },
      denominator: { metrics: [{ ...source, statistic: 'SampleCount' }], expression: null },
    });
    expect(definition.rules.stage).toMatchObject({ kind: 'mean', relativeMargin: 0.02, direction: 'higherIsBetter' });
  });

  test('counts conversions exactly', () => {
    const rate = ComparedMetric.rateByVariant(metric('Orders'), metric('Sessions', { statistic: 'SampleCount' }));
    const { definition } = bind(new BusinessMetricGate({ metric: rate, direction: Direction.LOWER_IS_BETTER }));
    expect(definition.rules.stage).toMatchObject({ kind: 'countRatio', direction: 'lowerIsBetter' });
    expect(definition.read.denominator.metrics[0].statistic).toBe('SampleCount');
  });

  test('takes metric math for either side of a ratio', () => {
    const total = new cloudwatch.MathExpression({
      expression: 'web + app',
      usingMetrics: { web: metric('Web'), app: metric('App') },
    });
    const ratio = ComparedMetric.ratioByVariant(total, metric('Sessions'), { variantDimension: 'Model' });
    const { numerator } = bind(new BusinessMetricGate({ metric: ratio })).definition.read;
    expect(numerator.expression).toBe('web + app');
    expect(numerator.metrics.map((m: { id: string; armDimensions: unknown }) => [m.id, m.armDimensions])).toEqual([
      ['web', { Model: 'variant' }],
      ['app', { Model: 'variant' }],
    ]);
  });

  test('needs a holdback in the watch', () => {
    const gate = new BusinessMetricGate({ metric: ComparedMetric.byVariant(metric('Revenue')) });
    expect(gate.watchAbility).toBe(WatchAbility.NEEDS_HOLDBACK);
    expect(Object.keys(bind(gate).definition.rules)).toEqual(['stage', 'holdback']);
  });

  test.each<[string, () => unknown, string]>([
    [
      'a percentile',
      () => ComparedMetric.ratioByVariant(metric('A', { statistic: 'p99' }), metric('B')),
      'must be a Sum or SampleCount, got p99',
    ],
    [
      'a metric with its variant fixed',
      () => ComparedMetric.byVariant(metric('A', { dimensionsMap: { VariantName: 'a' } })),
      'must leave VariantName to the gate',
    ],
    [
      'a metric of another region',
      () => ComparedMetric.byVariant(metric('A', { region: 'us-east-1' })),
      'must be in the account and region of the deployment',
    ],
    [
      'math where a mean is wanted',
      () =>
        ComparedMetric.byVariant(new cloudwatch.MathExpression({ expression: 'a', usingMetrics: { a: metric('A') } })),
      'give the numerator and the denominator apart',
    ],
    [
      'math that searches',
      () =>
        ComparedMetric.ratioByVariant(
          new cloudwatch.MathExpression({ expression: "SUM(SEARCH('{Shop}', 'Sum', 60))" }),
          metric('B'),
        ),
      'must name each metric',
    ],
    [
      'a margin of 2',
      () => new BusinessMetricGate({ metric: ComparedMetric.byVariant(metric('A')), relativeMargin: 2 }),
      'did you mean 0.02?',
    ],
  ])('fails on %s', (_name, make, message) => {
    expect(make).toThrow(message);
  });
});
