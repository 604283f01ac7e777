import { cbor } from '@smithy/core/cbor';
import { awsJson } from '../lambda/aws-json';
import type { WireReply, WireRequest } from '../lambda/wire';
import { AwsError, queryWire, s3Wire } from '../services';

/** An answer on the wire; time is not part of it. */
export type Answer = Omit<WireReply, 'delayMs'>;

/** A protocol in which SDKs read errors: whether a request is in it, what it was about, and how it is refused. */
interface Shape {
  readonly is: (request: WireRequest, service: string) => boolean;
  readonly operation: (request: WireRequest) => string;
  /** The code for an operation that the service does not have. */
  readonly code: string;
  readonly refuse: (error: AwsError) => Answer;
}

const nothing = { service: '', operation: '', input: {} };
const rest = ({ method, path }: WireRequest) => `${method} ${path.replace(/\?.*$/, '')}`;
const UNKNOWN = 'UnknownOperationException';

/** The first that a request is in; the last takes everything. */
const SHAPES: readonly Shape[] = [
  {
    is: ({ headers }) => headers['x-amz-target'] !== undefined,
    operation: ({ headers }) => headers['x-amz-target'].split('.').at(-1) ?? '',
    code: UNKNOWN,
    refuse: (error) => awsJson.refuse(nothing, error),
  },
  {
    is: ({ headers }) => headers['smithy-protocol'] === 'rpc-v2-cbor',
    operation: ({ path }) => path.split('/').at(-1) ?? '',
    code: UNKNOWN,
    refuse: ({ code, message, status }) => ({
      status,
      headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
      body: Buffer.from(cbor.serialize({ __type: code, message })),
    }),
  },
  {
    is: ({ headers }) => headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true,
    operation: ({ body }) => new URLSearchParams(body.toString()).get('Action') ?? '',
    code: 'InvalidAction',
    refuse: (error) => queryWire.refuse(nothing, error),
  },
  {
    is: (_request, service) => service === 's3',
    operation: rest,
    code: 'NotImplemented',
    refuse: (error) => s3Wire.refuse(nothing, error),
  },
  {
    is: () => true,
    operation: rest,
    code: UNKNOWN,
    refuse: (error) => ({ ...awsJson.refuse(nothing, error), headers: restJson(error) }),
  },
];

const restJson = ({ code }: AwsError) => ({ 'content-type': 'application/json', 'x-amzn-errortype': code });
const shapeOf = (request: WireRequest, service: string) => SHAPES.find(({ is }) => is(request, service)) as Shape;

/** An error in the shape in which the service's SDK reads one. */
export function refuse(request: WireRequest, service: string, error: AwsError): Answer {
  return shapeOf(request, service).refuse(error);
}

/** What a request asks for, as IAM would name it: `dynamodb:PutItem`. */
export function actionOf(request: WireRequest, service: string): string {
  return `${service}:${shapeOf(request, service).operation(request)}`;
}

/** That an API is not served, said as its own service says that it has no such operation. */
export function notServed(request: WireRequest, service: string, served: string): Answer {
  const message = `rollouts serve does not serve ${actionOf(request, service)}: it has ${served} and function URLs`;
  return refuse(request, service, new AwsError(shapeOf(request, service).code, message));
}
