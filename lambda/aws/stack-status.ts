import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/**
 * Whether CloudFormation takes a deployment of a stack back. What it sends to a custom resource then is an update like any
 * other; only the stack tells. One that does not is not going back.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 */
export function goesBack(client: CloudFormationClient = new CloudFormationClient({})) {
  return async (stackId: string): Promise<boolean> => {
    try {
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackId }));
      return Stacks.some(({ StackStatus }) => StackStatus === 'UPDATE_ROLLBACK_IN_PROGRESS');
    } catch (error) {
      console.error(`stack ${stackId} cannot be read: ${error instanceof Error ? error.message : error}`);
      return false;
    }
  };
}
