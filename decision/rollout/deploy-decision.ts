/** What is known when CloudFormation hands over a version: digests of versions, and what runs. */
export interface DeployFacts {
  /** Digest of the wanted version. */
  readonly target: string;
  /** Digest of the version that serves; null when nothing serves yet. */
  readonly champion: string | null;
  /** Digest of the version that was handed over before; null for the first. */
  readonly previous: string | null;
  /** The rollout that holds the lock; null when none runs. */
  readonly running: { readonly rolloutId: string; readonly digest: string } | null;
  /** Whether the wanted version was rolled back before. */
  readonly rejected: boolean;
  /** Id of a rollout whose retrospective is still open; null when there is none. */
  readonly openRetrospective: string | null;
  /** Who owns the live endpoint: `none` when there is no endpoint of that name. */
  readonly owner: 'none' | 'engine' | 'stack' | 'nobody';
  /** Whether an endpoint that no stack owns may be taken over. */
  readonly adopt: boolean;
  /** Whether CloudFormation goes back to it, because another deployment has failed. */
  readonly goesBack: boolean;
}

/** What a deployment does. */
export type DeployDecision =
  | { readonly action: 'nothing'; readonly reason: string; readonly warning: boolean }
  | { readonly action: 'start' | 'create'; readonly reason: string }
  | { readonly action: 'abort'; readonly rolloutId: string; readonly reason: string }
  | { readonly action: 'refuse'; readonly code: string; readonly reason: string };

/**
 * What happens to a version that CloudFormation hands over. The order matters: a way back (CloudFormation's reverse
 * update is one) is always open, and comes before anything that refuses.
 */
export function decideDeploy(facts: DeployFacts): DeployDecision {
  const { target, champion, previous, running, owner } = facts;
  if (running !== null && running.digest === target) {
    return { action: 'nothing', reason: `rollout ${running.rolloutId} of this version is under way`, warning: false };
  }
  if (running !== null && (target === champion || target === previous)) {
    return { action: 'abort', rolloutId: running.rolloutId, reason: 'the version before it is wanted back' };
  }
  // Nobody has asked for it: what was reached meanwhile is not undone, and nothing is refused.
  if (facts.goesBack)
    return { action: 'nothing', reason: 'CloudFormation goes back, and what serves stays', warning: false };
  if (running === null && target === champion && owner === 'engine') {
    return { action: 'nothing', reason: 'this version serves', warning: false };
  }
  if (facts.rejected) {
    const reason = "this version was rolled back before; 'rollouts retry' starts it again";
    return { action: 'nothing', reason, warning: true };
  }
  if (running !== null) {
    const reason =
      `rollout ${running.rolloutId} is under way; wait for its end, or take it back with 'rollouts abort', ` +
      'and deploy this version then';
    return { action: 'refuse', code: 'RolloutUnderWay', reason };
  }
  if (owner === 'stack' || (owner === 'nobody' && !facts.adopt)) return { action: 'refuse', ...foreign(owner) };
  if (facts.openRetrospective !== null) {
    const reason = `the retrospective of rollout ${facts.openRetrospective} is open; close it with 'rollouts retro close'`;
    return { action: 'refuse', code: 'RetrospectiveOpen', reason };
  }
  if (owner === 'none') return { action: 'create', reason: 'nothing serves yet' };
  if (owner === 'engine' || owner === 'nobody') return { action: 'start', reason: 'a new version' };
  return {
    action: 'refuse',
    code: 'OwnerUnknown',
    reason: `owner of the endpoint must be known, got ${String(owner)}`,
  };
}

function foreign(owner: 'stack' | 'nobody'): { readonly code: string; readonly reason: string } {
  if (owner === 'stack') {
    const reason =
      'a CloudFormation stack owns the endpoint; deploy it there once with removalPolicy RETAIN, remove it from that ' +
      'stack, and set adoptExistingEndpoint: true here';
    return { code: 'EndpointForeign', reason };
  }
  return { code: 'EndpointForeign', reason: 'the endpoint exists; adoptExistingEndpoint: true takes it over' };
}
