import { Stack } from 'aws-cdk-lib';
import type { EngineFunction } from './engine-function';

/**
 * Lets the engine look at an endpoint that it is to take over: at the config that serves, and at whether the stack that it came
 * from still has it. Their names are not known at synth, and they are only read.
 */
export function allowAdoption(applyTransition: EngineFunction, deciders: readonly EngineFunction[]): void {
  const any = (service: string, resource: string) =>
    Stack.of(applyTransition.handler).formatArn({ service, resource, resourceName: '*' });
  applyTransition.allow(['sagemaker:DescribeEndpointConfig'], [any('sagemaker', 'endpoint-config')]);
  for (const decider of deciders) {
    decider.allow(['cloudformation:DescribeStackResource'], [any('cloudformation', 'stack')]);
  }
}
