import type { SageMaker } from '../../sagemaker/sagemaker';
import { type Properties, ResourceFailure, type ResourceProvider, type ResourceRequest } from '../resource-provider';

/** `AWS::ApplicationAutoScaling::ScalableTarget` of an endpoint's variant. */
// source: scalable-target
export function scalableTargetProvider(sagemaker: SageMaker): ResourceProvider {
  const target = (properties: Properties) => {
    const [, endpointName, variantName] = /^endpoint\/([^/]+)\/variant\/([^/]+)$/.exec(properties['ResourceId']) ?? [];
    if (endpointName === undefined || variantName === undefined) {
      throw new ResourceFailure(`only variants of endpoints scale here, got ${properties['ResourceId']}`);
    }
    return {
      endpointName,
      variantName,
      minimum: Number(properties['MinCapacity']),
      maximum: Number(properties['MaxCapacity']),
    };
  };
  const put = (_request: ResourceRequest, properties: Properties) => {
    sagemaker.registerScalableTarget(target(properties));
    const parts = ['ResourceId', 'ScalableDimension', 'ServiceNamespace'].map((name) => properties[name]);
    return { id: parts.join('|'), attributes: { Id: parts.join('|') } };
  };
  return {
    create: async (request, properties) => put(request, properties),
    update: async (request, properties) => put(request, properties),
    async delete(_request, _physical, properties) {
      const { endpointName, variantName } = target(properties);
      sagemaker.deregisterScalableTarget(endpointName, variantName);
    },
  };
}
