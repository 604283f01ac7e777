import type { Respond } from '../aws/cloudformation';
import type { RolloutRecord } from '../aws/rollout-record';

/** Everything `keep-record` needs of the world. */
export interface RecordPorts {
  readonly record: RolloutRecord;
  /** Levels of alarms by name; one that does not exist has no entry. */
  readonly alarms: { levels(names: readonly string[]): Promise<ReadonlyMap<string, string>> };
  /** Tells people: one message a transition. */
  readonly notify: (subject: string, text: string) => Promise<void>;
  /** Answers CloudFormation, where it waits for a first version. */
  readonly respond: Respond;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
