import type { Spec } from '../../decision';
import { namedError } from '../aws/named-error';
import type { Claim, Item, Lock } from '../aws/rollout-record';
import { readSpec } from '../aws/rollout-spec';
import { answerDeployment } from './answer-deployment';
import { held, tell } from './claim';
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
  const lock = await record.lock(endpoint);
  const champion = (await record.get(`ENDPOINT#${endpoint}`, 'CHAMPION')) ?? {};
  const outcome = decided(event, champion);
  const known = await record.get(`ENDPOINT#${endpoint}`, `ROLLOUT#${rolloutId}`);
  if (known?.['outcome'] === outcome && lock.rolloutId !== rolloutId) {
    await answerDeployment(ports, event, outcome, reason);
    return { outcome };
  }
  const spec = await readSpec(ports.record, event);
  // Nothing below is written unless the lock is ours.
  await held(record.note(event, outcome === 'held' ? { phase: 'held' } : {}), event);
  const at = new Date(ports.now()).toISOString();
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
  await crown(ports, event, outcome, lock, spec, champion);
  await tell(ports, event, EVENTS[outcome], reason);
  if (outcome !== 'held') await release(ports, event);
  // Not before the lock is free: whoever deploys next is not refused.
  await answerDeployment(ports, event, outcome, reason);
  return { outcome };
}

/**
 * How it has ended. That it is the champion is what makes it promoted: whatever went wrong in writing the rest of it
 * down does not undo that, and is written again.
 */
function decided({ outcome, exposed, rolloutId }: EventOf<'end'>, champion: Item): EventOf<'end'>['outcome'] {
  if (outcome === 'held' && champion['rolloutId'] === rolloutId) return 'promoted';
  return outcome === 'rolledBack' && exposed === false ? 'failed' : outcome;
}

/** Writes down who is the champion; one that is taken back in the very moment of its promotion is so no more. */
async function crown(
  { record, now }: RecordPorts,
  { endpoint, rolloutId }: Claim,
  outcome: EventOf<'end'>['outcome'],
  lock: Lock,
  { digest, modelName }: Spec,
  { previous, ...champion }: Item,
): Promise<void> {
  const key = [`ENDPOINT#${endpoint}`, 'CHAMPION'] as const;
  const since = new Date(now()).toISOString();
  const mine = champion['rolloutId'] === rolloutId;
  if (outcome === 'promoted' && !mine) {
    // An endpoint that was taken over has a champion of which nothing is written down but its variant.
    const before =
      champion['variant'] === undefined ? { variant: lock.champion, digest: '', modelName: '', since } : champion;
    const crowned = { variant: lock.challenger, digest, modelName, since, rolloutId };
    await record.put(...key, { ...crowned, previous: JSON.stringify(before) });
  } else if (outcome !== 'promoted' && outcome !== 'held' && mine) {
    await record.put(...key, JSON.parse(`${previous}`) as Item);
  }
}

/** An error of a function or of another execution reaches a state machine as JSON; people read what it says. */
export function inWords(reason: string): string {
  try {
    const { errorMessage, Cause } = JSON.parse(reason) as { errorMessage?: unknown; Cause?: unknown };
    const said = errorMessage ?? Cause;
    return typeof said === 'string' ? said : reason;
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
