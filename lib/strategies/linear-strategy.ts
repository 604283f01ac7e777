import type { Duration, aws_sagemaker as sagemaker } from 'aws-cdk-lib';
import type { CapacitySize } from '../bases/capacity-size';
import { GuardrailStrategy } from '../bases/guardrail-strategy';
import { type PlanContext, RolloutPlan } from '../bases/rollout-plan';
import { isoDuration, wholeSeconds } from '../private/durations';
import {
  asJson,
  DEFAULT_TERMINATION_WAIT,
  equalSteps,
  executionTimeout,
  PROVISIONING_SECONDS,
  requireSizes,
} from '../private/guardrails';
import { requireKinds } from '../private/kinds';

/** How a linear deployment goes. */
export interface LinearStrategyProps {
  /** The part of the fleet that each step moves: a tenth to a half of it. */
  readonly linearStepSize: CapacitySize;
  /** How long each step but the last is watched. At most one hour on an `Endpoint`. */
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
   * @default - all waits of all steps, and an hour to launch the new fleet
   */
  readonly maximumExecutionTimeout?: Duration;
}

/**
 * Moves traffic to a whole new fleet in equal steps, and watches after each.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-linear.html
 * @example
 * new rollouts.LinearStrategy({
 *   linearStepSize: rollouts.CapacitySize.percent(25),
 *   waitInterval: Duration.minutes(10),
 * });
 */
export class LinearStrategy extends GuardrailStrategy {
  private readonly terminationWait: Duration;

  constructor(private readonly props: LinearStrategyProps) {
    super();
    requireKinds('LinearStrategy', props, {
      linearStepSize: 'CapacitySize',
      waitInterval: 'Duration',
      terminationWait: 'Duration?',
      maximumExecutionTimeout: 'Duration?',
    });
    this.terminationWait = props.terminationWait ?? DEFAULT_TERMINATION_WAIT;
    requireSizes('LinearStrategy', { LinearStepSize: props.linearStepSize });
  }

  public plan(context: PlanContext): RolloutPlan {
    const { linearStepSize, waitInterval } = this.props;
    const steps = equalSteps('LinearStrategy', linearStepSize, context, waitInterval, this.terminationWait);
    return new RolloutPlan({ strategy: 'linear', steps });
  }

  public bind(context: PlanContext): sagemaker.CfnEndpoint.DeploymentConfigProperty {
    const bakes = this.plan(context).steps.map((step) => step.bake);
    return this.render(executionTimeout(this.props.maximumExecutionTimeout, bakes, PROVISIONING_SECONDS));
  }

  public toJson(): { [name: string]: unknown } {
    const { linearStepSize, waitInterval, maximumExecutionTimeout } = this.props;
    return asJson({
      strategy: 'linear',
      linearStepSize: linearStepSize.toJson(),
      waitInterval: isoDuration(waitInterval),
      terminationWait: isoDuration(this.terminationWait),
      maximumExecutionTimeout: maximumExecutionTimeout && isoDuration(maximumExecutionTimeout),
    });
  }

  private render(timeout: number | undefined): sagemaker.CfnEndpoint.DeploymentConfigProperty {
    return {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: {
          type: 'LINEAR',
          linearStepSize: this.props.linearStepSize._render(),
          waitIntervalInSeconds: wholeSeconds(this.props.waitInterval),
        },
        terminationWaitInSeconds: wholeSeconds(this.terminationWait),
        maximumExecutionTimeoutInSeconds: timeout,
      },
    };
  }
}
