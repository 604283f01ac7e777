import { describe, expect, it } from 'vitest';
import { CloudWatch } from '../../../rehearsal/cloudwatch/cloudwatch';
import { Histogram } from '../../../rehearsal/cloudwatch/histogram';
import { MetricStore } from '../../../rehearsal/cloudwatch/metric-store';
import { Clock, EPOCH } from '../../../rehearsal/time/clock';

const MINUTE = 60_000;
const ID = {
  namespace: 'AWS/SageMaker',
  metricName: 'ModelLatency',
  dimensions: { EndpointName: 'fraud', VariantName: 'a' },
};
const samples = (...values: number[]) => Histogram.of(values.map((value) => [value, 1] as const));

describe('the store of metrics', () => {
  it('shows a point only when its minute is over and the publish lag has passed', () => {
    const series = new MetricStore({ publishLagSeconds: 150 }).open(ID, 'Microseconds');
    series.record(EPOCH + 10_000, samples(5));
    const visible = (at: number) => series.read(EPOCH, EPOCH + MINUTE, at).sampleCount;
    expect(visible(EPOCH + MINUTE + 149_999)).toBe(0);
    expect(visible(EPOCH + MINUTE + 150_000)).toBe(1);
  });

  it('holds samples back longer when asked, and never less', () => {
    const series = new MetricStore({ publishLagSeconds: 60 }).open(ID, 'Microseconds');
    series.record(EPOCH, samples(5), EPOCH + 5 * MINUTE);
    series.record(EPOCH + MINUTE, samples(5), EPOCH);
    expect(series.read(EPOCH, EPOCH + MINUTE, EPOCH + 5 * MINUTE - 1).sampleCount).toBe(0);
    expect(series.read(EPOCH, EPOCH + MINUTE, EPOCH + 5 * MINUTE).sampleCount).toBe(1);
    expect(series.read(EPOCH + MINUTE, EPOCH + 2 * MINUTE, EPOCH + 3 * MINUTE - 1).sampleCount).toBe(0);
    expect(series.read(EPOCH + MINUTE, EPOCH + 2 * MINUTE, EPOCH + 3 * MINUTE).sampleCount).toBe(1);
  });

  it('merges all samples of a window, whoever wrote them and in whatever order', () => {
    const store = new MetricStore({ publishLagSeconds: 0 });
    const series = store.open(ID, 'Microseconds');
    series.record(EPOCH + 90_000, samples(3, 1));
    series.record(EPOCH, samples(2));
    store
      .open({ ...ID, dimensions: { VariantName: 'a', EndpointName: 'fraud' } }, 'Microseconds')
      .record(EPOCH, samples(2));
    const all = series.read(EPOCH, EPOCH + 2 * MINUTE, EPOCH + 2 * MINUTE);
    expect([...all.values]).toEqual([1, 2, 3]);
    expect([...all.counts]).toEqual([1, 2, 1]);
    expect(series.read(EPOCH, EPOCH + MINUTE, EPOCH + 2 * MINUTE).sampleCount).toBe(2);
  });

  it('keeps metrics of other dimensions and units apart', () => {
    const store = new MetricStore({ publishLagSeconds: 0 });
    store.open(ID, 'Microseconds').record(EPOCH, samples(1));
    store.open(ID, 'Seconds').record(EPOCH, samples(2));
    expect(store.find({ ...ID, dimensions: { EndpointName: 'fraud' } }, undefined)).toEqual([]);
    expect(store.find(ID, 'Count')).toEqual([]);
    expect(store.find(ID, 'Seconds')).toHaveLength(1);
    expect(store.find(ID, undefined)).toHaveLength(2);
  });

  it("shows no trimmed statistics of SageMaker's metrics when told so, and those of others", () => {
    const count = (trimmedStatistics: 'works' | 'empty', namespace: string, Stat: string) => {
      const clock = new Clock();
      const store = new MetricStore({ publishLagSeconds: 0, trimmedStatistics });
      store.open({ ...ID, namespace }, 'Microseconds').record(EPOCH, samples(1, 2, 3));
      clock.advanceTo(EPOCH + MINUTE);
      const Dimensions = Object.entries(ID.dimensions).map(([Name, Value]) => ({ Name, Value }));
      const Metric = { Namespace: namespace, MetricName: ID.metricName, Dimensions };
      return new CloudWatch({ clock, store, seed: 1 }).invoke('GetMetricData', {
        StartTime: EPOCH / 1000,
        EndTime: EPOCH / 1000 + 60,
        MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat } }],
      }).MetricDataResults[0].Values;
    };
    expect(count('works', 'AWS/SageMaker', 'TC(1:)')).toEqual([2]);
    expect(count('empty', 'AWS/SageMaker', 'TC(1:)')).toEqual([]);
    expect(count('empty', 'AWS/SageMaker', 'p50')).toEqual([2]);
    expect(count('empty', 'AWS/SageMaker', 'IQM')).toEqual([]);
    expect(count('empty', 'Shop', 'TC(1:)')).toEqual([2]);
  });
});
