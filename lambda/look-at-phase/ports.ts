import type { LiveEndpoint } from '../../decision';
import type { RolloutRecord } from '../aws/rollout-record';

/** Everything `look-at-phase` needs of the world. */
export interface LookPorts {
  readonly record: Pick<RolloutRecord, 'lock' | 'get' | 'list'>;
  /** ARNs of the functions that judge. */
  readonly judge: string;
  readonly judgeData: string;
  readonly describe: (endpoint: string) => Promise<LiveEndpoint | undefined>;
}
