import { type Duration, Token } from 'aws-cdk-lib';
import type { ApprovalRuleSpec } from '../../decision/rollout/approval';
import { isoDuration } from '../private/durations';
import { Problems } from '../private/problems';

/** What a normal deployment looks like: whatever is not so needs a person's word. */
export interface NormalDeploymentProps {
  /**
   * Instance types that are in use.
   *
   * @default - any
   */
  readonly instanceTypes?: string[];
  /**
   * Instances that a fleet has at most.
   *
   * @default - any number
   */
  readonly maximumInstanceCount?: number;
  /**
   * Points of percent, 0-100, by which the share of traffic grows at most from one step to the next.
   *
   * @default - any
   */
  readonly maximumStepPercent?: number;
}

/** What a rule may know of a deployment at synth. @internal */
export interface DeploymentFacts {
  readonly instanceType: string | undefined;
  readonly instanceCount: number | undefined;
  readonly requestsPerSecond: number | undefined;
  /** Shares of the new version, first to last, 0-100. */
  readonly percents: readonly number[];
}

/** What alarms have to find within the budget of five minutes, and a minute to go back: 5 % more errors. */
const EXCESS_RATE = 0.05;
const EXPOSED_SECONDS = 360;

/**
 * When a person must agree before a new version gets all traffic. Of several rules, one that says so is enough.
 *
 * @example
 * rollouts.ApprovalRule.afterRollback(Duration.days(30));
 */
export class ApprovalRule {
  /** Every version needs a person's word. */
  public static always(): ApprovalRule {
    return new ApprovalRule(() => ({ kind: 'always' }));
  }

  /**
   * Versions that could spoil more than so many requests: what 5 % more errors with all traffic spoil within six
   * minutes, at the traffic that `hosting` declares. Where none is declared, a person is asked.
   *
   * @param badRequests excess bad requests, at least 0
   */
  public static blastRadiusAbove(badRequests: number): ApprovalRule {
    const problems = new Problems('ApprovalRule');
    const says = () => `badRequests must be a number of at least 0, got ${badRequests}`;
    const known = !Token.isUnresolved(badRequests) && Number.isFinite(badRequests);
    problems.require(known && badRequests >= 0, 'BadRequestsOutOfRange', says);
    problems.throwIfAny();
    return new ApprovalRule(({ requestsPerSecond }) => ({
      kind: 'blastRadiusAbove',
      badRequests,
      expected: requestsPerSecond === undefined ? null : requestsPerSecond * EXPOSED_SECONDS * EXCESS_RATE,
    }));
  }

  /** Deployments that are not as declared normal. What is only known at deployment is not normal. */
  public static outsideNormal(normal: NormalDeploymentProps): ApprovalRule {
    const problems = new Problems('ApprovalRule');
    requireNormal(problems, normal);
    problems.throwIfAny();
    return new ApprovalRule((facts) => ({ kind: 'outsideNormal', found: abnormal(normal, facts) }));
  }

  /** Versions that come within this time after one of this endpoint was rolled back. */
  public static afterRollback(within: Duration): ApprovalRule {
    const problems = new Problems('ApprovalRule');
    const seconds = within.isUnresolved() ? Number.NaN : within.toSeconds({ integral: false });
    problems.require(
      Number.isInteger(seconds) && seconds > 0,
      'WithinOutOfRange',
      () => `within must be whole seconds of more than 0, known at synth, got ${seconds} s`,
    );
    problems.throwIfAny();
    return new ApprovalRule(() => ({ kind: 'afterRollback', within: isoDuration(within) }));
  }

  private constructor(private readonly render: (facts: DeploymentFacts) => ApprovalRuleSpec) {}

  /**
   * The rule as the engine reads it.
   *
   * @internal
   */
  public _bind(facts: DeploymentFacts): ApprovalRuleSpec {
    return this.render(facts);
  }
}

/** A limit that is no number would never be exceeded, and nobody asked. */
function requireNormal(problems: Problems, normal: NormalDeploymentProps): void {
  const { instanceTypes, maximumInstanceCount: count, maximumStepPercent: step } = normal;
  problems.require(
    instanceTypes !== undefined || count !== undefined || step !== undefined,
    'NormalUnknown',
    () => 'what is normal must be said: give instanceTypes, maximumInstanceCount or maximumStepPercent, got none',
  );
  problems.require(
    count === undefined || (!Token.isUnresolved(count) && Number.isInteger(count) && count >= 1),
    'NormalInstanceCount',
    () => `maximumInstanceCount must be a whole number of at least 1, known at synth, got ${count}`,
  );
  problems.require(
    step === undefined || (!Token.isUnresolved(step) && step > 0 && step <= 100),
    'NormalStepPercent',
    () => `maximumStepPercent must be more than 0 and at most 100, known at synth, got ${step}`,
  );
}

function abnormal(normal: NormalDeploymentProps, facts: DeploymentFacts): string[] {
  const { instanceTypes, maximumInstanceCount, maximumStepPercent } = normal;
  const { instanceType, instanceCount, percents } = facts;
  const step = Math.max(...percents.map((percent, i) => percent - (i === 0 ? 0 : percents[i - 1])));
  const found: string[] = [];
  if (instanceTypes !== undefined && !(instanceType !== undefined && instanceTypes.includes(instanceType))) {
    found.push(`instance type ${instanceType ?? 'unknown'}`);
  }
  if (maximumInstanceCount !== undefined && !(instanceCount !== undefined && instanceCount <= maximumInstanceCount)) {
    found.push(`${instanceCount ?? 'unknown'} instances`);
  }
  if (maximumStepPercent !== undefined && !(step <= maximumStepPercent)) found.push(`a step of ${step} %`);
  return found;
}
