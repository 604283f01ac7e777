import type { ScalableTarget } from './check-update';
import type { DeployedImage, Endpoint, EndpointConfig, Generation, Variant } from './endpoint';
import type { Fleets } from './fleets';

/** Which properties of the variants that serve now the new fleets take over. */
export interface Retained {
  readonly endpoint: Endpoint;
  /** `DesiredInstanceCount`, `DesiredWeight`: taken from the new config all the same. */
  readonly except: readonly string[];
}

/** The fleets of a config, none of them launched yet. */
// source: retain-variant-properties
export function makeGeneration(
  fleets: Fleets,
  endpointName: string,
  config: EndpointConfig,
  targets: readonly ScalableTarget[],
  images: readonly (readonly DeployedImage[])[],
  retained?: Retained,
): Generation {
  const make = (variant: Variant) =>
    fleets.make({
      endpointName,
      endpointConfigName: config.EndpointConfigName,
      variantName: variant.VariantName,
      modelName: variant.ModelName,
      instanceType: variant.InstanceType,
    });
  const live = retained?.endpoint.live;
  const before = ({ VariantName }: Variant) =>
    live?.fleets.findIndex(({ variantName }) => variantName === VariantName) ?? -1;
  const wanted = config.ProductionVariants.map((variant) => {
    const kept = retained?.except.includes('DesiredInstanceCount')
      ? undefined
      : live?.fleets[before(variant)]?.instances;
    const target = targets.find(({ variantName }) => variantName === variant.VariantName);
    return kept === undefined ? variant.InitialInstanceCount : Math.max(kept, target?.minimum ?? 0);
  });
  const weights = config.ProductionVariants.map((variant) => {
    const kept = retained?.except.includes('DesiredWeight') ? undefined : live?.weights[before(variant)];
    return kept ?? variant.InitialVariantWeight ?? 1;
  });
  const [shadow] = config.ShadowProductionVariants ?? [];
  return {
    config,
    fleets: config.ProductionVariants.map(make),
    shadow: shadow && make(shadow),
    images,
    wanted,
    weights,
    desiredWeights: weights,
  };
}
