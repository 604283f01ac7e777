import type { Variants } from './services';
import type { World } from './world';

/** The variants of a world's endpoints, for whoever scales them. */
export function variantsOf({ clock, sagemaker, store }: Pick<World, 'clock' | 'sagemaker' | 'store'>): Variants {
  return {
    count: (endpointName, variantName) => sagemaker.wantedOf(endpointName, variantName),
    setCount(EndpointName, VariantName, DesiredInstanceCount) {
      const DesiredWeightsAndCapacities = [{ VariantName, DesiredInstanceCount }];
      sagemaker.updateEndpointWeightsAndCapacities({ EndpointName, DesiredWeightsAndCapacities });
    },
    sum(metricName, EndpointName, VariantName, from) {
      const id = { namespace: 'AWS/SageMaker', metricName, dimensions: { EndpointName, VariantName } };
      const samples = store.find(id, undefined).map((series) => series.read(from, from + 60_000, clock.now()));
      const seen = samples.filter(({ sampleCount }) => sampleCount > 0);
      return seen.length === 0 ? undefined : seen.reduce((sum, each) => sum + each.sum, 0);
    },
    register: (endpointName, variantName, bounds) =>
      sagemaker.scaled.register({ endpointName, variantName, ...bounds }),
    deregister: (endpointName, variantName) => sagemaker.scaled.deregister(endpointName, variantName),
  };
}
