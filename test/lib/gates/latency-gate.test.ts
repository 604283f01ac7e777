import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import { ComparedMetric, LatencyGate, WatchAbility } from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { bind } from './bind';

const ceiling = Duration.millis(250);

describe('LatencyGate', () => {
  test('counts requests above the ceiling in microseconds, of the new version alone', () => {
    const { definition } = bind(new LatencyGate({ ceiling }));
    expect(definition.arms).toBe('challenger');
    expect(definition.read.numerator.metrics[0]).toMatchObject({
      metricName: 'ModelLatency',
      statistic: 'TC(250000:)',
    });
    expect(definition.read.denominator.metrics[0]).toMatchObject({
      metricName: 'ModelLatency',
      statistic: 'SampleCount',
    });
    expect(definition.fallback).toBeNull();
  });

  test.each([
    [99, 0.01],
    [99.9, 0.001],
    [50, 0.5],
    [95, 0.05],
  ])('a percentile of %d lets a share of %d be slower', (percentile, maximumShare) => {
    const { rules } = bind(new LatencyGate({ percentile, ceiling })).definition;
    expect(rules.stage).toMatchObject({ kind: 'exceedance', maximumShare });
    expect(rules.watch).toMatchObject({ kind: 'watch', maximumShare });
  });

  test('judges alone in the watch', () => {
    expect(new LatencyGate({ ceiling }).watchAbility).toBe(WatchAbility.ALONE);
  });

  test('falls back to a metric of breaches', () => {
    const breaches = ComparedMetric.byVariant(new cloudwatch.Metric({ namespace: 'Shop', metricName: 'SlaBreach' }));
    const { fallback } = bind(new LatencyGate({ ceiling, breaches })).definition;
    expect(fallback.numerator.metrics[0]).toMatchObject({ metricName: 'SlaBreach', statistic: 'Sum' });
    expect(fallback.denominator.metrics[0]).toMatchObject({ metricName: 'SlaBreach', statistic: 'SampleCount' });
  });

  test.each([
    [{ ceiling, percentile: 100 }, 'percentile must be more than 0 and less than 100, got 100'],
    [{ ceiling, percentile: 0 }, 'got 0'],
    [{ ceiling: Duration.millis(0) }, 'ceiling must be longer than nothing'],
    [{ ceiling, falseRollbackRate: 5 }, 'did you mean 0.05?'],
  ])('fails on %j', (props, message) => {
    expect(() => new LatencyGate(props)).toThrow(message);
  });
});
