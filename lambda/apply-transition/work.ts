import type { LiveEndpoint, VariantName } from '../../decision';
import type { TransitionEvent } from './event';

/** What every action works with. */
export interface Work {
  readonly event: TransitionEvent;
  readonly live: LiveEndpoint;
  readonly champion: VariantName;
  readonly challenger: VariantName;
  /** Instances that all traffic needed when it was last written down. */
  readonly noted: number;
}
