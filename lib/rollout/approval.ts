import { aws_iam as iam, Token } from 'aws-cdk-lib';
import { type ApprovalSpec, approvalPhase } from '../../decision/rollout/approval';
import type { Plan } from '../../decision/rollout/plan';
import type { Problems } from '../private/problems';
import { ApprovalRule, type DeploymentFacts } from './approval-rule';

/** Who must agree to a new version, and when. */
export interface Approval {
  /**
   * Roles and users who may agree. They are given what `rollouts approve` needs. IAM verifies who asks; who started a
   * rollout may not approve it.
   */
  readonly approvers: iam.IGrantable[];
  /**
   * When one of them must, before the new version gets all traffic; one rule that says so is enough. A stage with
   * `approval: true` asks in any case.
   *
   * @default [ApprovalRule.always()]
   */
  readonly when?: ApprovalRule[];
  /**
   * ARN of the role, user or session that deploys this version, and may not approve it: CloudFormation does not say
   * who that is.
   *
   * @default - nobody is excluded, but who has used `rollouts retry`
   */
  readonly startedBy?: string;
}

/** Whatever else it says, it would be nobody, and exclude nobody. */
const STARTER = /^arn:[\w-]+:(iam::\d{12}:(role|user)|sts::\d{12}:assumed-role)\/./;

/** The approval as the engine reads it; a plan that asks for an approval that nobody can give is refused. */
export function bindApproval(
  problems: Problems,
  approval: Approval | undefined,
  plan: Plan,
  facts: DeploymentFacts,
): ApprovalSpec | undefined {
  if (approval === undefined) {
    problems.require(
      !plan.phases.some((phase) => phase.kind === 'stage' && phase.approval === true),
      'ApproversMissing',
      () => 'the strategy asks for approval, so approval.approvers must name who may give it, got nobody',
    );
    return undefined;
  }
  const approvers = approval.approvers.map(({ grantPrincipal }, i) => {
    const { AWS: arns } = grantPrincipal.policyFragment.principalJson as { readonly AWS?: unknown };
    const arn = Array.isArray(arns) && arns.length === 1 ? `${arns[0]}` : '';
    problems.require(
      (Token.isUnresolved(arn) && !(grantPrincipal instanceof iam.AccountPrincipal)) ||
        /^arn:[\w-]+:iam::\d{12}:(role|user)\//.test(arn),
      'ApproverUnknown',
      () => `approver ${i + 1} must be a role or a user with an ARN, got ${JSON.stringify(arns) ?? 'a service'}`,
    );
    return arn;
  });
  problems.require(approvers.length > 0, 'ApproversMissing', () => 'approvers must name at least one, got none');
  problems.require(
    approvalPhase(plan) >= 0,
    'ApprovalWithoutStage',
    () => 'approval needs a stage before all traffic moves, and the strategy has none: use a StagedStrategy',
  );
  const { when = [ApprovalRule.always()], startedBy } = approval;
  problems.require(
    when.length > 0,
    'ApprovalRulesMissing',
    () => 'when must name at least one rule, or be left out to ask for every version, got none',
  );
  problems.require(
    startedBy === undefined || Token.isUnresolved(startedBy) || STARTER.test(startedBy),
    'StartedByUnknown',
    () => `startedBy must be the ARN of a role, a user or a session, got '${startedBy}'`,
  );
  return {
    approvers,
    when: when.map((rule) => rule._bind(facts)),
    ...(startedBy === undefined ? {} : { startedBy }),
  };
}

/** The plan with what is known at synth: where every version is approved, its last stage says so. */
export function withApproval(plan: Plan, approval: ApprovalSpec | undefined): Plan {
  if (approval === undefined || !approval.when.some(({ kind }) => kind === 'always')) return plan;
  const last = approvalPhase(plan);
  const phases = plan.phases.map((phase, i) =>
    i === last && phase.kind === 'stage' ? { ...phase, approval: true } : phase,
  );
  return { ...plan, phases };
}
