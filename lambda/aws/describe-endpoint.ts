import { DescribeEndpointCommand, type ProductionVariantSummary, SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { LiveEndpoint, LiveVariant } from '../../decision';
import { translated } from './sagemaker-errors';

/** What serves; undefined when there is no endpoint of that name. A function that only looks has no more of the SDK. */
export function describeEndpoint(client: SageMakerClient = new SageMakerClient({})) {
  return async (EndpointName: string): Promise<LiveEndpoint | undefined> => {
    try {
      const reply = await client.send(new DescribeEndpointCommand({ EndpointName }));
      return {
        status: reply.EndpointStatus ?? 'absent',
        configName: reply.EndpointConfigName ?? '',
        pending: reply.PendingDeploymentSummary !== undefined,
        variants: (reply.ProductionVariants ?? []).map(live),
        shadows: (reply.ShadowProductionVariants ?? []).map(live),
        modifiedAt: reply.LastModifiedTime?.getTime(),
        failureReason: reply.FailureReason,
      };
    } catch (error) {
      const named = translated(error);
      if (named.name === 'EndpointMissing') return undefined;
      throw named;
    }
  };
}

function live(variant: ProductionVariantSummary): LiveVariant {
  // What SageMaker does not say is not a number: no comparison says yes to it.
  return {
    name: variant.VariantName ?? '',
    currentWeight: variant.CurrentWeight ?? Number.NaN,
    desiredWeight: variant.DesiredWeight ?? Number.NaN,
    currentCount: variant.CurrentInstanceCount ?? Number.NaN,
    desiredCount: variant.DesiredInstanceCount ?? Number.NaN,
    images: (variant.DeployedImages ?? []).map(({ SpecifiedImage, ResolvedImage }) => ({
      specified: SpecifiedImage ?? '',
      resolved: ResolvedImage ?? '',
    })),
  };
}
