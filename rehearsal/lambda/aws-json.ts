import type { AwsError } from '../services/aws-error';
import type { Json } from '../services/service';
import type { Protocol, SdkCall } from './aws-wire';
import type { WireRequest } from './wire';

/** The service behind the first half of an `x-amz-target`, by its name in IAM. */
// source: aws-json-targets
const TARGETS: Readonly<Record<string, string>> = {
  SageMaker: 'sagemaker',
  GraniteServiceVersion20100801: 'cloudwatch',
  DynamoDB_20120810: 'dynamodb',
  AWSStepFunctions: 'states',
  AWSEvents: 'events',
  AmazonSSM: 'ssm',
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
  ServiceQuotasV20190624: 'servicequotas',
  AnyScaleFrontendService: 'application-autoscaling',
};

/** awsJson1.0 and awsJson1.1: the operation is in a header, input and output are JSON. */
// source: aws-json-protocol
export const awsJson: Protocol = {
  read(request: WireRequest): SdkCall | undefined {
    const [target, operation] = request.headers['x-amz-target']?.split('.') ?? [];
    if (target === undefined || operation === undefined) return undefined;
    const service = TARGETS[target];
    if (service === undefined) throw new Error(`the service behind x-amz-target '${target}' is not rehearsed`);
    return { service, operation, input: request.body.length === 0 ? {} : JSON.parse(request.body.toString()) };
  },

  reply(_call: SdkCall, output: Json) {
    return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(output) };
  },

  refuse(_call: SdkCall, error: AwsError) {
    return {
      status: error.status,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': error.code },
      body: JSON.stringify({ ...error.members, __type: error.code, message: error.message }),
    };
  },
};
