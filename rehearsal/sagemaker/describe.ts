import type { Endpoint, Generation, Pending, VariantStatus } from './endpoint';

const seconds = (time: number) => time / 1000;

function variants(generation: Generation, status: VariantStatus | undefined, active?: number) {
  return generation.config.ProductionVariants.map((variant, i) => ({
    VariantName: variant.VariantName,
    ...(generation.images[i].length > 0 && { DeployedImages: generation.images[i] }),
    CurrentWeight: generation.weights[i],
    DesiredWeight: generation.desiredWeights[i],
    CurrentInstanceCount: active ?? generation.fleets[i].instances,
    DesiredInstanceCount: generation.wanted[i],
    ...(status && { VariantStatus: [{ ...status, StartTime: seconds(status.StartTime) }] }),
  }));
}

/** The shadow variant of a generation; its weight is its sampling, relative to the production variant's. */
// source: shadow-sampling
function shadows({ config, shadow }: Generation) {
  return (config.ShadowProductionVariants ?? []).map((variant) => ({
    VariantName: variant.VariantName,
    CurrentWeight: variant.InitialVariantWeight ?? 1,
    DesiredWeight: variant.InitialVariantWeight ?? 1,
    CurrentInstanceCount: shadow?.instances ?? 0,
    DesiredInstanceCount: variant.InitialInstanceCount,
  }));
}

const summary = ({ generation, startedAt, active, variantStatus }: Pending) => ({
  EndpointConfigName: generation.config.EndpointConfigName,
  StartTime: seconds(startedAt),
  ProductionVariants: variants(generation, variantStatus, active),
});

/** The reply of DescribeEndpoint; times are seconds since 1970, as the wire has them. */
// source: describe-endpoint
export function describeEndpoint(endpoint: Endpoint) {
  return {
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    EndpointConfigName: endpoint.live.config.EndpointConfigName,
    EndpointStatus: endpoint.status,
    ...(endpoint.failureReason !== undefined && { FailureReason: endpoint.failureReason }),
    CreationTime: seconds(endpoint.createdAt),
    LastModifiedTime: seconds(endpoint.modifiedAt),
    ProductionVariants: variants(endpoint.live, undefined),
    ...(endpoint.live.shadow && { ShadowProductionVariants: shadows(endpoint.live) }),
    ...(endpoint.lastDeploymentConfig && { LastDeploymentConfig: endpoint.lastDeploymentConfig }),
    ...(endpoint.pending && { PendingDeploymentSummary: summary(endpoint.pending) }),
  };
}

export type EndpointDescription = ReturnType<typeof describeEndpoint>;

/** `InService` as events write it: `IN_SERVICE`. */
// source: endpoint-events
export const eventStatus = (status: string) => status.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

/** The EventBridge event of a change of an endpoint, or of its deployment while one is under way. */
// source: endpoint-events
export function endpointEvent(endpoint: Endpoint, now: number, id: number) {
  const { ProductionVariants, PendingDeploymentSummary } = describeEndpoint(endpoint);
  const [, , , region, account] = endpoint.arn.split(':');
  return {
    version: '0',
    id: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    'detail-type':
      endpoint.pending === undefined ? 'SageMaker Endpoint State Change' : 'SageMaker Endpoint Deployment State Change',
    source: 'aws.sagemaker',
    account,
    time: new Date(now).toISOString(),
    region,
    resources: [endpoint.arn],
    detail: {
      EndpointName: endpoint.name,
      EndpointArn: endpoint.arn,
      EndpointConfigName: endpoint.live.config.EndpointConfigName,
      ProductionVariants,
      EndpointStatus: eventStatus(endpoint.status),
      CreationTime: endpoint.createdAt,
      LastModifiedTime: endpoint.modifiedAt,
      Tags: {},
      ...(PendingDeploymentSummary && { PendingDeploymentSummary }),
    },
  };
}

export type EndpointEvent = ReturnType<typeof endpointEvent>;
