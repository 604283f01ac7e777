import { CfnOutput, Stack, aws_ssm as ssm } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Where `rollouts` finds what it needs of a deployment, by the name of its endpoint. */
export const PARAMETER_PREFIX = '/cdk-sagemaker-rollouts/';

/** What the command line must know of a platform. */
export interface DeploymentAddress {
  readonly endpointName: string;
  readonly platformName: string;
  readonly tableName: string;
  /** Where people's decisions are heard. */
  readonly doorUrl: string;
}

/** Writes down where a deployment's record and door are, and the exact command that takes a rollout back. */
export function drawOutputs(scope: Construct, address: DeploymentAddress): void {
  const { endpointName, platformName, tableName, doorUrl } = address;
  new ssm.CfnParameter(scope, 'Address', {
    name: `${PARAMETER_PREFIX}${endpointName}`,
    type: 'String',
    description: `Where the rollouts of endpoint ${endpointName} are written down and decided`,
    value: Stack.of(scope).toJsonString({ schemaVersion: 1, platform: platformName, table: tableName, door: doorUrl }),
  });
  new CfnOutput(scope, 'RollbackCommand', {
    description: `Takes a rollout of ${endpointName} back, at once`,
    value: `npx rollouts rollback ${endpointName} --region ${Stack.of(scope).region} --reason "..."`,
  });
}

/** ARN of the parameter of an endpoint. */
export function addressArn(scope: Construct, endpointName: string): string {
  const resourceName = `${PARAMETER_PREFIX.slice(1)}${endpointName}`;
  return Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
}
