import { AwsError } from '../../services/aws-error';
import type { AwsService, Json } from '../../services/service';
import { type Properties, ResourceFailure, type ResourceProvider } from '../resource-provider';

/** What a scalable target is known by, and CloudFormation's own id of it. */
const IDENTITY = ['ResourceId', 'ScalableDimension', 'ServiceNamespace'] as const;
const pick = (properties: Properties, names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, properties[name]]));

/** What the service refuses fails the resource. */
function ask(scaling: AwsService, operation: string, input: Json): Json {
  try {
    return scaling.invoke(operation, input);
  } catch (error) {
    throw error instanceof AwsError ? new ResourceFailure(error.message) : error;
  }
}

/** `AWS::ApplicationAutoScaling::ScalableTarget` of an endpoint's variant. */
// source: scalable-target
export function scalableTargetProvider(scaling: AwsService): ResourceProvider {
  const put = async (properties: Properties) => {
    const [MinCapacity, MaxCapacity] = [Number(properties['MinCapacity']), Number(properties['MaxCapacity'])];
    ask(scaling, 'RegisterScalableTarget', { ...pick(properties, IDENTITY), MinCapacity, MaxCapacity });
    const id = IDENTITY.map((name) => properties[name]).join('|');
    return { id, attributes: { Id: id } };
  };
  return {
    create: (_request, properties) => put(properties),
    update: (_request, properties) => put(properties),
    async delete(_request, _physical, properties) {
      ask(scaling, 'DeregisterScalableTarget', pick(properties, IDENTITY));
    },
  };
}

/** `AWS::ApplicationAutoScaling::ScalingPolicy`; it names its target by CloudFormation's id. */
// source: aas-policy
export function scalingPolicyProvider(scaling: AwsService): ResourceProvider {
  const target = ({ ScalingTargetId }: Properties): Json =>
    Object.fromEntries(`${ScalingTargetId}`.split('|').map((part, i) => [IDENTITY[i], part]));
  const put = async (properties: Properties) => {
    const own = pick(properties, ['PolicyName', 'PolicyType', 'TargetTrackingScalingPolicyConfiguration']);
    const { PolicyARN } = ask(scaling, 'PutScalingPolicy', { ...target(properties), ...own });
    return { id: PolicyARN, attributes: { Arn: PolicyARN } };
  };
  return {
    create: (_request, properties) => put(properties),
    update: (_request, properties) => put(properties),
    async delete(_request, _physical, properties) {
      ask(scaling, 'DeleteScalingPolicy', { ...target(properties), PolicyName: properties['PolicyName'] });
    },
  };
}
