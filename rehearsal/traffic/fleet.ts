import type { Side } from '../scenario';

/** One fleet of instances behind an endpoint, as the router sees it from now on. */
export interface Fleet {
  readonly side: Side;
  readonly variantName: string;
  readonly endpointConfigName: string;
  /**
   * Decides whether the fleet publishes GPU metrics.
   * @default - no GPU
   */
  readonly instanceType?: string;
  /** Instances in service; a fleet with none serves nothing. */
  readonly instances: number;
  /** Share of live traffic, 0-1. The shares of the fleets that are no shadows sum to 1, or to 0 when nothing serves. */
  readonly share: number;
  /**
   * A shadow answers copies of this share of the live requests; nobody sees its responses.
   * @default false
   */
  readonly shadow?: boolean;
}
