import { announce } from '../aws/announce';
import { namedError } from '../aws/named-error';
import type { PersonEvent } from './event';
import { nameOf } from './identity';
import type { ApprovePorts } from './ports';
import { heldLock } from './under-way';

/**
 * Lets a held rollout go on with the phase in which it was held, under a new deadline; what it has shown so far counts.
 * Two people who resume at once start one execution: its name says how often the rollout was held.
 */
export async function resume(ports: ApprovePorts, event: PersonEvent): Promise<string> {
  const { endpoint, who, reason } = event;
  const { record } = ports;
  const { rolloutId, epoch, phase } = await heldLock(ports, event);
  if (phase !== 'held') {
    throw namedError('NotHeld', `rollout ${rolloutId} must be held to be resumed, and is ${phase}`);
  }
  const phases = await record.list(`ROLLOUT#${rolloutId}`, 'PHASE#');
  const events = await record.list(`ROLLOUT#${rolloutId}`, 'EVENT#');
  const phaseIndex = Math.max(0, phases.length - 1);
  const begun = phases[phaseIndex];
  const times = events.filter((each) => each['event'] === 'RolloutHeld').length;
  const name = `${rolloutId}-resumed-${times}`;
  await record.put(`ROLLOUT#${name}`, 'OWNER', { endpoint, rolloutId });
  const at = new Date(ports.now()).toISOString();
  if (begun === undefined) {
    // Held by preflight: what it found is known now, and is not asked for again.
    await record.put(`ROLLOUT#${rolloutId}`, 'PREFLIGHT', { waivedAt: at, waivedBy: who, reason });
  } else {
    const sk = `PHASE#${`${phaseIndex}`.padStart(3, '0')}`;
    await record.put(`ROLLOUT#${rolloutId}`, sk, { ...begun, resumedAt: at });
  }
  const claim = { endpoint, rolloutId, epoch };
  const executionArn = await ports.executions.start(ports.rolloutMachine, name, { ...claim, phaseIndex });
  await record.note(claim, { phase: 'running', executionArn });
  await announce(ports, { endpoint, rolloutId, event: 'RolloutResumed', detail: `${nameOf(who)}: ${reason}` });
  return `rollout ${rolloutId} goes on with phase ${phaseIndex + 1}`;
}
