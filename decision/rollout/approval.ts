import { isoSeconds, type Phase, type Plan } from './plan';

/** Who may agree to a rollout's last step, and when somebody must. */
export interface ApprovalSpec {
  /** ARNs of roles and users. */
  readonly approvers: readonly string[];
  /** One that says so is enough. */
  readonly when: readonly ApprovalRuleSpec[];
  /** Who deployed the version, and may not approve it. @default - only a rollout that was retried knows its starter */
  readonly startedBy?: string;
}

/** When a person must agree. */
export type ApprovalRuleSpec =
  | { readonly kind: 'always' }
  /** More excess bad requests than this may be served; `expected` is null where the traffic is not declared. */
  | { readonly kind: 'blastRadiusAbove'; readonly badRequests: number; readonly expected: number | null }
  /** What of the deployment is not as declared normal, in words; nothing when all is. */
  | { readonly kind: 'outsideNormal'; readonly found: readonly string[] }
  /** A version was rolled back within this time. */
  | { readonly kind: 'afterRollback'; readonly within: string };

/** What a rule may look at, at the time of a tick. */
export interface ApprovalFacts {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When versions of this endpoint were rolled back, milliseconds since 1970. */
  readonly rollbacks: readonly number[];
}

/** The phase before which rules are asked: the last one before the watch. -1 when there is none. */
export function approvalPhase(plan: Plan): number {
  return plan.phases.map(({ kind }) => kind !== 'watch').lastIndexOf(true);
}

/** Why a person must agree before the rollout goes on; undefined when nobody must. An unknown rule asks for one. */
export function approvalReason(
  phase: Phase,
  index: number,
  plan: Plan,
  approval: ApprovalSpec | undefined,
  facts: ApprovalFacts,
): string | undefined {
  if (phase.kind === 'stage' && phase.approval === true) return 'the plan asks for approval';
  if (approval === undefined || index !== approvalPhase(plan)) return undefined;
  for (const rule of approval.when) {
    const reason = reasonOf(rule, facts);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function reasonOf(rule: ApprovalRuleSpec, { at, rollbacks }: ApprovalFacts): string | undefined {
  switch (rule.kind) {
    case 'always':
      return 'every version is approved by a person';
    case 'blastRadiusAbove': {
      const { badRequests, expected } = rule;
      if (expected === null) return 'the traffic is not declared, so the blast radius is not known';
      return expected <= badRequests
        ? undefined
        : `${Math.round(expected)} bad requests are at stake, more than ${badRequests}`;
    }
    case 'outsideNormal':
      return rule.found.length === 0 ? undefined : `outside normal: ${rule.found.join(', ')}`;
    case 'afterRollback': {
      const since = at - 1000 * isoSeconds(rule.within);
      // A time that cannot be read is no reason to go on.
      const long = rollbacks.every((rollback) => rollback < since);
      return long ? undefined : `a version was rolled back within ${rule.within}`;
    }
    default:
      return `the rule '${(rule as { kind: string }).kind}' is not known`;
  }
}
