import type { Lock } from '../aws/rollout-record';
import { readSpec } from '../aws/rollout-spec';
import { tellIfServing } from './champion-rings';
import { tell } from './claim';
import { inWords } from './end';
import type { EventOf, Trigger } from './event';
import type { RecordPorts } from './ports';

/** Whether this trigger takes the rollout back, and what it needs for it. */
export interface SeizeAnswer {
  readonly seized: boolean;
  readonly reason: string;
  readonly endpoint: string;
  readonly rolloutId: string;
  readonly epoch: number;
  readonly executionArn: string;
  readonly fullCount: number;
  /** Whether a phase that gives it live traffic has been entered. */
  readonly exposed: boolean;
  /**
   * How it will have ended: `rolledBack` once the challenger had live traffic, `failed` before that, `aborted` when
   * the version before it was deployed again.
   */
  readonly outcome: 'rolledBack' | 'failed' | 'aborted';
}

/**
 * Of many triggers one takes the rollout back; the others end quietly. An alarm counts only while its variant is
 * armed; people hear of one of the variant that serves. When the champion's alarms ring too, both suffer from something
 * else: nobody is blamed, and people are called.
 */
export async function seize(ports: RecordPorts, { trigger, by }: EventOf<'seize'>): Promise<SeizeAnswer> {
  const { record } = ports;
  const reason = reasonOf(trigger);
  const owner = await ownerOf(ports, trigger);
  if (owner === undefined) return quiet('', `nobody knows ${trigger.kind} ${trigger.name}`);
  const lock = await record.lock(owner.endpoint);
  // A repeated step of the execution that has it; else one that has ended badly is replaced, and a person may take over.
  if (lock.phase === 'rollingBack' && lock.seizedBy === by) return taken(ports, owner.endpoint, lock, reason, trigger);
  if (trigger.kind === 'alarm' && (lock.armed === '' || owner.variant !== lock.armed)) {
    await tellIfServing(ports, lock, { ...owner, name: trigger.name });
    return quiet(owner.endpoint, `the alarms of variant ${owner.variant} are not armed`);
  }
  if (lock.rolloutId === '') return quiet(owner.endpoint, 'no rollout is under way');
  const abandoned = trigger.kind === 'rollback' && lock.phase === 'rollingBack' && lock.seizedBy === trigger.name;
  if (trigger.kind === 'rollback' && !abandoned) return quiet(owner.endpoint, 'another has taken its place');
  if (lock.phase === 'rollingBack' && trigger.kind !== 'person' && !abandoned) {
    return quiet(owner.endpoint, 'it is being taken back already');
  }
  if (trigger.kind === 'execution' && lock.rolloutId !== owner.rolloutId) {
    return quiet(owner.endpoint, 'another rollout is under way');
  }
  const claim = { endpoint: owner.endpoint, rolloutId: lock.rolloutId, epoch: lock.epoch };
  if (trigger.kind === 'alarm' && (await championSuffers(ports, owner.endpoint, lock))) {
    await tell(ports, claim, 'SharedOutage', `${trigger.name}: alarms of both variants are in ALARM, weights stay`);
    return quiet(owner.endpoint, 'both variants suffer');
  }
  // Before it is seized: a way back that ends badly must be found by its name.
  await record.put(`ROLLBACK#${by}`, 'OWNER', { endpoint: owner.endpoint });
  const mine = await record.seize(claim, by);
  if (mine === undefined) {
    // A seizing whose answer was lost has been made all the same.
    const now = await record.lock(owner.endpoint);
    if (now.phase === 'rollingBack' && now.seizedBy === by) return taken(ports, owner.endpoint, now, reason, trigger);
    return quiet(owner.endpoint, 'another trigger was faster');
  }
  await tell(ports, claim, 'RollbackStarted', `${reason} at ${trigger.at}`);
  return taken(ports, owner.endpoint, mine, reason, trigger);
}

/** Why it is taken back: what a gate has said, or what went wrong; only where nobody knows, who asks for it. */
function reasonOf(trigger: Trigger): string {
  if (trigger.kind !== 'execution') return `${trigger.kind} ${trigger.name}`;
  const { name, because, error } = trigger;
  const { Error: word, Cause: cause } = (error ?? {}) as { readonly Error?: unknown; readonly Cause?: unknown };
  const said = [because, inWords(`${cause ?? ''}`), word].find((text) => typeof text === 'string' && text !== '');
  return said === undefined ? `execution ${name} was stopped, timed out or failed` : `${said}`;
}

async function taken(
  ports: RecordPorts,
  endpoint: string,
  lock: Lock,
  reason: string,
  trigger: Trigger,
): Promise<SeizeAnswer> {
  const { rolloutId, epoch, executionArn, fullCount } = lock;
  const phases = await ports.record.list(`ROLLOUT#${rolloutId}`, 'PHASE#');
  const exposed = phases.some(({ percent }) => !(percent === 0));
  const ended = lock.armed === '' ? 'failed' : 'rolledBack';
  const outcome = trigger.kind === 'revert' ? 'aborted' : ended;
  return { seized: true, reason, endpoint, rolloutId, epoch, executionArn, fullCount, exposed, outcome };
}

const OWNED = { alarm: 'ALARM', execution: 'ROLLOUT', rollback: 'ROLLBACK' } as const;

async function ownerOf(
  ports: RecordPorts,
  trigger: Trigger,
): Promise<{ endpoint: string; variant: string; rolloutId: string } | undefined> {
  if ('endpoint' in trigger) return { endpoint: trigger.endpoint, variant: '', rolloutId: '' };
  const owner = await ports.record.get(`${OWNED[trigger.kind]}#${trigger.name}`, 'OWNER');
  if (owner === undefined) return undefined;
  // A rollout that was resumed has a second execution, by another name.
  const { endpoint, variant = '', rolloutId = trigger.name } = owner;
  return { endpoint: `${endpoint}`, variant: `${variant}`, rolloutId: `${rolloutId}` };
}

/** Levels that cannot be read excuse nobody: then the challenger goes. */
async function championSuffers(ports: RecordPorts, endpoint: string, lock: Lock): Promise<boolean> {
  try {
    const { alarms } = await readSpec(ports.record, { endpoint, ...lock });
    const names = lock.champion === 'a' ? alarms.a : alarms.b;
    const levels = await ports.alarms.levels(names);
    return names.some((name) => levels.get(name) === 'ALARM');
  } catch {
    return false;
  }
}

function quiet(endpoint: string, reason: string): SeizeAnswer {
  return {
    seized: false,
    reason,
    endpoint,
    rolloutId: '',
    epoch: 0,
    executionArn: '',
    fullCount: 0,
    exposed: false,
    outcome: 'failed',
  };
}
