import { describe, expect, test } from 'vitest';
import { Histogram } from '../../../rehearsal/cloudwatch/histogram';
import { MetricStore } from '../../../rehearsal/cloudwatch/metric-store';
import type { ServiceMetric } from '../../../rehearsal/scenario-data';
import { EPOCH } from '../../../rehearsal/time/clock';
import { randomStream } from '../../../rehearsal/time/random';
import type { Fleet } from '../../../rehearsal/traffic/fleet';
import type { Served } from '../../../rehearsal/traffic/served';
import { publishServiceMetrics } from '../../../rehearsal/traffic/service-metrics';
import { blue, green } from './fixtures';

const served = (fleet: Fleet, requests: number, errors = 0): Served => ({
  fleet,
  from: EPOCH,
  to: EPOCH + 60_000,
  requests,
  errors,
  clientErrors: 0,
  badRequests: 0,
  slowRequests: 0,
  latencies: Histogram.EMPTY,
  utilisation: 0,
});

/** What CloudWatch holds of a metric afterwards, by variant. */
function published(metric: Partial<ServiceMetric>, segment: readonly Served[], dimension = 'VariantName') {
  const store = new MetricStore();
  const whole = { namespace: 'Shop', metricName: 'Value', ...metric };
  publishServiceMetrics(store, randomStream(1, 'service'), [whole], segment);
  return (variant: string): Histogram => {
    const dimensions = { ...metric.dimensions, [dimension]: variant };
    const [series] = store.find({ namespace: 'Shop', metricName: 'Value', dimensions }, undefined);
    return series?.read(EPOCH, EPOCH + 60_000, EPOCH + 600_000) ?? Histogram.EMPTY;
  };
}

const champion = { ...blue(0.5), variantName: 'a' };
const challenger = { ...green(0.5), variantName: 'b' };

describe('a metric of the callers’ own service', () => {
  test('is 0 or 1 for each answered request, as often as the scenario says for each version', () => {
    const of = published({ rate: { champion: 0.3, challenger: 0.2 } }, [
      served(champion, 20_000),
      served(challenger, 20_000, 5000),
    ]);
    expect([of('a').sampleCount, of('b').sampleCount]).toEqual([20_000, 15_000]);
    expect([...of('a').values]).toEqual([0, 1]);
    // Five standard deviations.
    expect(Math.abs(of('a').sum - 6000)).toBeLessThan(325);
    expect(Math.abs(of('b').sum - 3000)).toBeLessThan(245);
  });

  test('has the mean and the spread that the scenario says', () => {
    const of = published({ mean: { champion: 12 }, spread: 0.5 }, [
      served(champion, 100_000),
      served(challenger, 100_000),
    ]);
    for (const histogram of [of('a'), of('b')]) {
      const mean = histogram.sum / histogram.sampleCount;
      expect(Math.abs(mean - 12)).toBeLessThan((5 * 6) / Math.sqrt(100_000));
      const square = histogram.values.reduce((sum, value, i) => sum + histogram.counts[i] * (value - mean) ** 2, 0);
      expect(Math.abs(Math.sqrt(square / histogram.sampleCount) / 12 - 0.5)).toBeLessThan(0.02);
      expect(Math.min(...histogram.values)).toBeGreaterThan(0);
    }
  });

  test('without spread is the mean itself', () => {
    const of = published({ mean: { champion: 3, challenger: 4 }, spread: 0 }, [
      served(champion, 10),
      served(challenger, 5),
    ]);
    expect([of('a').sum, of('b').sum]).toEqual([30, 20]);
  });

  test('has the dimensions that the scenario names', () => {
    const metric = { rate: { champion: 1 }, dimensions: { Market: 'DE' }, variantDimension: 'Model' };
    expect(published(metric, [served(champion, 10)], 'Model')('a').sum).toBe(10);
  });

  test('knows nothing of shadows, and nothing of a version that has answered nobody', () => {
    const shadow = { ...challenger, shadow: true };
    const of = published({ rate: { champion: 1 } }, [served(champion, 10, 10), served(shadow, 10)]);
    expect([of('a').sampleCount, of('b').sampleCount]).toEqual([0, 0]);
  });
});
