import type { Knobs } from '../../knobs';
import type { EndpointDescription } from '../../sagemaker/describe';
import type { SageMaker } from '../../sagemaker/sagemaker';
import type { Tag } from '../../sagemaker/tags';
import type { Clock } from '../../time/clock';
import {
  type Physical,
  type Properties,
  ResourceFailure,
  type ResourceProvider,
  type ResourceRequest,
  type StackIdentity,
} from '../resource-provider';

/** Something immutable: CloudFormation replaces it on every change and never updates it, but for its tags. */
function immutable(
  kind: 'model' | 'endpoint-config',
  name: 'ModelName' | 'EndpointConfigName',
  sagemaker: SageMaker,
  create: (input: Properties) => void,
  remove: (name: string) => void,
): ResourceProvider {
  const arnName = kind === 'model' ? 'ModelArn' : 'EndpointConfigArn';
  return {
    async create({ generatedName }, properties) {
      const id: string = properties[name] ?? generatedName;
      create({ ...properties, [name]: id });
      return { id, attributes: { [name]: id, [arnName]: sagemaker.arn(kind, id) } };
    },
    async update(_request, _properties, physical) {
      return physical;
    },
    async delete(_request, { id }) {
      remove(id);
    },
  };
}

// source: cloudformation-sagemaker
export const modelProvider = (sagemaker: SageMaker): ResourceProvider =>
  immutable(
    'model',
    'ModelName',
    sagemaker,
    (input) => sagemaker.createModel(input as Parameters<SageMaker['createModel']>[0]),
    (name) => sagemaker.deleteModel({ ModelName: name }),
  );

// source: cloudformation-sagemaker
export const endpointConfigProvider = (sagemaker: SageMaker): ResourceProvider =>
  immutable(
    'endpoint-config',
    'EndpointConfigName',
    sagemaker,
    (input) => sagemaker.createEndpointConfig(input as Parameters<SageMaker['createEndpointConfig']>[0]),
    (name) => sagemaker.deleteEndpointConfig({ EndpointConfigName: name }),
  );

/** Seconds between two looks at an endpoint that is not ready. */
// source: cloudformation-pace
const POLL_SECONDS = 30;

/** `AWS::SageMaker::Endpoint`: creates and updates, and waits until the endpoint rests. */
export class EndpointProvider implements ResourceProvider {
  constructor(
    private readonly sagemaker: SageMaker,
    private readonly clock: Clock,
    private readonly knobs: Pick<Knobs, 'silentRollback'>,
  ) {}

  // source: cloudformation-endpoint-create
  public async create({ generatedName, stack, logicalId }: ResourceRequest, properties: Properties): Promise<Physical> {
    const name: string = properties['EndpointName'] ?? generatedName;
    this.sagemaker.createEndpoint({
      EndpointName: name,
      EndpointConfigName: properties['EndpointConfigName'],
      DeploymentConfig: properties['DeploymentConfig'],
      Tags: properties['Tags'],
    });
    const arn = this.sagemaker.arn('endpoint', name);
    this.sagemaker.tags.add(arn, stackTags(stack, logicalId));
    const physical = { id: name, attributes: { EndpointName: name, EndpointArn: arn } };
    const { EndpointStatus, FailureReason } = await this.rested(name);
    if (EndpointStatus !== 'InService') {
      throw new ResourceFailure(`endpoint ${name} is ${EndpointStatus}: ${FailureReason}`, physical);
    }
    return physical;
  }

  // source: cloudformation-silent-rollback
  public async update(_request: object, properties: Properties, physical: Physical): Promise<Physical> {
    const { EndpointConfigName: wanted } = properties;
    this.sagemaker.updateEndpoint({
      EndpointName: physical.id,
      EndpointConfigName: wanted,
      DeploymentConfig: properties['DeploymentConfig'],
      RetainAllVariantProperties: properties['RetainAllVariantProperties'],
      RetainDeploymentConfig: properties['RetainDeploymentConfig'],
      ExcludeRetainedVariantProperties: properties['ExcludeRetainedVariantProperties'],
    });
    const { EndpointStatus, EndpointConfigName: served, FailureReason } = await this.rested(physical.id);
    if (EndpointStatus !== 'InService') {
      throw new ResourceFailure(`endpoint ${physical.id} is ${EndpointStatus}: ${FailureReason ?? 'no reason given'}`);
    }
    if (served !== wanted && this.knobs.silentRollback === 'failure') {
      throw new ResourceFailure(
        `endpoint ${physical.id} was rolled back to ${served}: ${FailureReason ?? 'no reason given'}`,
      );
    }
    return physical;
  }

  // source: cloudformation-sagemaker
  public async delete(_request: object, physical: Physical): Promise<void> {
    await this.rested(physical.id);
    this.sagemaker.deleteEndpoint({ EndpointName: physical.id });
  }

  /** The first look comes late too: a reply may be older than the request before it. */
  private async rested(name: string): Promise<EndpointDescription> {
    for (;;) {
      await this.clock.sleep(1000 * POLL_SECONDS);
      const reply = this.sagemaker.describeEndpoint({ EndpointName: name });
      if (!PENDING.has(reply.EndpointStatus)) return reply;
    }
  }
}

/** What CloudFormation writes on what it makes. It stays there when the stack lets go of a resource that is retained. */
// source: cloudformation-tags
const stackTags = ({ id, name }: StackIdentity, logicalId: string): readonly Tag[] => [
  { Key: 'aws:cloudformation:stack-id', Value: id },
  { Key: 'aws:cloudformation:stack-name', Value: name },
  { Key: 'aws:cloudformation:logical-id', Value: logicalId },
];

const PENDING = new Set<string>([
  'Creating',
  'Updating',
  'RollingBack',
  'Deleting',
] satisfies EndpointDescription['EndpointStatus'][]);
