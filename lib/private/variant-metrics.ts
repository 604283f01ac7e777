/** One CloudWatch metric as a gate's definition carries it; `armDimensions` are filled in for each variant. */
export interface MetricJson {
  readonly id: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: { readonly [name: string]: string };
  readonly armDimensions: { readonly [name: string]: 'variant' | 'config' };
  readonly statistic: string;
}

/** One series a minute: a single metric, or metric math over several. */
export interface SeriesJson {
  readonly metrics: readonly MetricJson[];
  readonly expression: string | null;
}

/** What is counted, and out of how many. */
export interface RatioJson {
  readonly numerator: SeriesJson;
  readonly denominator: SeriesJson;
}

/** Seconds after which a closed minute's data count as complete. */
export const SETTLE_SECONDS = 120;

/** One of the metrics that SageMaker publishes for each variant, or for each fleet of a variant. */
export function sageMakerMetric(
  endpointName: string,
  perFleet: boolean,
  metricName: string,
  statistic: string,
  id = 'm1',
): MetricJson {
  return {
    id,
    namespace: 'AWS/SageMaker',
    metricName,
    dimensions: { EndpointName: endpointName },
    armDimensions: { VariantName: 'variant', ...(perFleet ? { EndpointConfigName: 'config' as const } : {}) },
    statistic,
  };
}

/** A series of one metric. */
export function single(metric: MetricJson): SeriesJson {
  return { metrics: [metric], expression: null };
}
