import type { OwnerOf } from '../aws/endpoint-owner';
import type { Executions } from '../aws/executions';
import type { RolloutRecord } from '../aws/rollout-record';

/** Everything `approve` needs of the world. */
export interface ApprovePorts {
  readonly record: RolloutRecord;
  readonly executions: Executions;
  /** Whose the live endpoint of that name is. */
  readonly owner: OwnerOf;
  /** Tells people. */
  readonly notify: (subject: string, text: string) => Promise<void>;
  /** ARNs of the machines. */
  readonly rolloutMachine: string;
  readonly rollbackMachine: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
