import type { interfaces, aws_sagemaker as sagemaker } from 'aws-cdk-lib';
import { Token } from 'aws-cdk-lib';
import type { Hosting } from '../hosting/hosting';
import { nameOfModel } from '../model/fingerprint';
import type { Problems } from '../private/problems';

/** A challenger that gets a copy of live requests, and whose answers nobody gets. */
export interface ShadowVariant {
  /** The challenger: our `Model`, an `AWS::SageMaker::Model`, or an imported one. */
  readonly model: interfaces.aws_sagemaker.IModelRef;
  /** Share of the live requests that is copied, more than 0 and at most 100. */
  readonly samplingPercent: number;
  /**
   * What the challenger runs on. Comparing latencies asks for the same instance type.
   *
   * @default - as the endpoint's own `hosting`
   */
  readonly hosting?: Hosting;
}

/** The shadow variant is called so, always. */
export const SHADOW_VARIANT = 'shadow';

/** A shadow's weight is a share of the production variant's weight, which is 1. https://docs.aws.amazon.com/sagemaker/latest/dg/model-shadow-deployment.html */
export function renderShadow(
  problems: Problems,
  { model, samplingPercent }: ShadowVariant,
  hosting: Hosting,
): sagemaker.CfnEndpointConfig.ProductionVariantProperty {
  problems.require(
    !Token.isUnresolved(samplingPercent) && samplingPercent > 0 && samplingPercent <= 100,
    'SamplingPercentOutOfRange',
    () => `shadow.samplingPercent must be a known number, more than 0 and at most 100, got ${samplingPercent}`,
  );
  return {
    ...hosting._renderVariant(SHADOW_VARIANT, nameOfModel(model)),
    initialVariantWeight: samplingPercent / 100,
  };
}
