import type { aws_sagemaker as sagemaker } from 'aws-cdk-lib';
import type { PlanContext } from './rollout-plan';
import { Strategy } from './strategy';

/**
 * A strategy that SageMaker carries out by itself, with its deployment guardrails: waits of at most an hour, at most
 * eight hours in all, and CloudWatch alarms as the only judges.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 */
export abstract class GuardrailStrategy extends Strategy {
  /** Renders the update policy; the endpoint adds the rollback alarms to it. */
  public abstract bind(context: PlanContext): sagemaker.CfnEndpoint.DeploymentConfigProperty;
}
