import type { State } from './definition';

const flow = ['InputPath', 'OutputPath'];
const moves = ['Next', 'End'];
const works = [...flow, ...moves, 'Parameters', 'ResultSelector', 'ResultPath', 'Retry', 'Catch'];

/** The fields that a state may have, beside Type, Comment and QueryLanguage: everything else is refused by name. */
export const stateFields: Readonly<Record<State['Type'], readonly string[]>> = {
  Pass: [...flow, ...moves, 'Result', 'Parameters', 'ResultPath'],
  Task: [...works, 'Resource', 'TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'],
  Choice: [...flow, 'Choices', 'Default'],
  Wait: [...flow, ...moves, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Map: [...works, 'ItemsPath', 'ItemSelector', 'MaxConcurrency', 'MaxConcurrencyPath', 'ItemProcessor', 'Iterator'],
  Parallel: [...works, 'Branches'],
  Succeed: flow,
  Fail: ['Error', 'ErrorPath', 'Cause', 'CausePath'],
};

export const machineFields = ['StartAt', 'States', 'Comment', 'Version', 'QueryLanguage', 'TimeoutSeconds'];
export const graphFields = ['StartAt', 'States', 'Comment', 'QueryLanguage', 'ProcessorConfig'];
export const retrierFields = [
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
];
export const catcherFields = ['ErrorEquals', 'Next', 'ResultPath', 'Comment'];

/** Fields that hold a path into the input or the context. */
export const pathFields = [
  'InputPath',
  'OutputPath',
  'ItemsPath',
  'SecondsPath',
  'TimestampPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
  'MaxConcurrencyPath',
];

/** Whole numbers with the least and the most that the language allows. */
export const numberFields: Readonly<Record<string, readonly [number, number]>> = {
  Seconds: [0, 99_999_999],
  TimeoutSeconds: [1, 99_999_999],
  HeartbeatSeconds: [1, 99_999_999],
  MaxConcurrency: [0, Number.MAX_SAFE_INTEGER],
  IntervalSeconds: [1, 99_999_999],
  MaxAttempts: [0, 99_999_999],
  MaxDelaySeconds: [1, 31_622_400],
};

/** Of each group a state may have one at most. */
export const rivals: readonly (readonly string[])[] = [
  ['Next', 'End'],
  ['TimeoutSeconds', 'TimeoutSecondsPath'],
  ['HeartbeatSeconds', 'HeartbeatSecondsPath'],
  ['Error', 'ErrorPath'],
  ['Cause', 'CausePath'],
  ['ItemProcessor', 'Iterator'],
  ['ItemSelector', 'Parameters'],
  ['MaxConcurrency', 'MaxConcurrencyPath'],
];
