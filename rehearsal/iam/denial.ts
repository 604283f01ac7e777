import type { AccessDecision, AccessRequest } from './evaluate';

/** Who asks, as IAM names a role in use: `arn:aws:sts::123456789012:assumed-role/ROLE/SESSION`. */
export function assumedRoleArn(roleArn: string, session: string): string {
  const [, partition, , , account, path] = roleArn.split(':');
  return `arn:${partition}:sts::${account}:assumed-role/${path.split('/').at(-1)}/${session}`;
}

/** The sentence with which AWS denies, one for a missing grant and one for an explicit deny. */
// source: iam-access-denied-wording
export function denialMessage(principal: string, request: AccessRequest, decision: AccessDecision): string {
  const on = request.resource === '*' ? '' : ` on resource: ${request.resource}`;
  const why =
    decision.kind === 'explicitDeny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${request.action} action`;
  return `User: ${principal} is not authorized to perform: ${request.action}${on} ${why}`;
}
