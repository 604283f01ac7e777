import { Histogram } from '../cloudwatch/histogram';
import type { MetricStore, Series } from '../cloudwatch/metric-store';
import type { RandomStream } from '../time/random';
import type { Fleet } from './fleet';
import { multinomial } from './samplers';
import type { Served } from './served';

const INVOCATION_UNITS = {
  Invocations: 'None',
  InvocationsPerInstance: 'None',
  Invocation4XXErrors: 'None',
  Invocation5XXErrors: 'None',
  InvocationModelErrors: 'None',
  ModelLatency: 'Microseconds',
  OverheadLatency: 'Microseconds',
} as const;
const RESOURCES = ['CPUUtilization', 'MemoryUtilization', 'DiskUtilization'] as const;
const GPU_RESOURCES = ['GPUUtilization', 'GPUMemoryUtilization'] as const;

type InvocationMetric = keyof typeof INVOCATION_UNITS;

/** One variant, or one fleet of it: what its metrics are known by. */
interface Publisher {
  readonly dimensions: Readonly<Record<string, string>>;
  /** By the name of the metric. */
  readonly series: Map<string, Series>;
  /** Whether anybody has called in this minute. */
  called: boolean;
}

/** SageMaker's own time on a request, in microseconds: some milliseconds, whatever the model does. */
const OVERHEAD = { values: [2_000, 3_000, 4_500, 7_000, 12_000, 25_000], shares: [0.2, 0.3, 0.25, 0.15, 0.08, 0.02] };
/** A container's memory and disk at work, in percent; what is loaded does not depend on load. */
const STEADY = { MemoryUtilization: 40, DiskUtilization: 20, GPUMemoryUtilization: 50 };
/** Five minutes: how late the metrics of a new fleet begin under the knob `late`. */
const LATE = 300_000;
const ONE_ZERO = Histogram.of([[0, 1]]);

export interface EndpointMetricsOptions {
  readonly store: MetricStore;
  readonly endpointName: string;
  readonly endpointConfigMetrics: 'published' | 'never' | 'late';
  readonly zeroTraffic: 'zeros' | 'nothing';
  readonly random: RandomStream;
}

/**
 * Publishes what SageMaker publishes of an endpoint, per variant and per fleet.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export class EndpointMetrics {
  private readonly publishers = new Map<string, Publisher>();
  /** By endpoint config; a fleet publishes after its first request. */
  private readonly firstTraffic = new Map<string, number>();

  public constructor(private readonly options: EndpointMetricsOptions) {}

  /** All fleets of one segment at once: a variant's metrics are those of all its fleets. */
  // source: sagemaker-fleet-metrics
  public publish(segment: readonly Served[]): void {
    const { endpointConfigMetrics } = this.options;
    for (const served of segment) {
      const { fleet, from, requests } = served;
      if (requests === 0) continue;
      const serving = segment.filter((other) => other.fleet.variantName === fleet.variantName && other.requests > 0);
      const instances = serving.reduce((sum, other) => sum + other.fleet.instances, 0);
      const samples = this.samplesOf(served);
      this.record(this.variant(fleet), served, samples, instances, 0);
      const first = this.firstTraffic.get(fleet.endpointConfigName) ?? from;
      this.firstTraffic.set(fleet.endpointConfigName, first);
      if (endpointConfigMetrics === 'never') continue;
      const notBefore = endpointConfigMetrics === 'late' ? first + LATE : 0;
      this.record(this.fleet(fleet), served, samples, fleet.instances, notBefore);
    }
  }

  /** Closes a minute: what the instances of the serving fleets used, and zeros for those that nobody called. */
  // source: sagemaker-resource-metrics
  public closeMinute(at: number, serving: readonly Served[]): void {
    for (const { fleet, utilisation } of serving) {
      const gpu = /^ml\.[pg]\d/.test(fleet.instanceType ?? '') ? GPU_RESOURCES : [];
      for (const metric of [...RESOURCES, ...gpu]) {
        const busy = Math.min(100, 5 + 90 * utilisation);
        const percent = metric in STEADY ? STEADY[metric as keyof typeof STEADY] : busy;
        const series = this.open(this.variant(fleet), '/aws/sagemaker/Endpoints', metric, 'Percent');
        series.record(at, Histogram.ascending([percent], [fleet.instances]));
      }
      this.zeros(at, fleet);
    }
    for (const publisher of this.publishers.values()) publisher.called = false;
  }

  /** Counts of zero; a latency of nothing is no sample under any setting. */
  // source: sagemaker-zero-traffic
  private zeros(at: number, fleet: Fleet): void {
    if (this.options.zeroTraffic !== 'zeros') return;
    const byFleet = this.firstTraffic.has(fleet.endpointConfigName) && this.options.endpointConfigMetrics !== 'never';
    for (const publisher of byFleet ? [this.variant(fleet), this.fleet(fleet)] : [this.variant(fleet)]) {
      if (publisher.called) continue;
      publisher.called = true;
      for (const [metric, unit] of Object.entries(INVOCATION_UNITS)) {
        if (unit === 'None') this.invocation(publisher, metric as InvocationMetric).record(at, ONE_ZERO);
      }
    }
  }

  /** Each request is one sample: 1 for what it was, 0 for what it was not. */
  // source: sagemaker-invocation-metrics
  private samplesOf({ requests, clientErrors, errors, latencies }: Served): readonly [InvocationMetric, Histogram][] {
    const share = (count: number) => Histogram.ascending([0, 1], [requests - count, count]);
    const overhead = multinomial(this.options.random, requests, OVERHEAD.shares);
    return [
      ['Invocations', share(requests)],
      ['Invocation4XXErrors', share(clientErrors)],
      ['Invocation5XXErrors', share(errors)],
      ['InvocationModelErrors', share(clientErrors + errors)],
      ['ModelLatency', latencies],
      ['OverheadLatency', Histogram.ascending(OVERHEAD.values, overhead)],
    ];
  }

  private record(
    publisher: Publisher,
    { from, requests }: Served,
    samples: readonly [InvocationMetric, Histogram][],
    instances: number,
    notBefore: number,
  ): void {
    publisher.called = true;
    for (const [metric, histogram] of samples) this.invocation(publisher, metric).record(from, histogram, notBefore);
    const perInstance = Histogram.ascending([1 / Math.max(1, instances)], [requests]);
    this.invocation(publisher, 'InvocationsPerInstance').record(from, perInstance, notBefore);
  }

  private variant({ variantName }: Fleet): Publisher {
    return this.publisher(variantName, { VariantName: variantName });
  }

  private fleet({ variantName, endpointConfigName }: Fleet): Publisher {
    const own = { VariantName: variantName, EndpointConfigName: endpointConfigName };
    return this.publisher(`${variantName}/${endpointConfigName}`, own);
  }

  private publisher(key: string, own: Readonly<Record<string, string>>): Publisher {
    const known = this.publishers.get(key);
    if (known !== undefined) return known;
    const dimensions = { EndpointName: this.options.endpointName, ...own };
    const publisher: Publisher = { dimensions, series: new Map(), called: false };
    this.publishers.set(key, publisher);
    return publisher;
  }

  private invocation(publisher: Publisher, metricName: InvocationMetric): Series {
    return this.open(publisher, 'AWS/SageMaker', metricName, INVOCATION_UNITS[metricName]);
  }

  private open({ series, dimensions }: Publisher, namespace: string, metricName: string, unit: string): Series {
    const known = series.get(metricName);
    if (known !== undefined) return known;
    const opened = this.options.store.open({ namespace, metricName, dimensions }, unit);
    series.set(metricName, opened);
    return opened;
  }
}
