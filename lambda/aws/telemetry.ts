import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** One structured line and one metric a verdict, in the words of the verdict. */
export function telemetry(service: string) {
  const logger = new Logger({ serviceName: service });
  const metrics = new Metrics({ namespace: 'SageMakerRollouts', serviceName: service });
  return (facts: { readonly kind: string; readonly reason: string; readonly [name: string]: unknown }): void => {
    logger.info('verdict', { ...facts });
    metrics.addDimension('kind', facts.kind);
    metrics.addMetric('Verdicts', MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  };
}
