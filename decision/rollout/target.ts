import type { EndpointTarget } from './move';
import type { Phase } from './plan';
import { shareCount } from './scaling';
import { configName, otherVariant, type VariantName } from './spec';

/** Who takes part in a rollout, and how large the fleet is. */
export interface Parties {
  readonly endpoint: string;
  readonly digest: string;
  readonly epoch: number;
  readonly champion: VariantName;
  /** Instances that are needed to serve all traffic. */
  readonly fullCount: number;
}

/** Which endpoint config a phase runs on; `live` for a phase that changes nothing. */
export function configKind(phase: Phase): 'live' | 'shadow' | 'split' {
  if (phase.kind === 'shadow') return 'shadow';
  return phase.kind === 'stage' || phase.kind === 'watch' ? 'split' : 'live';
}

/** Share of live traffic that the challenger has in a phase, 0-100. */
export function challengerPercent(phase: Phase): number {
  if (phase.kind === 'stage') return phase.percent;
  return phase.kind === 'watch' ? 100 - phase.holdbackPercent : 0;
}

/**
 * What a phase wants of the endpoint. The champion keeps the instances that take everything back; the challenger has
 * those of its share, before it has the share.
 */
export function targetOf(phase: Phase, parties: Parties): EndpointTarget {
  const { endpoint, digest, epoch, champion, fullCount } = parties;
  const percent = challengerPercent(phase);
  const kind = configKind(phase) === 'shadow' ? 'shadow' : 'split';
  const home = { name: champion, percent: 100 - percent, minimumCount: fullCount };
  const away = {
    name: otherVariant(champion),
    percent,
    minimumCount: shareCount(fullCount, percent),
  };
  return {
    configName: configName(endpoint, digest, epoch, kind),
    variants: kind === 'shadow' ? [home] : [home, away],
  };
}
