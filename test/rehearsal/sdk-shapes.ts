// AWS's SDK clients carry the services' own models. What is asked of the embedded services, and what they answer, is
// compared with those.
import * as autoScaling from '@aws-sdk/client-application-auto-scaling';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ecr from '@aws-sdk/client-ecr';
import * as s3 from '@aws-sdk/client-s3';
import * as sagemaker from '@aws-sdk/client-sagemaker';
import * as serviceQuotas from '@aws-sdk/client-service-quotas';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as ssm from '@aws-sdk/client-ssm';
import { AwsWire, type SdkCall } from '../../rehearsal/lambda/aws-wire';
import type { Json } from '../../rehearsal/services';

/** By the service's name in IAM. */
const CLIENTS: Readonly<Record<string, object>> = {
  'application-autoscaling': autoScaling,
  cloudformation,
  cloudwatch,
  dynamodb,
  ecr,
  s3,
  sagemaker,
  servicequotas: serviceQuotas,
  sns,
  ssm,
  states: sfn,
};

// A schema is a number for a plain type (with 64 a list of it, with 128 a map), or [kind, namespace, name, traits, ...]:
// 1 list of [4]; 2 map of [5]; 3 structure of members [4] with schemas [5], of which the first [6] are required; 4 union;
// 9 operation from [4] to [5]; 0 a plain type [4]. A schema that is used elsewhere is a function, or [schema, traits].
type Schema = unknown;

/** The words of a plain type that JSON has for it. A point of time is a number, a blob is text. */
const PLAIN: Readonly<Record<number, readonly string[]>> = {
  0: ['string'],
  1: ['number'],
  2: ['boolean'],
  4: ['number', 'string'],
  5: ['number', 'string'],
  6: ['number', 'string'],
  7: ['number', 'string'],
};

/** What in a value the schema does not know, misses, or has as something else. */
export function shapeProblems(value: Json, schema: Schema, path = ''): string[] {
  if (typeof schema === 'function') return shapeProblems(value, schema(), path);
  if (typeof schema === 'number') return plainProblems(value, schema, path);
  if (!Array.isArray(schema)) return [];
  const [kind] = schema;
  if (schema.length === 2) return shapeProblems(value, kind, path);
  if (kind === 0) return shapeProblems(value, schema[4], path);
  if (kind === 1) return listProblems(value, schema[4], path);
  if (kind === 2) return mapProblems(value, schema[5], path);
  return kind === 3 || kind === 4 ? memberProblems(value, schema, path) : [];
}

function plainProblems(value: Json, type: number, path: string): string[] {
  if (type & 128) return mapProblems(value, type & 63, path);
  if (type & 64) return listProblems(value, type & 63, path);
  const words = PLAIN[type];
  return words === undefined || words.includes(typeof value)
    ? []
    : [`${path} must be a ${words[0]}, is ${typeof value}`];
}

function listProblems(value: Json, element: Schema, path: string): string[] {
  if (!Array.isArray(value)) return [`${path} must be a list, is ${typeof value}`];
  return value.flatMap((item, i) => shapeProblems(item, element, `${path}[${i}]`));
}

function mapProblems(value: Json, element: Schema, path: string): string[] {
  if (!isRecord(value)) return [`${path} must be a map, is ${typeof value}`];
  return Object.entries(value).flatMap(([key, item]) => shapeProblems(item, element, `${path}.${key}`));
}

function memberProblems(value: Json, schema: readonly unknown[], path: string): string[] {
  if (!isRecord(value)) return [`${path} must be a structure, is ${typeof value}`];
  const [members, schemas, required] = [schema[4] as string[], schema[5] as Schema[], (schema[6] ?? 0) as number];
  // What is undefined does not go over the wire.
  const given = Object.keys(value).filter((name) => value[name] !== undefined);
  return [
    ...given.filter((name) => !members.includes(name)).map((name) => `${path}.${name} is not in the model`),
    ...members.slice(0, required).flatMap((name) => (given.includes(name) ? [] : [`${path}.${name} is missing`])),
    ...given
      .filter((name) => members.includes(name))
      .flatMap((name) => shapeProblems(value[name], schemas[members.indexOf(name)], `${path}.${name}`)),
  ];
}

const isRecord = (value: Json) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What AWS's model finds wrong in a call and its answer; undefined for a service whose SDK we do not have. */
export function callProblems({ service, operation, input }: SdkCall, output: Json): string[] | undefined {
  const client = CLIENTS[service] as Readonly<Record<string, Schema>> | undefined;
  if (client === undefined) return undefined;
  const schema = client[`${operation}$`];
  if (!Array.isArray(schema) || schema[0] !== 9) return [`${service}:${operation} is no operation`];
  return [...shapeProblems(input ?? {}, schema[4], 'input'), ...shapeProblems(output ?? {}, schema[5], 'output')].map(
    (problem) => `${service}:${operation} ${problem}`,
  );
}

/** What handlers and state machines have asked while they were watched. */
export interface WatchedCalls {
  /** In the order in which they were made. */
  readonly problems: string[];
  /** `service:Operation` of each. */
  readonly checked: Set<string>;
  /** Those of services whose SDK we do not have. */
  readonly unchecked: Set<string>;
}

/** Compares every call that is answered from now on, in any world of this process. */
export function watchCalls(): WatchedCalls {
  const { call } = AwsWire.prototype;
  const watched = { problems: [] as string[], checked: new Set<string>(), unchecked: new Set<string>() };
  AwsWire.prototype.call = async function (sdkCall, principal) {
    const input = structuredClone(sdkCall.input);
    const output = await call.apply(this, [sdkCall, principal]);
    const problems = callProblems({ ...sdkCall, input }, output);
    const known = problems === undefined ? watched.unchecked : watched.checked;
    known.add(`${sdkCall.service}:${sdkCall.operation}`);
    watched.problems.push(...(problems ?? []));
    return output;
  };
  return watched;
}
