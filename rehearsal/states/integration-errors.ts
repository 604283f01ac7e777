import type { AwsError } from '../services/aws-error';
import { StatesError } from './errors';
import modelled from './modelled-errors.json';
import { sdkPrefixes } from './resource';

type Api = { readonly service: string; readonly optimized: boolean };

/** The optimized integrations stand on an older SDK: its prefix, its base exception, its name of the service. */
const older: Readonly<Record<string, readonly [prefix: string, base: string, service: string]>> = {
  lambda: ['Lambda', 'AWSLambdaException', 'AWSLambda'],
  sfn: ['StepFunctions', 'AWSStepFunctionsException', 'AWSStepFunctions'],
  dynamodb: ['DynamoDB', 'AmazonDynamoDBException', 'AmazonDynamoDBv2'],
  sns: ['SNS', 'AmazonSNSException', 'AmazonSNS'],
  eventbridge: ['EventBridge', 'AmazonEventBridgeException', 'AmazonEventBridge'],
};

/** The exception's class in AWS's Java SDKs, which always ends in `Exception`. */
export function exceptionName(code: string): string {
  if (code.endsWith('Exception')) return code;
  return `${code.endsWith('Fault') ? code.slice(0, -'Fault'.length) : code}Exception`;
}

/**
 * The error of an integration. What the service's model names keeps its own name; everything else (throttling, missing
 * permission, most validation) reaches Retry and Catch under the one name of the service's base exception.
 */
// source: sfn-sdk-error-names
export function integrationError(api: Api, error: AwsError, requestId: string): StatesError {
  const name = exceptionName(error.code);
  const isModelled = ((modelled as Record<string, readonly string[]>)[api.service] ?? []).includes(name);
  if (api.optimized && Object.hasOwn(older, api.service)) {
    const [prefix, base, service] = older[api.service];
    const cause = `${error.message} (Service: ${service}; Status Code: ${error.status}; Error Code: ${error.code}; Request ID: ${requestId}; Proxy: null)`;
    return new StatesError(`${prefix}.${isModelled ? name : base}`, cause);
  }
  const prefix = sdkPrefixes[api.service] ?? 'Lambda';
  const cause = `${error.message} (Service: ${prefix}, Status Code: ${error.status}, Request ID: ${requestId})`;
  return new StatesError(`${prefix}.${isModelled ? name : `${prefix}Exception`}`, cause);
}

/** A function that threw: its errorType is the name, its whole answer the cause. */
// source: sfn-lambda-errors
export function functionError(payload: unknown): StatesError {
  const type = (payload as { errorType?: unknown } | null)?.errorType;
  return new StatesError(typeof type === 'string' && type !== '' ? type : 'Lambda.Unknown', JSON.stringify(payload));
}
