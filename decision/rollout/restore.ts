import { type LiveEndpoint, readiness, sharePercent } from './live-endpoint';
import type { Move } from './move';

/** Who is who on an endpoint that is being taken back. */
export interface RestoreFacts {
  readonly live: LiveEndpoint;
  readonly champion: string;
  readonly challenger: string;
  /** Instances that the champion needs to take all traffic. */
  readonly fullCount: number;
}

/**
 * The next move on the way back: traffic to the champion as far as its instances go, more instances, then the rest. A
 * challenger that is no production variant (shadow, or never launched) has nothing to give back.
 */
export function restoreMove({ live, champion, challenger, fullCount }: RestoreFacts): Move {
  const ready = readiness(live);
  if (ready === 'wait') return { kind: 'wait', reason: `the endpoint is ${live.status}` };
  if (ready === 'no') {
    return { kind: 'refused', error: 'NotServing', reason: `the endpoint is ${live.status}, and must be InService` };
  }
  const home = live.variants.find(({ name }) => name === champion);
  if (home === undefined) {
    return { kind: 'refused', error: 'NotServing', reason: `the champion's variant ${champion} is gone` };
  }
  if (!live.variants.some(({ name }) => name === challenger)) return { kind: 'settled' };

  const share = sharePercent(live, champion);
  const able = home.currentCount >= fullCount ? 100 : Math.floor((100 * home.currentCount) / Math.max(1, fullCount));
  // Weights first: every second with the challenger costs requests, instances cost minutes.
  if (able > 0 && !(share >= able) && differs(live, champion, able)) return weights(champion, challenger, able);
  if (able < 100 && !(home.desiredCount >= fullCount)) {
    return { kind: 'capacity', variant: champion, count: fullCount };
  }
  if (able < 100) return { kind: 'wait', reason: `the champion has ${home.currentCount} of ${fullCount} instances` };
  return share === 100 ? { kind: 'settled' } : { kind: 'wait', reason: 'weights are not applied yet' };
}

function differs(live: LiveEndpoint, champion: string, percent: number): boolean {
  const total = live.variants.reduce((sum, { desiredWeight }) => sum + desiredWeight, 0);
  const desired = live.variants.find(({ name }) => name === champion)?.desiredWeight ?? 0;
  return !(Math.abs((100 * desired) / total - percent) < 1e-6);
}

function weights(champion: string, challenger: string, percent: number): Move {
  return {
    kind: 'weights',
    weights: [
      { name: champion, weight: percent },
      { name: challenger, weight: 100 - percent },
    ],
  };
}
