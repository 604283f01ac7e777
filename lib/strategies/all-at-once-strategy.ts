import type { Duration, aws_sagemaker as sagemaker } from 'aws-cdk-lib';
import { GuardrailStrategy } from '../bases/guardrail-strategy';
import { type PlanContext, RolloutPlan, RolloutStep } from '../bases/rollout-plan';
import { isoDuration, wholeSeconds } from '../private/durations';
import { asJson, DEFAULT_TERMINATION_WAIT, executionTimeout, PROVISIONING_SECONDS } from '../private/guardrails';
import { requireKinds } from '../private/kinds';

/** How an all-at-once deployment goes. */
export interface AllAtOnceStrategyProps {
  /**
   * How long the old fleet is kept, and the alarms watched, after all traffic has moved. At most one hour on an
   * `Endpoint`. With zero nobody watches: a bad version is not taken back.
   *
   * @default Duration.minutes(15)
   */
  readonly terminationWait?: Duration;
  /**
   * How long the whole deployment may take, 10 minutes to 8 hours.
   *
   * @default - all waits, and an hour to launch the new fleet
   */
  readonly maximumExecutionTimeout?: Duration;
}

/**
 * Moves all traffic to a whole new fleet at once, and keeps the old one warm while the alarms are watched.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-all-at-once.html
 * @example
 * new rollouts.AllAtOnceStrategy({ terminationWait: Duration.minutes(20) });
 */
export class AllAtOnceStrategy extends GuardrailStrategy {
  private readonly terminationWait: Duration;
  private readonly maximumExecutionTimeout?: Duration;

  constructor(props: AllAtOnceStrategyProps = {}) {
    super();
    requireKinds('AllAtOnceStrategy', props, { terminationWait: 'Duration?', maximumExecutionTimeout: 'Duration?' });
    this.terminationWait = props.terminationWait ?? DEFAULT_TERMINATION_WAIT;
    this.maximumExecutionTimeout = props.maximumExecutionTimeout;
  }

  public plan(context: PlanContext): RolloutPlan {
    return new RolloutPlan({
      strategy: 'allAtOnce',
      steps: [new RolloutStep({ percent: 100, bake: this.terminationWait })],
    });
  }

  public bind(context: PlanContext): sagemaker.CfnEndpoint.DeploymentConfigProperty {
    return {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: { type: 'ALL_AT_ONCE', waitIntervalInSeconds: 0 },
        terminationWaitInSeconds: wholeSeconds(this.terminationWait),
        maximumExecutionTimeoutInSeconds: executionTimeout(
          this.maximumExecutionTimeout,
          [this.terminationWait],
          PROVISIONING_SECONDS,
        ),
      },
    };
  }

  public toJson(): { [name: string]: unknown } {
    return asJson({
      strategy: 'allAtOnce',
      terminationWait: isoDuration(this.terminationWait),
      maximumExecutionTimeout: this.maximumExecutionTimeout && isoDuration(this.maximumExecutionTimeout),
    });
  }
}
