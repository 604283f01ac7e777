import { announce } from '../aws/announce';
import { giveUp } from '../aws/begin-rollout';
import type { PersonEvent } from './event';
import { nameOf } from './identity';
import type { ApprovePorts } from './ports';
import { heldLock } from './under-way';

/**
 * Takes a rollout back because a person says so. A version that is rolled back is rejected and opens a retrospective;
 * one that is aborted is not. A rollout that was only reserved has touched nothing: its lock is given back.
 */
export async function takeBack(ports: ApprovePorts, event: PersonEvent): Promise<string> {
  const { action, endpoint, who, reason, requestId } = event;
  const { rolloutId, epoch, phase } = await heldLock(ports, event);
  if (phase === 'reserved') {
    await giveUp(ports, { endpoint, rolloutId, epoch }, `${nameOf(who)}: ${reason}`);
    return `rollout ${rolloutId} had not begun: its lock is given back`;
  }
  // A person may take over from a way back that is stuck, but not to call it by another name.
  if (phase === 'rollingBack' && action === 'abort') return `rollout ${rolloutId} is being taken back already`;
  const told = action === 'abort' ? 'AbortAsked' : 'RollbackAsked';
  const at = new Date(ports.now()).toISOString();
  const kind = action === 'abort' ? 'revert' : 'person';
  const trigger = { kind, name: nameOf(who), at, endpoint };
  // First the way back, then words about it.
  await ports.executions.start(ports.rollbackMachine, `person-${requestId}`, { trigger });
  await announce(ports, { endpoint, rolloutId, event: told, detail: `${nameOf(who)}: ${reason}` });
  return `rollout ${rolloutId} is being taken back`;
}
