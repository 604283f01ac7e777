/** A state of a machine, in Amazon States Language (https://states-language.net). */
export type State = { readonly Type: string; readonly [field: string]: unknown };

/** A machine, as plain data: the same for every platform. `${...}` are its definition substitutions. */
export interface Machine {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: { readonly [name: string]: State };
}

/**
 * What passes by itself: trouble of Lambda and Step Functions, and an endpoint that is busy with something else. What an
 * integration does not model reaches a machine under one name, throttling and denial alike.
 */
const PASSING = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  'StepFunctions.AWSStepFunctionsException',
  'StepFunctions.ExecutionLimitExceededException',
  'Sfn.SfnException',
  'States.Timeout',
  'Sandbox.Timedout',
  'EndpointBusy',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'InternalFailure',
  'ServiceUnavailable',
  'TimeoutError',
];

/** Fourteen attempts ask again for about ten minutes. */
const retry = (attempts: number) => [
  {
    ErrorEquals: PASSING,
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    MaxAttempts: attempts,
    JitterStrategy: 'FULL',
  },
];

/** A task: what it is given, where its answer goes, what comes after, and what comes after an error. */
export interface TaskOptions {
  readonly resource: string;
  readonly parameters: { readonly [name: string]: unknown };
  readonly resultPath: string | null;
  readonly resultSelector?: { readonly [name: string]: unknown };
  readonly next: string;
  /** Where every error leads that does not pass by itself. */
  readonly onError: string;
  /** Where single errors lead, by name. @default - nowhere of their own */
  readonly onNamed?: { readonly [error: string]: string };
  /** @default 120 */
  readonly timeoutSeconds?: number;
  /** How often it is asked again. @default 14 */
  readonly attempts?: number;
}

/** No task is without a retry for what passes by itself, and none without a way for what does not. */
export function task(options: TaskOptions): State {
  const {
    resource,
    parameters,
    resultPath,
    resultSelector,
    next,
    onError,
    onNamed = {},
    timeoutSeconds = 120,
    attempts = 14,
  } = options;
  return {
    Type: 'Task',
    Resource: resource,
    Parameters: parameters,
    ...(resultSelector === undefined ? {} : { ResultSelector: resultSelector }),
    ResultPath: resultPath,
    TimeoutSeconds: timeoutSeconds,
    Retry: retry(attempts),
    Catch: [...Object.entries(onNamed), ['States.ALL', onError]].map(([error, Next]) => ({
      ErrorEquals: [error],
      ResultPath: '$.error',
      Next,
    })),
    Next: next,
  };
}

/** Goes to `yes` only when the value is exactly true. */
export function when(variable: string, yes: string, otherwise: string): State {
  const exactly = {
    And: [
      { Variable: variable, IsPresent: true },
      { Variable: variable, BooleanEquals: true },
    ],
  };
  return { Type: 'Choice', Choices: [{ ...exactly, Next: yes }], Default: otherwise };
}

/** Goes where the word leads; a word that nobody knows leads to `otherwise`. */
export function byWord(variable: string, ways: { readonly [word: string]: string }, otherwise: string): State {
  const choices = Object.entries(ways).map(([word, Next]) => ({ Variable: variable, StringEquals: word, Next }));
  return { Type: 'Choice', Choices: choices, Default: otherwise };
}

export const wait = (seconds: number, next: string): State => ({ Type: 'Wait', Seconds: seconds, Next: next });

/** Waits as long as the step said that is to be looked at again. */
export const waitAsSaid = (answer: string, next: string): State => ({
  Type: 'Wait',
  SecondsPath: `${answer}.waitSeconds`,
  Next: next,
});

/** Who acts, in every call: the holder of the lock. */
export const CLAIM = { 'endpoint.$': '$.endpoint', 'rolloutId.$': '$.rolloutId', 'epoch.$': '$.epoch' };
