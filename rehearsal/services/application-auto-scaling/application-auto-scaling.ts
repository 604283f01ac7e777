import type { WorldLog } from '../../log';
import type { Clock } from '../../time/clock';
import { AwsError } from '../aws-error';
import { invokeOperation, type Operations } from '../operations';
import { type AwsService, type Json, seconds } from '../service';
import { ScalingVariants, type Variants } from './scaling-variants';

/** What may be left still while a target stays registered. */
export interface SuspendedState {
  readonly DynamicScalingInSuspended: boolean;
  readonly DynamicScalingOutSuspended: boolean;
  readonly ScheduledScalingSuspended: boolean;
}

/** One thing that scales, as DescribeScalableTargets tells it. */
export interface ScalableTarget {
  readonly ServiceNamespace: string;
  readonly ResourceId: string;
  readonly ScalableDimension: string;
  readonly MinCapacity: number;
  readonly MaxCapacity: number;
  readonly SuspendedState: SuspendedState;
  readonly CreationTime: number;
  readonly RoleARN: string;
  readonly ScalableTargetARN: string;
}

/** The service's own role in an account. */
const SCALING_ROLE =
  'aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint';

const awake: SuspendedState = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};
const invalid = (message: string) => new AwsError('ValidationException', message);

const RESOURCE = /^endpoint\/[^/]+\/variant\/[^/]+$/;
const DIMENSION = 'sagemaker:variant:DesiredInstanceCount';

/** Scalable targets of endpoints' variants, their policies, and what these make of the variants' instances. */
export class ApplicationAutoScaling implements AwsService {
  public readonly name = 'application-autoscaling';
  private readonly targets = new Map<string, ScalableTarget>();
  private readonly policies = new Map<string, Json>();
  private readonly operations: Operations = {
    RegisterScalableTarget: (input) => this.register(input),
    DeregisterScalableTarget: (input) => this.deregister(input),
    DescribeScalableTargets: (input) => ({ ScalableTargets: select([...this.targets.values()], input) }),
    PutScalingPolicy: (input) => this.putPolicy(input),
    DeleteScalingPolicy: (input) => this.deletePolicy(input),
    DescribeScalingPolicies: (input) => ({ ScalingPolicies: select([...this.policies.values()], input) }),
  };

  private readonly scaling: ScalingVariants;
  private made = 0;

  constructor(
    private readonly clock: Clock,
    log: WorldLog,
    /** `arn:aws:application-autoscaling:REGION:ACCOUNT`. */
    private readonly arnPrefix: string,
    variants: Variants,
  ) {
    this.scaling = new ScalingVariants(clock, log, variants, () => this.tracked());
  }

  public invoke(operation: string, input: Json): Json {
    return invokeOperation(this.name, this.operations, operation, input);
  }

  /** The id of a target is the service's own; an action on one asks for its ARN. */
  // source: aas-authorization
  public resourcesOf(operation: string, input: Json): readonly string[] {
    if (operation.startsWith('Describe')) return ['*'];
    return [this.targets.get(keyOf(input))?.ScalableTargetARN ?? `${this.arnPrefix}:scalable-target/new`];
  }

  // source: aas-authorization
  public contextOf(
    _operation: string,
    { ServiceNamespace, ScalableDimension }: Json,
  ): Readonly<Record<string, string>> {
    return {
      'application-autoscaling:service-namespace': ServiceNamespace,
      'application-autoscaling:scalable-dimension': ScalableDimension,
    };
  }

  /** What is registered for a resource such as `endpoint/fraud/variant/a`; undefined when nothing scales it. */
  public target(resourceId: string): ScalableTarget | undefined {
    return [...this.targets.values()].find(({ ResourceId }) => ResourceId === resourceId);
  }

  /** Registers, or updates what is registered: what the call does not say stays as it was. */
  // source: aas-register
  private register(input: Json): Json {
    const key = keyOf(input);
    const { ServiceNamespace, ResourceId, ScalableDimension } = input;
    if (!(ServiceNamespace === 'sagemaker' && ScalableDimension === DIMENSION && RESOURCE.test(ResourceId))) {
      throw invalid(`the rehearsal scales instances of variants of endpoints only, got ${ResourceId}`);
    }
    const before = this.targets.get(key);
    const MinCapacity = input.MinCapacity ?? before?.MinCapacity;
    const MaxCapacity = input.MaxCapacity ?? before?.MaxCapacity;
    if (!Number.isInteger(MinCapacity) || !Number.isInteger(MaxCapacity)) {
      throw invalid('MinCapacity and MaxCapacity must be set when a scalable target is registered');
    }
    if (!(MinCapacity >= 0 && MinCapacity <= MaxCapacity)) {
      throw invalid(`Maximum capacity cannot be less than minimum capacity: ${MinCapacity}, ${MaxCapacity}`);
    }
    const target: ScalableTarget = {
      ...identity(input),
      MinCapacity,
      MaxCapacity,
      SuspendedState: { ...awake, ...before?.SuspendedState, ...input.SuspendedState },
      RoleARN: `arn:aws:iam::${this.arnPrefix.split(':')[4]}:role/${SCALING_ROLE}`,
      CreationTime: before?.CreationTime ?? seconds(this.clock.now()),
      ScalableTargetARN: before?.ScalableTargetARN ?? `${this.arnPrefix}:scalable-target/${++this.made}`,
    };
    this.targets.set(key, target);
    this.scaling.registered(target);
    return { ScalableTargetARN: target.ScalableTargetARN };
  }

  /** Takes the policies of the target with it. */
  // source: aas-deregister
  private deregister(input: Json): Json {
    const key = keyOf(input);
    const target = this.requireTarget(key, input);
    this.targets.delete(key);
    this.scaling.deregistered(target);
    for (const [name, policy] of this.policies) if (keyOf(policy) === key) this.policies.delete(name);
    return {};
  }

  // source: aas-policy
  private putPolicy(input: Json): Json {
    const key = keyOf(input);
    this.requireTarget(key, input);
    if (input.PolicyType !== 'TargetTrackingScaling') {
      throw invalid(`the rehearsal has TargetTrackingScaling only, got ${input.PolicyType}`);
    }
    const { PolicyName, PolicyType, TargetTrackingScalingPolicyConfiguration } = input;
    const PolicyARN = `${this.arnPrefix}:scalingPolicy:${this.policies.size + 1}:policyName/${PolicyName}`;
    const policy = { PolicyARN, PolicyName, PolicyType, TargetTrackingScalingPolicyConfiguration, ...identity(input) };
    this.policies.set(`${key}/${PolicyName}`, policy);
    return { PolicyARN, Alarms: [] };
  }

  private deletePolicy(input: Json): Json {
    const name = `${keyOf(input)}/${input.PolicyName}`;
    if (!this.policies.delete(name)) {
      throw new AwsError('ObjectNotFoundException', `No scaling policy found for ${input.PolicyName}`);
    }
    return {};
  }

  private tracked() {
    return [...this.targets].map(([key, target]) => ({
      target,
      policies: [...this.policies.values()]
        .filter((policy) => keyOf(policy) === key)
        .map((policy) => policy.TargetTrackingScalingPolicyConfiguration),
    }));
  }

  private requireTarget(key: string, { ServiceNamespace, ResourceId, ScalableDimension }: Json): ScalableTarget {
    const found = this.targets.get(key);
    if (found !== undefined) return found;
    const what = `service namespace: ${ServiceNamespace}, resource ID: ${ResourceId}, scalable dimension: ${ScalableDimension}`;
    throw new AwsError('ObjectNotFoundException', `No scalable target found for ${what}`);
  }
}

function identity({ ServiceNamespace, ResourceId, ScalableDimension }: Json) {
  for (const value of [ServiceNamespace, ResourceId, ScalableDimension]) {
    if (typeof value !== 'string' || value === '') {
      throw invalid('ServiceNamespace, ResourceId and ScalableDimension are needed');
    }
  }
  return { ServiceNamespace, ResourceId, ScalableDimension };
}

function keyOf(input: Json): string {
  const { ServiceNamespace, ResourceId, ScalableDimension } = identity(input);
  return `${ServiceNamespace}|${ResourceId}|${ScalableDimension}`;
}

/** Those of one namespace, and of the resources and the dimension when these are named. */
function select(all: readonly Json[], input: Json): readonly Json[] {
  const ids: readonly string[] | undefined = input.ResourceIds ?? (input.ResourceId && [input.ResourceId]);
  return all.filter(
    (one) =>
      one.ServiceNamespace === input.ServiceNamespace &&
      (ids === undefined || ids.includes(one.ResourceId)) &&
      (input.ScalableDimension === undefined || one.ScalableDimension === input.ScalableDimension),
  );
}
