import type { Fetched, LiveEndpoint } from '../../decision';
import type { RolloutRecord } from '../aws/rollout-record';

/** Everything `preflight` needs of the world. */
export interface PreflightPorts {
  readonly record: Pick<RolloutRecord, 'lock' | 'get'>;
  readonly describe: (endpoint: string) => Promise<LiveEndpoint | undefined>;
  /** The digest that an image's tag means now. */
  readonly imageDigest: (image: string) => Promise<Fetched>;
  /** When an archive was written last. */
  readonly writtenAt: (uri: string) => Promise<Fetched>;
  /** What alarms say now. */
  readonly alarmLevels: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
