import { type LiveEndpoint, type LiveVariant, readiness } from './live-endpoint';

/** What one variant is to have. */
export interface VariantTarget {
  readonly name: string;
  /** Share of live traffic, 0-100. */
  readonly percent: number;
  /** Instances that must be up before the share changes. More than that is left alone: auto scaling owns it. */
  readonly minimumCount: number;
}

/** What an endpoint is to become. */
export interface EndpointTarget {
  readonly configName: string;
  readonly variants: readonly VariantTarget[];
}

/** What was already asked of SageMaker for this target; carried from step to step. */
export interface Asked {
  /** The config of our UpdateEndpoint, and when it was sent (milliseconds). */
  readonly configName?: string;
  readonly at?: number;
  /** When more instances were first asked for (milliseconds). */
  readonly capacityAt?: number;
}

/** The one next thing to do to bring an endpoint to its target. */
export type Move =
  | { readonly kind: 'settled' }
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'update'; readonly configName: string }
  | { readonly kind: 'capacity'; readonly variant: string; readonly count: number }
  | { readonly kind: 'weights'; readonly weights: readonly { readonly name: string; readonly weight: number }[] }
  | {
      readonly kind: 'refused';
      readonly error: 'NotServing' | 'DriftFound' | 'CapacityMissing';
      readonly reason: string;
    };

/** DescribeEndpoint may be stale for a moment: only an old config seen this long after the update is a silent rollback. */
const STALE_MILLISECONDS = 120_000;

/** SageMaker searches for some ten minutes each time; so long it is asked again and again. */
const CAPACITY_MILLISECONDS = 3_600_000;

/**
 * One next move: wait, change the config, raise capacity, shift weights, or nothing more to do. Capacity comes before
 * weights. A config that is neither the one before nor the wanted one is drift: somebody else is at work.
 *
 * @param configBefore the config that serves when this target is begun
 */
export function nextMove(
  live: LiveEndpoint,
  target: EndpointTarget,
  configBefore: string,
  asked: Asked,
  now: number,
): Move {
  const ready = readiness(live);
  if (ready === 'wait') return { kind: 'wait', reason: `the endpoint is ${live.status}` };
  if (ready === 'no') {
    return { kind: 'refused', error: 'NotServing', reason: `the endpoint is ${live.status}, and must be InService` };
  }
  if (live.configName !== target.configName) {
    if (live.configName !== configBefore) {
      const reason = `config ${live.configName} serves, and is neither ${configBefore} nor ${target.configName}`;
      return { kind: 'refused', error: 'DriftFound', reason };
    }
    if (asked.configName !== target.configName) return { kind: 'update', configName: target.configName };
    if (!(now - (asked.at ?? now) >= STALE_MILLISECONDS)) return { kind: 'wait', reason: 'the update is not seen yet' };
    const why = live.failureReason === undefined ? '' : `: ${live.failureReason}`;
    const reason = `SageMaker went back to config ${live.configName} by itself${why}`;
    return { kind: 'refused', error: 'NotServing', reason };
  }
  return settle(live, target, asked, now);
}

function settle(live: LiveEndpoint, target: EndpointTarget, asked: Asked, now: number): Move {
  const pairs: { readonly want: VariantTarget; readonly have: LiveVariant }[] = [];
  for (const want of target.variants) {
    const have = live.variants.find(({ name }) => name === want.name);
    if (have === undefined) {
      return {
        kind: 'refused',
        error: 'DriftFound',
        reason: `variant ${want.name} is not in config ${live.configName}`,
      };
    }
    pairs.push({ want, have });
  }
  const small = pairs.find(({ want, have }) => !(have.desiredCount >= want.minimumCount));
  if (small !== undefined) {
    if (now - (asked.capacityAt ?? now) >= CAPACITY_MILLISECONDS) {
      const reason = `variant ${small.want.name} has ${small.have.desiredCount} of ${small.want.minimumCount} instances, and SageMaker finds no more`;
      return { kind: 'refused', error: 'CapacityMissing', reason };
    }
    return { kind: 'capacity', variant: small.want.name, count: small.want.minimumCount };
  }
  if (pairs.some(({ want, have }) => !(have.currentCount >= want.minimumCount))) {
    return { kind: 'wait', reason: 'instances are being launched' };
  }
  const sum = (weights: readonly number[]) => weights.reduce((total, weight) => total + weight, 0);
  const shares = (weight: (variant: LiveVariant) => number) => {
    const total = sum(live.variants.map(weight));
    return pairs.every(({ want, have }) => Math.abs((100 * weight(have)) / total - want.percent) < 1e-6);
  };
  if (!shares(({ desiredWeight }) => desiredWeight)) {
    return { kind: 'weights', weights: pairs.map(({ want }) => ({ name: want.name, weight: want.percent })) };
  }
  if (!shares(({ currentWeight }) => currentWeight)) return { kind: 'wait', reason: 'weights are not applied yet' };
  return { kind: 'settled' };
}
