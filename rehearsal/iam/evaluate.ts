import { meetsConditions, readOperator } from './condition';
import { many, type PolicyDocument, type PolicyStatement, type RequestContext } from './policy';
import { substitute } from './variables';
import { matchesArn, matchesWildcard } from './wildcard';

/** One question to IAM. An API that is authorised on several resources asks once for each. */
export interface AccessRequest {
  /** As in a policy: `sagemaker:DescribeEndpoint`. */
  readonly action: string;
  /** The ARN, or `*` for an action without resource types. */
  readonly resource: string;
  /** @default - the request has no condition keys */
  readonly context?: RequestContext;
}

/** What IAM answers, with the statement that decided it; an implicit denial has none. */
export interface AccessDecision {
  readonly allowed: boolean;
  /** `allowed`, `explicitDeny`, or `implicitDeny`: nothing granted it. */
  readonly kind: 'allowed' | 'explicitDeny' | 'implicitDeny';
  readonly statement?: PolicyStatement;
}

function matchesAction(statement: PolicyStatement, action: string): boolean {
  const among = (patterns: readonly string[]) => patterns.some((pattern) => matchesWildcard(pattern, action, true));
  if (statement.Action !== undefined) return among(many(statement.Action));
  return statement.NotAction !== undefined && !among(many(statement.NotAction));
}

function matchesResource(statement: PolicyStatement, request: AccessRequest): boolean {
  const among = (patterns: readonly string[]) =>
    patterns.some((pattern) => {
      const resolved = substitute(pattern, request.context ?? {});
      return resolved !== undefined && matchesArn(resolved, request.resource);
    });
  if (statement.Resource !== undefined) return among(many(statement.Resource));
  return statement.NotResource !== undefined && !among(many(statement.NotResource));
}

/**
 * Evaluates identity-based policies: an explicit deny wins, then an allow, else the request is denied. A condition
 * that is not understood never allows and always denies.
 */
// source: iam-evaluation-logic
export function evaluateAccess(policies: readonly PolicyDocument[], request: AccessRequest): AccessDecision {
  let allowing: PolicyStatement | undefined;
  for (const statement of policies.flatMap((policy) => many(policy.Statement))) {
    if (!matchesAction(statement, request.action) || !matchesResource(statement, request)) continue;
    const met = meetsConditions(statement, request.context ?? {});
    if (statement.Effect === 'Allow' && met === true) allowing ??= statement;
    else if (statement.Effect !== 'Allow' && met !== false) {
      return { allowed: false, kind: 'explicitDeny', statement };
    }
  }
  if (allowing === undefined) return { allowed: false, kind: 'implicitDeny' };
  return { allowed: true, kind: 'allowed', statement: allowing };
}

/** What a policy says that this evaluation does not understand, by name. */
export function checkPolicy(policy: PolicyDocument): readonly string[] {
  const problems: string[] = [];
  for (const statement of many(policy.Statement)) {
    if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
      problems.push(`effect must be Allow or Deny, got ${JSON.stringify(statement.Effect)}`);
    }
    for (const operator of Object.keys(statement.Condition ?? {})) {
      if (operator !== 'Null' && readOperator(operator) === undefined) {
        problems.push(`condition operator '${operator}' is not known to the rehearsal`);
      }
    }
  }
  return problems;
}
