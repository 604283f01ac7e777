import { AwsError } from '../services/aws-error';
import { invokeOperation, type Operations } from '../services/operations';
import type { AwsService, Json } from '../services/service';
import type { Stack } from './stack';

/** CloudFormation as SDK calls reach it: which stack has which resource. */
export class StackResources implements AwsService {
  public readonly name = 'cloudformation';
  private readonly stacks = new Map<string, Stack>();
  private readonly operations: Operations = { DescribeStackResource: (input) => this.describe(input) };

  public add(stack: Stack): void {
    this.stacks.set(stack.id, stack);
  }

  public invoke(operation: string, input: Json): Json {
    return invokeOperation(this.name, this.operations, operation, input);
  }

  // source: iam-actions-resources
  public resourcesOf(_operation: string, { StackName }: Json): readonly string[] {
    return [StackName];
  }

  // source: cloudformation-stack-resource
  private describe({ StackName, LogicalResourceId }: Json): Json {
    const invalid = (reason: string) => new AwsError('ValidationError', reason);
    const stack = this.stacks.get(StackName);
    if (stack === undefined) throw invalid(`Stack '${StackName}' does not exist`);
    const found = stack.resource(LogicalResourceId);
    if (found === undefined) throw invalid(`Resource ${LogicalResourceId} does not exist for stack ${StackName}`);
    return { StackResourceDetail: { LogicalResourceId, ...found } };
  }
}
