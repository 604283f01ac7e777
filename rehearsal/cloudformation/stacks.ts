import { AwsError } from '../services/aws-error';
import { invokeOperation, type Operations } from '../services/operations';
import type { AwsService, Json } from '../services/service';
import type { Stack } from './stack';

const invalid = (reason: string) => new AwsError('ValidationError', reason);

/** What CloudFormation tells of its stacks, and of what they hold. */
export class CloudFormation implements AwsService {
  public readonly name = 'cloudformation';
  private readonly stacks: Stack[] = [];
  private readonly operations: Operations = {
    DescribeStacks: (input) => this.describe(input),
    DescribeStackResource: (input) => this.describeResource(input),
  };

  /** From now on there is this stack. */
  public add(stack: Stack): void {
    this.stacks.push(stack);
  }

  public invoke(operation: string, input: Json): Json {
    return invokeOperation(this.name, this.operations, operation, input);
  }

  // source: iam-actions-resources
  public resourcesOf(_operation: string, input: Json): readonly string[] {
    return [input?.StackName ?? '*'];
  }

  /** By name or by id. */
  private find(wanted: string): Stack | undefined {
    return this.stacks.find(({ id, name }) => wanted === id || wanted === name);
  }

  // source: cloudformation-describe-stacks
  private describe({ StackName: wanted }: Json): Json {
    const found = this.find(wanted);
    if (found === undefined) throw invalid(`Stack with id ${wanted} does not exist`);
    const { id: StackId, name: StackName, status: StackStatus, createdAt } = found;
    return { Stacks: [{ StackId, StackName, StackStatus, CreationTime: new Date(createdAt).toISOString() }] };
  }

  // source: cloudformation-stack-resource
  private describeResource({ StackName, LogicalResourceId }: Json): Json {
    const stack = this.find(StackName);
    if (stack === undefined) throw invalid(`Stack '${StackName}' does not exist`);
    const found = stack.resource(LogicalResourceId);
    if (found === undefined) throw invalid(`Resource ${LogicalResourceId} does not exist for stack ${StackName}`);
    return { StackResourceDetail: { LogicalResourceId, ...found } };
  }
}
