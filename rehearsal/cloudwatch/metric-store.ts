import { Histogram } from './histogram';
import { type MetricId, metricKey } from './metric';

/** The samples of one metric in one interval, merged only once somebody reads them, and from when on that is. */
interface Bucket {
  parts: Histogram[];
  visibleAt: number;
}

/** The stored samples of one metric. A handle: whoever writes every minute asks for it once. */
export class Series {
  /** By number of the interval since 1970. */
  private readonly buckets = new Map<number, Bucket>();

  public constructor(
    public readonly id: MetricId,
    public readonly unit: string,
    private readonly intervalMs: number,
    private readonly publishLagMs: number,
  ) {}

  /**
   * Adds samples taken at `time`. They become visible `publishLag` after their interval closes; `notBefore` may hold
   * them back longer, never less.
   */
  // source: cloudwatch-publish-lag
  public record(time: number, samples: Histogram, notBefore = 0): void {
    const index = Math.floor(time / this.intervalMs);
    const visibleAt = Math.max((index + 1) * this.intervalMs + this.publishLagMs, notBefore);
    const bucket = this.buckets.get(index);
    if (bucket === undefined) this.buckets.set(index, { parts: [samples], visibleAt });
    else {
      bucket.parts.push(samples);
      bucket.visibleAt = Math.max(bucket.visibleAt, visibleAt);
    }
  }

  /** All samples of the intervals that begin in [from, to) and that can be seen at `now`. */
  public read(from: number, to: number, now: number): Histogram {
    const first = Math.ceil(from / this.intervalMs);
    const end = Math.ceil(to / this.intervalMs);
    const parts: Histogram[] = [];
    for (let index = first; index < end; index++) {
      const bucket = this.buckets.get(index);
      if (bucket === undefined || bucket.visibleAt > now) continue;
      if (bucket.parts.length > 1) bucket.parts = [Histogram.merge(bucket.parts)];
      parts.push(bucket.parts[0]);
    }
    return Histogram.merge(parts);
  }
}

export interface MetricStoreOptions {
  /**
   * Seconds from the end of an interval to its visibility.
   * @default 60
   */
  readonly publishLagSeconds?: number;
  /**
   * Seconds of one interval: `MetricPublishFrequencyInSeconds` of an endpoint configuration, 10, 30 or 60.
   * @default 60
   */
  readonly intervalSeconds?: number;
  /**
   * Whether trimmed statistics (`TC(250000:)`, `tm99`, ...) of SageMaker's metrics show anything: AWS lists services
   * whose metrics support them, and SageMaker is not on the list.
   * @default 'works'
   */
  readonly trimmedStatistics?: 'works' | 'empty';
}

/** All metrics of the account: one histogram a metric and interval. */
export class MetricStore {
  private readonly series = new Map<string, Map<string, Series>>();
  private readonly intervalMs: number;
  private readonly publishLagMs: number;

  public constructor(private readonly options: MetricStoreOptions = {}) {
    this.intervalMs = (options.intervalSeconds ?? 60) * 1000;
    this.publishLagMs = (options.publishLagSeconds ?? 60) * 1000;
  }

  /** The series to write to; made when it is new. Samples of another unit are another series. */
  // source: cloudwatch-metric-identity
  public open(id: MetricId, unit: string): Series {
    const key = metricKey(id);
    const units = this.series.get(key) ?? new Map<string, Series>();
    this.series.set(key, units);
    const series = units.get(unit) ?? new Series(id, unit, this.intervalMs, this.publishLagMs);
    units.set(unit, series);
    return series;
  }

  /**
   * The series a query reads: those of one unit, or of all units when the query names none. Empty for a metric that
   * was never published.
   */
  // source: cloudwatch-unit-filter
  public find(id: MetricId, unit: string | undefined): readonly Series[] {
    const units = this.series.get(metricKey(id));
    if (units === undefined) return [];
    if (unit === undefined) return [...units.values()];
    const only = units.get(unit);
    return only === undefined ? [] : [only];
  }

  /** Whether a trimmed statistic of this metric shows anything. */
  // source: cloudwatch-trimmed-statistics
  public trims({ namespace }: MetricId): boolean {
    return this.options.trimmedStatistics !== 'empty' || !/^(AWS\/SageMaker|\/aws\/sagemaker\/)/.test(namespace);
  }
}
