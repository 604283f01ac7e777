import type { LiveEndpoint, Verdict } from '../../decision';
import type { RolloutRecord } from '../aws/rollout-record';
import type { SpecOf } from '../aws/rollout-spec';
import type { BegunOf } from './begun-phases';

/** Everything `look-at-phase` needs of the world. */
export interface LookPorts {
  readonly record: Pick<RolloutRecord, 'lock' | 'get' | 'list' | 'put'>;
  readonly specOf: SpecOf;
  readonly begunOf: BegunOf;
  /** Tells people. */
  readonly notify: (subject: string, text: string) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Counts the look by its verdict, for people who look at graphs. */
  readonly count: (endpoint: string, kind: Verdict['kind'], at: string) => void;
  /** ARNs of the functions that judge. */
  readonly judge: string;
  readonly judgeData: string;
  readonly describe: (endpoint: string) => Promise<LiveEndpoint | undefined>;
}
