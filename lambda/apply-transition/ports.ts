import type { LiveEndpoint } from '../../decision';
import type { AutoScalingDoor } from '../aws/auto-scaling';
import type { Claim } from '../aws/rollout-record';

/** One variant's new weight or number of instances. */
export interface VariantChange {
  readonly name: string;
  readonly weight?: number;
  readonly count?: number;
}

/** An endpoint config in SageMaker's own words. */
export type EndpointConfig = { readonly [key: string]: unknown } & {
  readonly EndpointConfigName: string;
  readonly ProductionVariants: readonly { readonly [key: string]: unknown }[];
};

/** What a transition may do to an endpoint. Errors carry the names that the state machine catches. */
export interface EndpointPort {
  describe(endpoint: string): Promise<LiveEndpoint | undefined>;
  config(name: string): Promise<{ readonly ProductionVariants?: readonly object[] | undefined }>;
  createConfig(config: EndpointConfig): Promise<void>;
  /** Deletes a config; one that is gone is deleted. */
  deleteConfig(name: string): Promise<void>;
  create(endpoint: string, configName: string, tags: readonly { Key: string; Value: string }[]): Promise<void>;
  /** Makes it known as the engine's, with these tags. */
  mark(endpoint: string, tags: readonly { Key: string; Value: string }[]): Promise<void>;
  /** Deletes the endpoint; one that is gone is deleted. */
  remove(endpoint: string): Promise<void>;
  /** `keepsCounts`: a variant of the same name keeps the instances that it has. */
  update(endpoint: string, configName: string, keepsCounts: boolean): Promise<void>;
  change(endpoint: string, changes: readonly VariantChange[]): Promise<void>;
}

/** What a transition must know of the record: who may act, and what is being rolled out. */
export interface RecordPort {
  lock(endpoint: string): Promise<{
    readonly rolloutId: string;
    readonly epoch: number;
    readonly champion: string;
    readonly challenger: string;
    readonly fullCount: number;
  }>;
  /** Writes into the lock of whoever has it; undefined for anybody else. */
  note(claim: Claim, changes: { readonly fullCount: number }): Promise<object | undefined>;
  get(pk: string, sk: string): Promise<{ readonly [name: string]: string | number } | undefined>;
  list(pk: string, prefix: string): Promise<readonly { readonly [name: string]: string | number }[]>;
}

/** Everything `apply-transition` needs of the world. */
export interface TransitionPorts {
  readonly endpoints: EndpointPort;
  readonly record: RecordPort;
  readonly scaling: AutoScalingDoor;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
