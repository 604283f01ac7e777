import { aws_applicationautoscaling as appscaling, type Duration, Token } from 'aws-cdk-lib';
import type { Construct, IDependable } from 'constructs';
import { SCALED_INSTANCES_MIN } from '../../decision/hosting-limits';
import { requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';

/** Bounds and pace of target tracking on one variant. */
export interface AutoScalingProps {
  /** Instances that are always there, at least 1. */
  readonly minInstances: number;

  /** Instances that are never exceeded. */
  readonly maxInstances: number;

  /**
   * The load that one instance shall carry: requests a minute for `AutoScaling.onInvocations`, requests in flight for
   * `AutoScaling.onConcurrentRequests`.
   */
  readonly target: number;

  /**
   * How long after a scale-in the next one may start, in whole seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly scaleInCooldown?: Duration;

  /**
   * How long after a scale-out the next one may start, in whole seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly scaleOutCooldown?: Duration;
}

/**
 * Follows the load of a variant by target tracking.
 *
 * SageMaker scales nothing while an endpoint is updating, and refuses an update that gives a scaled variant another
 * instance type: take `autoScaling` out in one deployment, change the type in the next.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
 * @example
 * rollouts.AutoScaling.onInvocations({ minInstances: 2, maxInstances: 8, target: 600 });
 */
export class AutoScaling {
  /** Keeps the requests a minute that each instance serves near the target. */
  public static onInvocations(props: AutoScalingProps): AutoScaling {
    return new AutoScaling('SageMakerVariantInvocationsPerInstance', props);
  }

  /** Keeps the requests in flight on each model near the target; it sees a change within seconds. */
  public static onConcurrentRequests(props: AutoScalingProps): AutoScaling {
    return new AutoScaling('SageMakerVariantConcurrentRequestsPerModelHighResolution', props);
  }

  /** Instances that are always there. */
  public readonly minInstances: number;

  /** Instances that are never exceeded. */
  public readonly maxInstances: number;

  private constructor(
    private readonly metric: string,
    private readonly props: AutoScalingProps,
  ) {
    requireKinds('AutoScaling', props, { scaleInCooldown: 'Duration?', scaleOutCooldown: 'Duration?' });
    const { minInstances, maxInstances, target, scaleInCooldown, scaleOutCooldown } = props;
    const problems = new Problems('AutoScaling');
    const known = (value: number) => !Token.isUnresolved(value);
    if (known(minInstances)) {
      problems.require(
        Number.isInteger(minInstances) && minInstances >= SCALED_INSTANCES_MIN,
        'AutoScalingMinInstances',
        () => `minInstances must be a whole number of at least ${SCALED_INSTANCES_MIN}, got ${minInstances}`,
      );
    }
    if (known(maxInstances)) {
      problems.require(
        Number.isInteger(maxInstances) && (!known(minInstances) || maxInstances >= minInstances),
        'AutoScalingMaxInstances',
        () => `maxInstances must be a whole number of at least minInstances (${minInstances}), got ${maxInstances}`,
      );
    }
    if (known(target)) {
      problems.require(
        target > 0 && Number.isFinite(target),
        'AutoScalingTarget',
        () => `target must be a number above 0, got ${target}`,
      );
    }
    for (const [name, cooldown] of Object.entries({ scaleInCooldown, scaleOutCooldown })) {
      if (cooldown === undefined || cooldown.isUnresolved()) continue;
      problems.require(
        Number.isInteger(cooldown.toSeconds({ integral: false })),
        'AutoScalingCooldown',
        () => `${name} must be whole seconds, got ${cooldown.toSeconds({ integral: false })} seconds`,
      );
    }
    problems.throwIfAny();
    this.minInstances = minInstances;
    this.maxInstances = maxInstances;
  }

  /**
   * What the variant is scaled to.
   *
   * @internal
   */
  public get _tracking(): appscaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty {
    return {
      predefinedMetricSpecification: { predefinedMetricType: this.metric },
      targetValue: this.props.target,
      scaleInCooldown: this.props.scaleInCooldown?.toSeconds(),
      scaleOutCooldown: this.props.scaleOutCooldown?.toSeconds(),
    };
  }

  /**
   * Draws the scalable target and its policy. The endpoint is named, not referenced: `dependency` makes it exist first.
   *
   * @internal
   */
  public _bind(scope: Construct, endpointName: string, variantName: string, dependency: IDependable): void {
    const namespace = { serviceNamespace: 'sagemaker', scalableDimension: 'sagemaker:variant:DesiredInstanceCount' };
    const target = new appscaling.CfnScalableTarget(scope, 'ScalableTarget', {
      ...namespace,
      resourceId: `endpoint/${endpointName}/variant/${variantName}`,
      minCapacity: this.minInstances,
      maxCapacity: this.maxInstances,
    });
    target.node.addDependency(dependency);
    new appscaling.CfnScalingPolicy(scope, 'ScalingPolicy', {
      policyName: `${endpointName}-${variantName}`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: this._tracking,
    });
  }
}
