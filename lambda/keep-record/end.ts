import { namedError } from '../aws/named-error';
import type { Claim } from '../aws/rollout-record';
import { held, readSpec, tell } from './claim';
import type { EventOf } from './event';
import type { RecordPorts } from './ports';

/**
 * A rollout has ended. Everything is written before the lock is given back, and written again with the same result
 * when a step is repeated. A held rollout keeps the lock: a person decides.
 */
export async function end(ports: RecordPorts, event: EventOf<'end'>): Promise<object> {
  const { record } = ports;
  const { endpoint, rolloutId } = event;
  const reason = inWords(event.reason);
  const outcome = event.outcome === 'rolledBack' && event.exposed === false ? 'failed' : event.outcome;
  const lock = await record.lock(endpoint);
  const known = await record.get(`ENDPOINT#${endpoint}`, `ROLLOUT#${rolloutId}`);
  if (known?.['outcome'] === outcome && lock.rolloutId !== rolloutId) return { outcome };
  const spec = await readSpec(ports, event);
  // Nothing below is written unless the lock is ours.
  await held(record.note(event, outcome === 'held' ? { phase: 'held' } : {}), event);
  const at = new Date(ports.now()).toISOString();
  if (outcome === 'promoted') {
    const champion = { variant: lock.challenger, digest: spec.digest, modelName: spec.modelName, since: at };
    await record.put(`ENDPOINT#${endpoint}`, 'CHAMPION', champion);
  }
  if (outcome === 'promoted' || outcome === 'rolledBack') {
    const status = outcome === 'promoted' ? 'live' : 'rolledBack';
    await record.put(`ENDPOINT#${endpoint}`, `VERSION#${spec.digest}`, { status, at, rolloutId });
  }
  if (outcome === 'rolledBack') {
    await record.put(
      `ENDPOINT#${endpoint}`,
      `RETRO#${rolloutId}`,
      { status: 'open', rolloutId, openedAt: at, reason },
      true,
    );
  }
  await record.put(`ENDPOINT#${endpoint}`, `ROLLOUT#${rolloutId}`, { ...known, outcome, reason, endedAt: at });
  await tell(ports, event, EVENTS[outcome], reason);
  if (outcome !== 'held') await release(ports, event);
  return { outcome };
}

/** An error that a function threw reaches a state machine as JSON; people read its message. */
function inWords(reason: string): string {
  try {
    const { errorMessage } = JSON.parse(reason) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : reason;
  } catch {
    return reason;
  }
}

async function release(ports: RecordPorts, claim: Claim): Promise<void> {
  if ((await ports.record.release(claim)) !== undefined) return;
  // A release whose answer was lost has been made all the same.
  const { rolloutId } = await ports.record.lock(claim.endpoint);
  if (rolloutId === claim.rolloutId) throw namedError('EpochLost', `rollout ${rolloutId} is in other hands`);
}

const EVENTS = {
  promoted: 'RolloutPromoted',
  held: 'RolloutHeld',
  failed: 'RolloutFailed',
  rolledBack: 'RolloutRolledBack',
  aborted: 'RolloutAborted',
} as const;
