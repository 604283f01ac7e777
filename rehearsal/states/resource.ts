/** How long a Task waits: for the reply, for the job behind it, or for somebody who sends the token back. */
export type Pattern = 'reply' | 'sync' | 'sync:2' | 'token';

/** What the Resource of a Task names. */
export type Target =
  | { readonly kind: 'function'; readonly arn: string }
  | {
      readonly kind: 'api';
      /** The service as SDK integrations spell it: `sagemaker`, `dynamodb`, `sfn`. */
      readonly service: string;
      /** PascalCase. */
      readonly operation: string;
      /** An integration of Step Functions' own making; else `aws-sdk:`. */
      readonly optimized: boolean;
      readonly pattern: Pattern;
      /** As history events have them. */
      readonly resourceType: string;
      readonly resource: string;
    };

interface Optimized {
  readonly service: string;
  readonly operations: readonly string[];
  readonly patterns: readonly Pattern[];
}

/** The optimized integrations of the subset. */
const optimized: Readonly<Record<string, Optimized>> = {
  lambda: { service: 'lambda', operations: ['invoke'], patterns: ['reply', 'token'] },
  states: { service: 'sfn', operations: ['startExecution'], patterns: ['reply', 'sync', 'sync:2', 'token'] },
  dynamodb: {
    service: 'dynamodb',
    operations: ['getItem', 'putItem', 'updateItem', 'deleteItem'],
    patterns: ['reply'],
  },
  sns: { service: 'sns', operations: ['publish'], patterns: ['reply', 'token'] },
  events: { service: 'eventbridge', operations: ['putEvents'], patterns: ['reply', 'token'] },
};

/** SDK integrations by service, each with the prefix of its errors. */
// source: sfn-sdk-integrations
export const sdkPrefixes: Readonly<Record<string, string>> = {
  applicationautoscaling: 'ApplicationAutoScaling',
  cloudformation: 'CloudFormation',
  cloudwatch: 'CloudWatch',
  dynamodb: 'DynamoDb',
  eventbridge: 'EventBridge',
  s3: 'S3',
  sagemaker: 'SageMaker',
  sfn: 'Sfn',
  sns: 'Sns',
};

/** Services whose IAM prefix is another word than their SDK integration. */
const iamPrefixes: Readonly<Record<string, string>> = {
  applicationautoscaling: 'application-autoscaling',
  eventbridge: 'events',
  sfn: 'states',
};

/** The service in IAM actions, and in the world's registry. */
export const iamPrefix = (service: string): string => iamPrefixes[service] ?? service;

const patterns: Readonly<Record<string, Pattern>> = {
  '': 'reply',
  '.sync': 'sync',
  '.sync:2': 'sync:2',
  '.waitForTaskToken': 'token',
};
const pascal = (name: string) => `${name[0].toUpperCase()}${name.slice(1)}`;

/** Reads a Resource; a sentence when it is not of the subset. */
// source: sfn-sdk-integrations
export function parseResource(resource: string): Target | string {
  if (/^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/.test(resource)) {
    return { kind: 'function', arn: resource };
  }
  const parsed = /^arn:[\w-]+:states:::(?:(aws-sdk):)?([a-z0-9]+):([A-Za-z0-9]+)(\.[A-Za-z]+(?::2)?)?$/.exec(resource);
  if (parsed === null) return `'${resource}' is neither a function nor an integration that the rehearsal knows`;
  const [, sdk, name, action, suffix] = parsed;
  const pattern = patterns[suffix ?? ''];
  const shape = {
    kind: 'api' as const,
    operation: pascal(action),
    pattern,
    resourceType: sdk === undefined ? name : `aws-sdk:${name}`,
    resource: `${action}${suffix ?? ''}`,
  };
  if (sdk !== undefined) {
    if (!Object.hasOwn(sdkPrefixes, name)) return `'${resource}' names a service that the rehearsal does not have`;
    if (pattern !== 'reply' && pattern !== 'token') return `'${resource}' cannot be ${suffix ?? 'called so'}`;
    return { ...shape, service: name, optimized: false };
  }
  const known = Object.hasOwn(optimized, name) ? optimized[name] : undefined;
  if (!known?.operations.includes(action)) return `'${resource}' is not an integration that the rehearsal knows`;
  if (!known.patterns.includes(pattern)) return `'${resource}' cannot be ${suffix ?? 'called so'}`;
  return { ...shape, service: known.service, optimized: true };
}
