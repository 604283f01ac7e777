import type { DataCaptureConfig } from './capture-record';
import type { DeploymentConfig } from './guardrail-steps';
import type { Fleet, Mirror, Share } from './router';

/** A production or shadow variant of an endpoint config, as CreateEndpointConfig takes it. */
export interface Variant {
  readonly VariantName: string;
  readonly ModelName: string;
  readonly InstanceType: string;
  readonly InitialInstanceCount: number;
  readonly InitialVariantWeight?: number;
  readonly ContainerStartupHealthCheckTimeoutInSeconds?: number;
}

export interface EndpointConfig {
  readonly EndpointConfigName: string;
  readonly ProductionVariants: readonly Variant[];
  readonly ShadowProductionVariants?: readonly Variant[];
  readonly DataCaptureConfig?: DataCaptureConfig;
}

/** An image of a variant: as its model names it, and which one that was when it was launched. */
export interface DeployedImage {
  readonly SpecifiedImage: string;
  readonly ResolvedImage: string;
  /** Seconds since 1970, as the wire has it. */
  readonly ResolutionTime: number;
}

/** The fleets of one endpoint config: one a production variant, and its shadow. */
export interface Generation {
  readonly config: EndpointConfig;
  readonly fleets: readonly Fleet[];
  readonly shadow: Fleet | undefined;
  /** Images of each production variant, in the order of `fleets`. */
  readonly images: readonly (readonly DeployedImage[])[];
  /** Instances each fleet is to have, in the order of `fleets`. */
  wanted: readonly number[];
  /** Weight of each production variant now, in the order of `fleets`; changed by the weights API alone. */
  weights: readonly number[];
  /** Weights on their way. */
  desiredWeights: readonly number[];
}

export type EndpointStatus =
  | 'Creating'
  | 'Updating'
  | 'RollingBack'
  | 'InService'
  | 'Failed'
  | 'Deleting'
  | 'UpdateRollbackFailed';

/** `VariantStatus` of DescribeEndpoint. */
export interface VariantStatus {
  readonly Status: 'Creating' | 'ActivatingTraffic' | 'Baking' | 'Deleting' | 'Updating';
  readonly StatusMessage: string;
  readonly StartTime: number;
}

/** An update under way. */
export interface Pending {
  readonly generation: Generation;
  readonly startedAt: number;
  /** Instances of green that take traffic. */
  active: number;
  variantStatus: VariantStatus | undefined;
}

/** What SageMaker knows of one endpoint. */
export interface Endpoint {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  modifiedAt: number;
  status: EndpointStatus;
  /** Serves, or is to serve once created. */
  live: Generation;
  pending: Pending | undefined;
  /** After a rollback that failed: the other config that still serves, and its part (0-1) of the traffic. */
  leftover: { readonly generation: Generation; readonly fraction: number } | undefined;
  failureReason: string | undefined;
  lastDeploymentConfig: DeploymentConfig | undefined;
}

/** The shares of live traffic when `green` takes `fraction` (0-1) of it; within a generation by weight. */
export function sharesOf(blue: Generation, green: Generation | undefined, fraction: number): Share[] {
  const within = ({ fleets, weights }: Generation, part: number): Share[] => {
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return fleets.map((fleet, i) => ({ fleet, percent: (100 * part * weights[i]) / sum }));
  };
  return [
    ...(fraction < 1 ? within(blue, 1 - fraction) : []),
    ...(green && fraction > 0 ? within(green, fraction) : []),
  ];
}

// source: shadow-sampling
/** The shadow's copy: its weight relative to the production variant's, at most everything. */
export function mirrorOf({ config, shadow }: Generation): Mirror | undefined {
  const weight = config.ShadowProductionVariants?.[0]?.InitialVariantWeight ?? 1;
  const production = config.ProductionVariants[0]?.InitialVariantWeight ?? 1;
  return shadow === undefined ? undefined : { fleet: shadow, percent: Math.min(100, (100 * weight) / production) };
}
