import type { Duration, aws_sagemaker as sagemaker } from 'aws-cdk-lib';
import type { CapacitySize } from '../bases/capacity-size';
import { GuardrailStrategy } from '../bases/guardrail-strategy';
import { type PlanContext, RolloutPlan, RolloutStep } from '../bases/rollout-plan';
import { isoDuration, wholeSeconds } from '../private/durations';
import {
  asJson,
  DEFAULT_TERMINATION_WAIT,
  executionTimeout,
  PROVISIONING_SECONDS,
  requireCount,
  requireSizes,
} from '../private/guardrails';
import { requireKinds } from '../private/kinds';

/** How a canary deployment goes. */
export interface CanaryStrategyProps {
  /** The part of the new fleet that gets traffic first: at most half of it. */
  readonly canarySize: CapacitySize;
  /** How long the canary is watched before all traffic follows. At most one hour on an `Endpoint`. */
  readonly waitInterval: Duration;
  /**
   * How long the old fleet is kept, and the alarms watched, after all traffic has moved. At most one hour on an
   * `Endpoint`.
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
 * Gives a small part of the traffic to the new fleet, watches, and then moves the rest.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-canary.html
 * @example
 * new rollouts.CanaryStrategy({
 *   canarySize: rollouts.CapacitySize.percent(25),
 *   waitInterval: Duration.minutes(10),
 *   terminationWait: Duration.minutes(30),
 * });
 */
export class CanaryStrategy extends GuardrailStrategy {
  private readonly terminationWait: Duration;

  constructor(private readonly props: CanaryStrategyProps) {
    super();
    requireKinds('CanaryStrategy', props, {
      canarySize: 'CapacitySize',
      waitInterval: 'Duration',
      terminationWait: 'Duration?',
      maximumExecutionTimeout: 'Duration?',
    });
    this.terminationWait = props.terminationWait ?? DEFAULT_TERMINATION_WAIT;
    requireSizes('CanaryStrategy', { CanarySize: props.canarySize });
  }

  public plan(context: PlanContext): RolloutPlan {
    const { canarySize: size, waitInterval: bake } = this.props;
    const count = requireCount('CanaryStrategy', size, context);
    const effectivePercent = count === undefined ? size.value : (size.instancesOf(count) * 100) / count;
    const percent = size.unit === 'CAPACITY_PERCENT' ? size.value : effectivePercent;
    return new RolloutPlan({
      strategy: 'canary',
      steps: [
        new RolloutStep({ percent, effectivePercent, bake }),
        new RolloutStep({ percent: 100, bake: this.terminationWait }),
      ],
    });
  }

  public bind(context: PlanContext): sagemaker.CfnEndpoint.DeploymentConfigProperty {
    return this.render();
  }

  public toJson(): { [name: string]: unknown } {
    const { canarySize, waitInterval, maximumExecutionTimeout } = this.props;
    return asJson({
      strategy: 'canary',
      canarySize: canarySize.toJson(),
      waitInterval: isoDuration(waitInterval),
      terminationWait: isoDuration(this.terminationWait),
      maximumExecutionTimeout: maximumExecutionTimeout && isoDuration(maximumExecutionTimeout),
    });
  }

  private render(): sagemaker.CfnEndpoint.DeploymentConfigProperty {
    const { canarySize, waitInterval, maximumExecutionTimeout } = this.props;
    return {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: {
          type: 'CANARY',
          canarySize: canarySize._render(),
          waitIntervalInSeconds: wholeSeconds(waitInterval),
        },
        terminationWaitInSeconds: wholeSeconds(this.terminationWait),
        maximumExecutionTimeoutInSeconds: executionTimeout(
          maximumExecutionTimeout,
          [waitInterval, this.terminationWait],
          PROVISIONING_SECONDS,
        ),
      },
    };
  }
}
