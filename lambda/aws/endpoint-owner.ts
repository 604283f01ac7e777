import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { DescribeEndpointCommand, ListTagsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { OWNER_TAG } from './owner-tag';
import { translated } from './sagemaker-errors';

/** Whose an endpoint is: `none` where there is no endpoint of that name. */
export type Owner = 'none' | 'engine' | 'stack' | 'nobody';

/** Whose the live endpoint of a name is; `adopt` is whether one that nobody owns is to be taken over. */
export type OwnerOf = (endpoint: string, adopt: boolean) => Promise<Owner>;

/** Tags by which CloudFormation knows its own. What it has retained may keep them for ever, so they prove nothing alone. */
const [STACK, LOGICAL_ID] = ['aws:cloudformation:stack-id', 'aws:cloudformation:logical-id'];
/** Statuses of a resource that its stack has let go. */
const LEFT = ['DELETE_SKIPPED', 'DELETE_COMPLETE'];

/**
 * Finds out whose an endpoint is.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
 */
export function endpointOwner(
  sagemaker: SageMakerClient = new SageMakerClient({}),
  cloudformation: CloudFormationClient = new CloudFormationClient({}),
): OwnerOf {
  return async (endpoint, adopt) => {
    const arn = await arnOf(sagemaker, endpoint);
    if (arn === undefined) return 'none';
    const tags = await tagsOf(sagemaker, arn);
    if (tags.has(OWNER_TAG)) return 'engine';
    const stack = tags.get(STACK);
    if (stack === undefined) return 'nobody';
    // Who does not take it over is refused in any case.
    const left = adopt && (await hasLeft(cloudformation, stack, tags.get(LOGICAL_ID) ?? '', arn));
    return left ? 'nobody' : 'stack';
  };
}

async function arnOf(client: SageMakerClient, EndpointName: string): Promise<string | undefined> {
  try {
    return (await client.send(new DescribeEndpointCommand({ EndpointName }))).EndpointArn;
  } catch (error) {
    const named = translated(error);
    if (named.name === 'EndpointMissing') return undefined;
    throw named;
  }
}

async function tagsOf(client: SageMakerClient, ResourceArn: string): Promise<ReadonlyMap<string, string>> {
  const tags = new Map<string, string>();
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListTagsCommand({ ResourceArn, NextToken }));
    for (const { Key, Value } of page.Tags ?? []) tags.set(`${Key}`, `${Value}`);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return tags;
}

/** Whether the stack that an endpoint came from has it no more. A stack that is gone has nothing. */
async function hasLeft(
  client: CloudFormationClient,
  StackName: string,
  LogicalResourceId: string,
  arn: string,
): Promise<boolean> {
  try {
    const reply = await client.send(new DescribeStackResourceCommand({ StackName, LogicalResourceId }));
    const { ResourceStatus = '', PhysicalResourceId = arn } = reply.StackResourceDetail ?? {};
    return LEFT.includes(ResourceStatus) || nameOf(PhysicalResourceId) !== nameOf(arn);
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)) return true;
    throw error;
  }
}

/** A resource's id is its ARN or its name; ARNs are in small letters. */
const nameOf = (id: string): string => (id.split('/').at(-1) ?? id).toLowerCase();
