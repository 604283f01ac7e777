import type { LiveEndpoint } from '../../decision';
import type { RolloutRecord } from '../aws/rollout-record';

/** Everything `look-at-phase` needs of the world. */
export interface LookPorts {
  readonly record: Pick<RolloutRecord, 'lock' | 'get' | 'list' | 'put'>;
  /** Tells people. */
  readonly notify: (subject: string, text: string) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** ARNs of the functions that judge. */
  readonly judge: string;
  readonly judgeData: string;
  readonly describe: (endpoint: string) => Promise<LiveEndpoint | undefined>;
}
