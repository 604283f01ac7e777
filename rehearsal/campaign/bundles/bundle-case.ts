import type { Knobs } from '../../knobs';
import type { Behaviour, Deed } from '../../scenario';
import type { Fault } from '../../services';

/** The way of a version in minutes, so that a whole rollout is short. */
export interface BundlePlan {
  /** Minutes in which it answers copies only. @default - no shadow */
  readonly shadowMinutes?: number;
  readonly stages: readonly {
    readonly percent: number;
    readonly bakeMinutes: number;
    readonly deadlineMinutes: number;
  }[];
  readonly watchMinutes: number;
  readonly holdbackPercent: number;
  readonly onUndecided: 'stay' | 'champion';
  /** Whether a person must agree before all traffic moves. */
  readonly approval: boolean;
  readonly instances: number;
  /** Gates beside the one on errors, which is always asked. */
  readonly gates: readonly ('latency' | 'function')[];
}

/** How the new version behaves. */
export interface BundleModel {
  readonly kind: 'good' | 'errors' | 'slow' | 'crashes' | 'noCapacity';
  /** Minutes after its deployment from which it is so. */
  readonly fromMinute: number;
}

/** An execution that is stopped by hand, right after an event of its history. */
export interface BundleStop {
  readonly machine: 'rollout' | 'bake' | 'rollback';
  readonly event: number;
}

/**
 * One rollout of a synthesized deployment with the handlers as they are shipped, whole: the same case is the same run,
 * byte for byte. Each concern was drawn from its own stream.
 */
export interface BundleCase {
  readonly seed: number;
  readonly plan: BundlePlan;
  readonly model: BundleModel;
  readonly requestsPerSecond: number;
  readonly people: readonly Deed[];
  readonly stops: readonly BundleStop[];
  readonly faults: readonly Fault[];
  readonly knobs: Partial<Knobs>;
}

/** What is wrong with a version of each kind. */
export const BEHAVIOURS: Readonly<Record<BundleModel['kind'], Partial<Behaviour>>> = {
  good: {},
  errors: { errorRate: 0.3 },
  slow: { latencyP50: 400, latencyP99: 1_500 },
  crashes: { startup: 'crashes' },
  noCapacity: { startup: 'noCapacity' },
};
