import type { Behaviour } from '../scenario';

/** What load does to a fleet. */
export interface LoadEffect {
  /** By how much latencies grow. */
  readonly latencyFactor: number;
  /** Share of requests that no instance can take: answered with 5xx. */
  readonly refused: number;
}

const SLOWEST = 20;

/**
 * Saturation: hardly anything up to 60 % of a fleet's capacity, a queue that grows without bound towards 100 %, and
 * beyond that every request over capacity is refused. A model of ours, in the manner of a queue with several servers:
 * AWS says nothing about it.
 */
// source: model-saturation
export function loadEffect(requestsPerSecond: number, instances: number, behaviour: Behaviour): LoadEffect {
  const utilisation = utilisationOf(requestsPerSecond, instances, behaviour);
  if (utilisation >= 1) return { latencyFactor: SLOWEST, refused: 1 - 1 / utilisation };
  return { latencyFactor: Math.min(SLOWEST, 1 + utilisation ** 8 / (1 - utilisation)), refused: 0 };
}

/** Share of a fleet's capacity that is used: 1 is saturated, more is too much. */
export function utilisationOf(requestsPerSecond: number, instances: number, behaviour: Behaviour): number {
  if (!(requestsPerSecond > 0)) return 0;
  const capacity = instances * behaviour.capacityPerInstance;
  return capacity > 0 ? requestsPerSecond / capacity : Number.POSITIVE_INFINITY;
}
