import { announce } from '../aws/announce';
import { namedError } from '../aws/named-error';
import type { Claim } from '../aws/rollout-record';
import type { RecordPorts } from './ports';

/** What the holder of the lock writes; a loser's step fails under its name. */
export async function held<T>(write: Promise<T | undefined>, { endpoint, rolloutId }: Claim): Promise<T> {
  const done = await write;
  if (done !== undefined) return done;
  throw namedError('EpochLost', `rollout ${rolloutId} no longer holds the lock of ${endpoint}`);
}

/** One event of the rollout: kept in the record, and sent to people. */
export async function tell(ports: RecordPorts, claim: Claim, event: string, detail: string): Promise<void> {
  await announce(ports, { ...claim, event, detail });
}
