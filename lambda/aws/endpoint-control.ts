import {
  AddTagsCommand,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  type CreateEndpointConfigInput,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type DescribeEndpointConfigOutput,
  SageMakerClient,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
} from '@aws-sdk/client-sagemaker';
import { describeEndpoint } from './describe-endpoint';
import { OWNER_TAG } from './owner-tag';
import { translated, words } from './sagemaker-errors';

/** A change of one variant: its weight, or its number of instances. */
export interface VariantChange {
  readonly name: string;
  readonly weight?: number;
  readonly count?: number;
}

/**
 * The door to SageMaker's endpoints. SageMaker models hardly any error, so what it says is translated here once, by
 * its words, into names that a state machine can catch: `EndpointBusy`, `EndpointMissing`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
 */
export function endpointControl(client: SageMakerClient = new SageMakerClient({})) {
  return {
    describe: describeEndpoint(client),

    /** The config of that name, whole. */
    config(EndpointConfigName: string): Promise<DescribeEndpointConfigOutput> {
      return said(client.send(new DescribeEndpointConfigCommand({ EndpointConfigName })));
    },

    /** Writes a config. Its name says what is in it, so one of that name that is there already is this one. */
    async createConfig(config: object): Promise<void> {
      try {
        await client.send(new CreateEndpointConfigCommand(config as CreateEndpointConfigInput));
      } catch (error) {
        if (!/Cannot create already existing/i.test(words(error))) throw translated(error);
      }
    },

    /** Deletes a config; one that is gone is deleted. */
    async deleteConfig(EndpointConfigName: string): Promise<void> {
      try {
        await client.send(new DeleteEndpointConfigCommand({ EndpointConfigName }));
      } catch (error) {
        if (!/Could not find endpoint configuration/i.test(words(error))) throw translated(error);
      }
    },

    /** Makes the endpoint, with the tag by which the engine knows its own. */
    async create(EndpointName: string, EndpointConfigName: string, tags: readonly { Key: string; Value: string }[]) {
      const Tags = own(EndpointName, tags);
      await said(client.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName, Tags })));
    },

    /** Deletes the endpoint; one that is gone is deleted. */
    async remove(EndpointName: string): Promise<void> {
      try {
        await client.send(new DeleteEndpointCommand({ EndpointName }));
      } catch (error) {
        const named = translated(error);
        if (named.name !== 'EndpointMissing') throw named;
      }
    },

    /**
     * Marks an endpoint as the engine's, and gives it the tags of its deployment: one that was taken over has neither, and
     * those of one that it has made may have changed.
     */
    async mark(EndpointName: string, tags: readonly { Key: string; Value: string }[]): Promise<void> {
      const { EndpointArn } = await said(client.send(new DescribeEndpointCommand({ EndpointName })));
      await said(client.send(new AddTagsCommand({ ResourceArn: EndpointArn, Tags: own(EndpointName, tags) })));
    },

    /**
     * Launches a config beside the old one. `keepsCounts` is for what auto scaling may change until this very moment: then
     * a variant that is there already is launched with the instances that it has, and only weights and what is recorded
     * are those of the config.
     */
    async update(EndpointName: string, EndpointConfigName: string, keepsCounts: boolean): Promise<void> {
      const retained = keepsCounts && {
        ExcludeRetainedVariantProperties: NEW_PROPERTIES.map((VariantPropertyType) => ({ VariantPropertyType })),
      };
      await said(
        client.send(
          new UpdateEndpointCommand({
            EndpointName,
            EndpointConfigName,
            RetainAllVariantProperties: keepsCounts,
            ...retained,
          }),
        ),
      );
    },

    /** Changes weights, or the count of one variant, without a new fleet. */
    async change(EndpointName: string, changes: readonly VariantChange[]): Promise<void> {
      await said(
        client.send(
          new UpdateEndpointWeightsAndCapacitiesCommand({
            EndpointName,
            DesiredWeightsAndCapacities: changes.map(({ name, weight, count }) => ({
              VariantName: name,
              DesiredWeight: weight,
              DesiredInstanceCount: count,
            })),
          }),
        ),
      );
    },
  };
}

/** The tags of a deployment, and the one by which the engine knows its own. */
const own = (EndpointName: string, tags: readonly { Key: string; Value: string }[]) => [
  ...tags,
  { Key: OWNER_TAG, Value: EndpointName },
];

const NEW_PROPERTIES = ['DesiredWeight', 'DataCaptureConfig'] as const;

/** SageMaker's endpoints, as the jobs see them. */
export type EndpointControl = ReturnType<typeof endpointControl>;

async function said<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw translated(error);
  }
}
