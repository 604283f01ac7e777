import { AwsError } from '../services/aws-error';
import type { AwsService, Json } from '../services/service';
import type { SageMaker } from './sagemaker';

type Operation = (sagemaker: SageMaker, input: Json) => Json;

/** The operations of SageMaker's control plane that are rehearsed. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateModel: (sagemaker, input) => sagemaker.createModel(input),
  DeleteModel: (sagemaker, input) => sagemaker.deleteModel(input),
  CreateEndpointConfig: (sagemaker, input) => sagemaker.createEndpointConfig(input),
  DescribeEndpointConfig: (sagemaker, input) => sagemaker.describeEndpointConfig(input),
  DeleteEndpointConfig: (sagemaker, input) => sagemaker.deleteEndpointConfig(input),
  CreateEndpoint: (sagemaker, input) => sagemaker.createEndpoint(input),
  UpdateEndpoint: (sagemaker, input) => sagemaker.updateEndpoint(input),
  UpdateEndpointWeightsAndCapacities: (sagemaker, input) => sagemaker.updateEndpointWeightsAndCapacities(input),
  DescribeEndpoint: (sagemaker, input) => sagemaker.describeEndpoint(input),
  AddTags: ({ tags }, { ResourceArn: arn, Tags }) => {
    tags.add(arn, Tags);
    return { Tags: tags.of(arn) };
  },
  ListTags: ({ tags }, { ResourceArn: arn }) => ({ Tags: tags.of(arn) }),
  DeleteEndpoint: (sagemaker, input) => sagemaker.deleteEndpoint(input),
};

/** SageMaker as SDK calls and state machines reach it. */
export class SageMakerService implements AwsService {
  public readonly name = 'sagemaker';

  constructor(private readonly sagemaker: SageMaker) {}

  public invoke(operation: string, input: Json): Json {
    const call = OPERATIONS[operation];
    if (call === undefined) throw new AwsError('UnknownOperationException', `SageMaker.${operation} is not rehearsed`);
    return call(this.sagemaker, input);
  }

  /** The ARNs that IAM asks a request for. */
  // source: sagemaker-authorization
  public resourcesOf(_operation: string, input: Json): readonly string[] {
    if (input.ResourceArn !== undefined) return [input.ResourceArn];
    const { ModelName: model, EndpointConfigName: config, EndpointName: endpoint } = input;
    const arns = [
      ...(endpoint === undefined ? [] : [this.sagemaker.arn('endpoint', endpoint)]),
      ...(config === undefined ? [] : [this.sagemaker.arn('endpoint-config', config)]),
      ...(model === undefined ? [] : [this.sagemaker.arn('model', model)]),
    ];
    return arns.length > 0 ? arns : ['*'];
  }
}
