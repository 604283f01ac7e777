import type { Json } from '../services/service';

/** One retrier of a state. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  /** @default 1 */
  readonly IntervalSeconds?: number;
  /** @default 3 */
  readonly MaxAttempts?: number;
  /** @default 2 */
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  /** @default 'NONE' */
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

/** One catcher of a state. */
export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  /** @default '$' */
  readonly ResultPath?: string | null;
}

/** States of a machine, of a branch, or of the body of a Map. */
export interface Graph {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** A state machine in the JSONPath form of Amazon States Language. */
export interface Definition extends Graph {
  readonly Comment?: string;
  readonly Version?: string;
  readonly QueryLanguage?: 'JSONPath';
  readonly TimeoutSeconds?: number;
}

interface Common {
  readonly Comment?: string;
  readonly QueryLanguage?: 'JSONPath';
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
}
interface Continues {
  readonly Next?: string;
  readonly End?: true;
}
interface Works extends Common, Continues {
  readonly Parameters?: Json;
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface PassState extends Common, Continues {
  readonly Type: 'Pass';
  readonly Result?: Json;
  readonly Parameters?: Json;
  readonly ResultPath?: string | null;
}
export interface TaskState extends Works {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number;
  readonly HeartbeatSecondsPath?: string;
}
/** A comparison, or And, Or, Not of comparisons. */
export type ChoiceRule = Readonly<Record<string, Json>>;
export interface ChoiceState extends Common {
  readonly Type: 'Choice';
  readonly Choices: readonly (ChoiceRule & { readonly Next: string })[];
  readonly Default?: string;
}
export interface WaitState extends Common, Continues {
  readonly Type: 'Wait';
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}
export interface MapState extends Works {
  readonly Type: 'Map';
  readonly ItemsPath?: string;
  readonly ItemSelector?: Json;
  readonly MaxConcurrency?: number;
  readonly MaxConcurrencyPath?: string;
  readonly ItemProcessor?: Graph & { readonly ProcessorConfig?: { readonly Mode?: 'INLINE' } };
  /** The older word for ItemProcessor. */
  readonly Iterator?: Graph;
}
export interface ParallelState extends Works {
  readonly Type: 'Parallel';
  readonly Branches: readonly Graph[];
}
export interface SucceedState extends Common {
  readonly Type: 'Succeed';
}
export interface FailState {
  readonly Type: 'Fail';
  readonly Comment?: string;
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}
export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | MapState
  | ParallelState
  | SucceedState
  | FailState;
