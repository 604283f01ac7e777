import { challengerPercent, type Phase } from '../../decision';
import { call } from '../aws/announce';
import { namedError } from '../aws/named-error';
import type { Claim } from '../aws/rollout-record';
import { readSpec } from '../aws/rollout-spec';
import { held, tell } from './claim';
import { end, inWords } from './end';
import { type EventOf, type RecordEvent, readEvent } from './event';
import type { RecordPorts } from './ports';
import { seize } from './seize';

type Actions = { readonly [A in RecordEvent['action']]: (ports: RecordPorts, event: EventOf<A>) => Promise<object> };

const actions: Actions = { begin, phase, entered, stuck, end, seize, unheard };

/** Writes down what happens to a rollout, and who holds its endpoint. What is not written down did not happen. */
export const keepRecord =
  (ports: RecordPorts) =>
  (input: unknown): Promise<object> => {
    const event = readEvent(input);
    const action = actions[event.action] as (ports: RecordPorts, event: RecordEvent) => Promise<object>;
    return action(ports, event);
  };

/** The rollout has begun. */
async function begin(ports: RecordPorts, event: EventOf<'begin'>): Promise<object> {
  const spec = await readSpec(ports.record, event);
  await held(ports.record.note(event, { phase: 'running' }), event);
  await tell(ports, event, 'RolloutStarted', `${spec.digest} by ${spec.plan.strategy}`);
  return { create: await isCreation(ports, event), before: spec.plan.phases[0]?.kind === 'before' };
}

/** Whether nothing served when it was deployed. */
async function isCreation({ record }: RecordPorts, { endpoint, rolloutId }: Claim): Promise<boolean> {
  return (await record.get(`ENDPOINT#${endpoint}`, `ROLLOUT#${rolloutId}`))?.['action'] === 'create';
}

/**
 * A phase is about to begin. The challenger's alarms are armed before it has traffic, so that no bad minute is without
 * them.
 */
async function phase(ports: RecordPorts, event: EventOf<'phase'>): Promise<object> {
  const spec = await readSpec(ports.record, event);
  const next: Phase | undefined = spec.plan.phases[event.phaseIndex];
  if (next === undefined) throw namedError('SpecUnreadable', `the plan has no phase ${event.phaseIndex}`);
  const lock = await ports.record.lock(event.endpoint);
  const live = challengerPercent(next) > 0;
  const changes = {
    phase: next.kind === 'watch' ? 'watching' : 'running',
    ...(live ? { armed: lock.challenger } : {}),
  };
  await held(ports.record.note(event, changes), event);
  // A first version has nothing to be compared with: of its phases it has the one before it is launched.
  const last = event.phaseIndex + 1 >= spec.plan.phases.length || (await isCreation(ports, event));
  const at = new Date(ports.now()).toISOString();
  return { kind: next.kind, percent: challengerPercent(next), last, next: event.phaseIndex + 1, at };
}

/** A phase has begun: the endpoint is as the phase wants it. Written once, so that a repeated call keeps the time. */
async function entered(ports: RecordPorts, event: EventOf<'entered'>): Promise<object> {
  const spec = await readSpec(ports.record, event);
  const { kind, ...rest } = spec.plan.phases[event.phaseIndex] ?? { kind: 'none' };
  await held(ports.record.note(event, { fullCount: event.fullCount }), event);
  const at = new Date(ports.now()).toISOString();
  const percent = challengerPercent({ kind, ...rest } as Phase);
  const item = { startedAt: at, kind, percent };
  const first = await ports.record.put(`ROLLOUT#${event.rolloutId}`, `PHASE#${index(event.phaseIndex)}`, item, true);
  if (first) await tell(ports, event, 'TrafficShifted', `${kind}: challenger at ${percent} %`);
  const kept = await ports.record.get(`ROLLOUT#${event.rolloutId}`, `PHASE#${index(event.phaseIndex)}`);
  return { startedAt: kept?.['startedAt'] ?? at };
}

/** The way back does not get on: people are called, again and again, also where the record is what does not answer. */
async function stuck(ports: RecordPorts, event: EventOf<'stuck'>): Promise<object> {
  const about = { endpoint: event.endpoint, event: 'RollbackStuck', detail: inWords(event.reason) };
  await tell(ports, event, about.event, about.detail).catch(() => call(ports, about));
  return {};
}

/**
 * A trigger could not be looked up: the record does not answer, so nothing is written here and people are told what is
 * known without it.
 */
async function unheard(ports: RecordPorts, { trigger, reason }: EventOf<'unheard'>): Promise<object> {
  const asked = `${trigger.kind} ${trigger.name} asked for a way back at ${trigger.at}`;
  const detail = `${asked}, and the record does not answer: ${inWords(reason)}; traffic stays as it is until it does`;
  if ('endpoint' in trigger) await call(ports, { endpoint: trigger.endpoint, event: 'RollbackUnheard', detail });
  else await ports.notify(`${trigger.name}: RollbackUnheard`, detail);
  return {};
}

/** Phases sort by index. */
const index = (phaseIndex: number): string => `${phaseIndex}`.padStart(3, '0');
