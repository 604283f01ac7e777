import { namedError } from '../aws/named-error';
import type { Lock } from '../aws/rollout-record';
import type { PersonEvent } from './event';
import type { ApprovePorts } from './ports';

/** The lock of the rollout that is meant; an error where none is under way, or another one is. */
export async function heldLock(ports: ApprovePorts, { endpoint, rolloutId }: PersonEvent): Promise<Lock> {
  const lock = await ports.record.lock(endpoint);
  if (lock.rolloutId === '') throw namedError('NoRollout', `endpoint ${endpoint} has no rollout under way`);
  if (rolloutId !== undefined && rolloutId !== lock.rolloutId) {
    throw namedError('NoRollout', `rollout ${rolloutId} must be under way; ${lock.rolloutId} is`);
  }
  return lock;
}
