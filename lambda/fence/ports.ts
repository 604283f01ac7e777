import type { Respond } from '../aws/cloudformation';
import type { OwnerOf } from '../aws/endpoint-owner';
import type { Executions } from '../aws/executions';
import type { RolloutRecord } from '../aws/rollout-record';

/** Everything `fence` needs of the world. */
export interface FencePorts {
  readonly record: RolloutRecord;
  /** Whose the live endpoint of that name is. */
  readonly owner: OwnerOf;
  readonly executions: Executions;
  /** Instances of a type that all endpoints may have together; undefined where AWS does not say. */
  readonly quota: (instanceType: string) => Promise<number | undefined>;
  /** Whether a stack goes back to its last template, because a deployment of it has failed. */
  readonly goesBack: (stackId: string) => Promise<boolean>;
  readonly respond: Respond;
  /** ARNs of the machines. */
  readonly rolloutMachine: string;
  readonly rollbackMachine: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
