import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import {
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  ListTagsCommand,
  paginateListEndpointConfigs,
  paginateListEndpoints,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { Generation } from './generations';
import type { ClientOptions } from './surroundings';

/** An endpoint as pruning must know it. */
export interface EndpointUse {
  readonly name: string;
  readonly status: string;
  /** What it serves, and what an update is on its way to. */
  readonly configs: readonly string[];
}

/** What the account's SageMaker and CloudFormation say of generations; everything is read, page after page. */
export function accountGenerations(options: ClientOptions) {
  const client = new SageMakerClient({ ...options });
  const stacks = new CloudFormationClient({ ...options });
  const tags = async (ResourceArn: string | undefined): Promise<ReadonlyMap<string, string>> => {
    const found = new Map<string, string>();
    let NextToken: string | undefined;
    do {
      const page = await client.send(new ListTagsCommand({ ResourceArn, NextToken }));
      for (const { Key = '', Value = '' } of page.Tags ?? []) found.set(Key, Value);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found;
  };
  return {
    /** Tags of anything that has an ARN. */
    tags,

    async endpoint(EndpointName: string) {
      const { EndpointArn, EndpointStatus, EndpointConfigName, PendingDeploymentSummary } = await client.send(
        new DescribeEndpointCommand({ EndpointName }),
      );
      const pending = PendingDeploymentSummary?.EndpointConfigName;
      const configs = [EndpointConfigName, pending].filter((config) => config !== undefined);
      return { name: EndpointName, arn: EndpointArn, status: EndpointStatus ?? 'absent', configs };
    },

    async endpoints(): Promise<string[]> {
      const names: string[] = [];
      for await (const { Endpoints = [] } of paginateListEndpoints({ client }, {})) {
        names.push(...Endpoints.flatMap(({ EndpointName }) => EndpointName ?? []));
      }
      return names;
    },

    async generations(): Promise<Generation[]> {
      const found: Generation[] = [];
      for await (const { EndpointConfigs = [] } of paginateListEndpointConfigs({ client }, {})) {
        for (const { EndpointConfigName, EndpointConfigArn, CreationTime } of EndpointConfigs) {
          const config = await client.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));
          const variants = [...(config.ProductionVariants ?? []), ...(config.ShadowProductionVariants ?? [])];
          const its = await tags(EndpointConfigArn);
          const stackId = its.get('aws:cloudformation:stack-id');
          const logicalId = its.get('aws:cloudformation:logical-id');
          found.push({
            config: EndpointConfigName ?? '',
            createdAt: CreationTime?.getTime() ?? Number.POSITIVE_INFINITY,
            models: variants.flatMap(({ ModelName }) => ModelName ?? []),
            madeBy: stackId === undefined || logicalId === undefined ? undefined : { stackId, logicalId },
          });
        }
      }
      return found;
    },

    /** The stack that made a model, which lies beside a config of this ARN. */
    async stackOfModel(model: string, endpointArn: string | undefined): Promise<string | undefined> {
      const arn = endpointArn?.replace(/:endpoint\/.*$/, `:model/${model.toLowerCase()}`);
      return (await tags(arn)).get('aws:cloudformation:stack-id');
    },

    /** Names of everything that a stack has made and still declares; its state, or undefined when it is gone. */
    async stack(StackName: string): Promise<{ readonly status: string; readonly names: ReadonlySet<string> }> {
      const { Stacks = [] } = await stacks.send(new DescribeStacksCommand({ StackName }));
      const ids: string[] = [];
      for await (const { StackResourceSummaries = [] } of paginateListStackResources(
        { client: stacks },
        { StackName },
      )) {
        ids.push(...StackResourceSummaries.flatMap(({ PhysicalResourceId }) => PhysicalResourceId ?? []));
      }
      return {
        status: Stacks[0]?.StackStatus ?? 'absent',
        names: new Set(ids.flatMap((id) => [id, id.split('/').at(-1) ?? id])),
      };
    },

    async deleteConfig(EndpointConfigName: string): Promise<void> {
      await client.send(new DeleteEndpointConfigCommand({ EndpointConfigName }));
    },

    async deleteModel(ModelName: string): Promise<void> {
      await client.send(new DeleteModelCommand({ ModelName }));
    },
  };
}

export type AccountGenerations = ReturnType<typeof accountGenerations>;
