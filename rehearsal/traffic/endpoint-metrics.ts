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
type ResourceMetric = (typeof RESOURCES)[number] | (typeof GPU_RESOURCES)[number];

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
  private readonly opened = new Map<string, Series>();
  private readonly firstTraffic = new Map<string, number>();
  /** What has published in this minute. */
  private readonly called = new Set<string>();

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
      this.record(from, samples, requests, instances, { VariantName: fleet.variantName }, 0);
      const first = this.firstTraffic.get(fleet.endpointConfigName) ?? from;
      this.firstTraffic.set(fleet.endpointConfigName, first);
      if (endpointConfigMetrics === 'never') continue;
      const dimensions = { VariantName: fleet.variantName, EndpointConfigName: fleet.endpointConfigName };
      const notBefore = endpointConfigMetrics === 'late' ? first + LATE : 0;
      this.record(from, samples, requests, fleet.instances, dimensions, notBefore);
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
        this.resource(metric, fleet.variantName).record(at, Histogram.of([[percent, fleet.instances]]));
      }
      this.zeros(at, fleet);
    }
    this.called.clear();
  }

  /** Counts of zero; a latency of nothing is no sample under any setting. A fleet publishes after its first request. */
  // source: sagemaker-zero-traffic
  private zeros(at: number, { variantName, endpointConfigName }: Fleet): void {
    if (this.options.zeroTraffic !== 'zeros') return;
    const variant = { VariantName: variantName };
    const fleet = { ...variant, EndpointConfigName: endpointConfigName };
    const known = this.firstTraffic.has(endpointConfigName);
    const published = known && this.options.endpointConfigMetrics !== 'never';
    for (const dimensions of published ? [variant, fleet] : [variant]) {
      if (this.called.has(keyOf(dimensions))) continue;
      for (const [metric, unit] of Object.entries(INVOCATION_UNITS)) {
        if (unit === 'None') this.invocation(metric as InvocationMetric, dimensions).record(at, ONE_ZERO);
      }
      this.called.add(keyOf(dimensions));
    }
  }

  /** Each request is one sample: 1 for what it was, 0 for what it was not. */
  // source: sagemaker-invocation-metrics
  private samplesOf({ requests, clientErrors, errors, latencies }: Served): readonly [InvocationMetric, Histogram][] {
    const share = (count: number) => Histogram.ascending([0, 1], [requests - count, count]);
    return [
      ['Invocations', share(requests)],
      ['Invocation4XXErrors', share(clientErrors)],
      ['Invocation5XXErrors', share(errors)],
      ['InvocationModelErrors', share(clientErrors + errors)],
      ['ModelLatency', latencies],
      ['OverheadLatency', this.drawOverhead(requests)],
    ];
  }

  private record(
    from: number,
    samples: readonly [InvocationMetric, Histogram][],
    requests: number,
    instances: number,
    dimensions: Readonly<Record<string, string>>,
    notBefore: number,
  ): void {
    this.called.add(keyOf(dimensions));
    for (const [metric, histogram] of samples) this.invocation(metric, dimensions).record(from, histogram, notBefore);
    const perInstance = Histogram.ascending([1 / Math.max(1, instances)], [requests]);
    this.invocation('InvocationsPerInstance', dimensions).record(from, perInstance, notBefore);
  }

  private drawOverhead(requests: number): Histogram {
    return Histogram.ascending(OVERHEAD.values, multinomial(this.options.random, requests, OVERHEAD.shares));
  }

  private invocation(metricName: InvocationMetric, dimensions: Readonly<Record<string, string>>): Series {
    return this.open('AWS/SageMaker', metricName, dimensions, INVOCATION_UNITS[metricName]);
  }

  /** Resources are known by variant only, never by fleet. */
  private resource(metricName: ResourceMetric, variantName: string): Series {
    return this.open('/aws/sagemaker/Endpoints', metricName, { VariantName: variantName }, 'Percent');
  }

  private open(namespace: string, metricName: string, own: Readonly<Record<string, string>>, unit: string): Series {
    const key = `${metricName}/${keyOf(own)}`;
    const known = this.opened.get(key);
    if (known !== undefined) return known;
    const dimensions = { EndpointName: this.options.endpointName, ...own };
    const series = this.options.store.open({ namespace, metricName, dimensions }, unit);
    this.opened.set(key, series);
    return series;
  }
}

const keyOf = (own: Readonly<Record<string, string>>): string => `${own.VariantName}/${own.EndpointConfigName ?? ''}`;
