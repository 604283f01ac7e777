import type { Duration, aws_sagemaker as sagemaker } from 'aws-cdk-lib';
import type { CapacitySize } from '../bases/capacity-size';
import { GuardrailStrategy } from '../bases/guardrail-strategy';
import { type PlanContext, RolloutPlan } from '../bases/rollout-plan';
import { isoDuration, wholeSeconds } from '../private/durations';
import { asJson, BATCH_PROVISIONING_SECONDS, equalSteps, executionTimeout, requireSizes } from '../private/guardrails';
import { requireKinds } from '../private/kinds';

/** How a rolling deployment goes. */
export interface RollingStrategyProps {
  /** Instances that are replaced at a time: 5 % to half of the fleet. */
  readonly maximumBatchSize: CapacitySize;
  /** How long each batch is watched, the last one too. At most one hour on an `Endpoint`. */
  readonly waitInterval: Duration;
  /**
   * Instances that a rollback brings back at a time.
   *
   * @default - the whole old fleet at once
   */
  readonly rollbackMaximumBatchSize?: CapacitySize;
  /**
   * How long the whole deployment may take, 10 minutes to 8 hours.
   *
   * @default - all waits, and a quarter of an hour to launch each batch
   */
  readonly maximumExecutionTimeout?: Duration;
}

/**
 * Replaces the fleet batch by batch, so that only one batch of instances is paid for twice. A rollback must launch
 * the old instances again: choose a blue/green strategy where that may not take minutes.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-rolling.html
 * @example
 * new rollouts.RollingStrategy({
 *   maximumBatchSize: rollouts.CapacitySize.percent(25),
 *   waitInterval: Duration.minutes(10),
 * });
 */
export class RollingStrategy extends GuardrailStrategy {
  constructor(private readonly props: RollingStrategyProps) {
    super();
    requireKinds('RollingStrategy', props, {
      maximumBatchSize: 'CapacitySize',
      waitInterval: 'Duration',
      rollbackMaximumBatchSize: 'CapacitySize?',
      maximumExecutionTimeout: 'Duration?',
    });
    const { maximumBatchSize, rollbackMaximumBatchSize } = props;
    requireSizes('RollingStrategy', {
      MaximumBatchSize: maximumBatchSize,
      ...(rollbackMaximumBatchSize === undefined ? {} : { RollbackMaximumBatchSize: rollbackMaximumBatchSize }),
    });
  }

  public plan(context: PlanContext): RolloutPlan {
    const { maximumBatchSize, waitInterval } = this.props;
    const steps = equalSteps('RollingStrategy', maximumBatchSize, context, waitInterval, waitInterval);
    return new RolloutPlan({ strategy: 'rolling', steps });
  }

  public bind(context: PlanContext): sagemaker.CfnEndpoint.DeploymentConfigProperty {
    const bakes = this.plan(context).steps.map((step) => step.bake);
    const provisioning = bakes.length * BATCH_PROVISIONING_SECONDS;
    return this.render(executionTimeout(this.props.maximumExecutionTimeout, bakes, provisioning));
  }

  public toJson(): { [name: string]: unknown } {
    const { maximumBatchSize, waitInterval, rollbackMaximumBatchSize, maximumExecutionTimeout } = this.props;
    return asJson({
      strategy: 'rolling',
      maximumBatchSize: maximumBatchSize.toJson(),
      waitInterval: isoDuration(waitInterval),
      rollbackMaximumBatchSize: rollbackMaximumBatchSize?.toJson(),
      maximumExecutionTimeout: maximumExecutionTimeout && isoDuration(maximumExecutionTimeout),
    });
  }

  private render(timeout: number | undefined): sagemaker.CfnEndpoint.DeploymentConfigProperty {
    const { maximumBatchSize, waitInterval, rollbackMaximumBatchSize } = this.props;
    return {
      rollingUpdatePolicy: {
        maximumBatchSize: maximumBatchSize._render(),
        waitIntervalInSeconds: wholeSeconds(waitInterval),
        rollbackMaximumBatchSize: rollbackMaximumBatchSize?._render(),
        maximumExecutionTimeoutInSeconds: timeout,
      },
    };
  }
}
