import {
  configKind,
  configName,
  isSeen,
  type LiveEndpoint,
  nextMove,
  type Phase,
  pollSeconds,
  readiness,
  restoreMove,
  type Spec,
  targetOf,
  type VariantName,
} from '../../decision';
import { namedError } from '../aws/named-error';
import { readSpec } from '../aws/rollout-spec';
import { act, answer, type TransitionAnswer } from './act';
import { readEvent, type TransitionEvent } from './event';
import type { TransitionPorts } from './ports';
import { raiseChampion } from './raise-champion';
import { retire } from './retire';
import { asDeclared, countedNow, freeChampion, scaleAlong, stillWhileGoingBack } from './scaling';
import { shrink } from './shrink';
import type { Work } from './work';
import { writeConfig, writeFirstConfig } from './write-config';

/**
 * One step of an endpoint towards what a rollout wants of it: describe, decide, act, answer. It is called again until
 * it answers `settled`, and does nothing twice. Only the holder of the lock may act: the epoch is checked first.
 */
export const applyTransition =
  (ports: TransitionPorts) =>
  async (input: unknown): Promise<TransitionAnswer & { readonly waitSeconds: number }> => {
    const event = readEvent(input);
    const elapsed = (ports.now() - Date.parse(event.since)) / 1000;
    return { ...(await step(ports, event)), waitSeconds: pollSeconds(elapsed, ...POLLS[event.action]) };
  };

/** Seconds of the first and of the longest wait between two looks: nobody waits long for a way back. */
const POLLS: { readonly [A in TransitionEvent['action']]: readonly [first: number, most: number] } = {
  create: [30, 600],
  enter: [15, 600],
  finalise: [15, 600],
  restore: [5, 60],
  shrink: [15, 600],
  raise: [60, 60],
};

async function step(ports: TransitionPorts, event: TransitionEvent): Promise<TransitionAnswer> {
  const lock = await ports.record.lock(event.endpoint);
  if (!(lock.rolloutId === event.rolloutId && lock.epoch === event.epoch)) {
    throw namedError('EpochLost', `rollout ${event.rolloutId} no longer holds the lock of ${event.endpoint}`);
  }
  const live = await ports.endpoints.describe(event.endpoint);
  if (event.action === 'create') return create(ports, event, live, variantName(lock.champion));
  const goesBack = event.action === 'restore' || event.action === 'shrink';
  if (goesBack && (await isNothing(ports, event, live))) {
    if (live === undefined) return answer(event, true, 'no version has ever served: there is nothing to go back to');
    // An endpoint that failed in the making can only be deleted; the next deployment makes it anew.
    await ports.endpoints.remove(event.endpoint);
    return answer(event, false, 'deleting what failed in the making');
  }
  if (event.action === 'enter' && (await changesNothing(ports, event))) {
    return answer(event, true, 'a phase before the launch changes nothing');
  }
  if (live === undefined) throw namedError('NotServing', `endpoint ${event.endpoint} does not exist`);
  const [champion, challenger] = [variantName(lock.champion), variantName(lock.challenger)];
  const work: Work = { event, live, champion, challenger, noted: lock.fullCount };
  return actions[event.action](ports, work);
}

const UNSEEN = 'instances are kept until auto scaling has seen who has the traffic now';

type Action = Exclude<TransitionEvent['action'], 'create'>;

const actions: {
  readonly [A in Action]: (ports: TransitionPorts, work: Work) => Promise<TransitionAnswer>;
} = {
  enter: async (ports, work) => {
    const { live, champion } = work;
    const spec = await readSpec(ports.record, work.event);
    const phase = phaseAt(spec, work.event.phaseIndex);
    const event = spec.scaling === undefined ? work.event : { ...work.event, fullCount: countedNow(work) };
    const target = targetOf(phase, { ...event, digest: spec.digest, champion });
    const move = nextMove(live, target, event.configBefore, event.asked, ports.now());
    if (spec.scaling !== undefined) await scaleAlong(ports, { ...work, event }, spec.scaling, target, move);
    if (move.kind === 'update') {
      const championCount = live.variants.find(({ name }) => name === champion)?.desiredCount ?? event.fullCount;
      await writeConfig(ports.endpoints, {
        ...work,
        name: move.configName,
        phase,
        spec,
        liveConfig: live.configName,
        championCount,
      });
      await ports.endpoints.mark(event.endpoint, spec.tags);
    }
    // The next phase begins where this one ends.
    if (move.kind === 'settled') return { ...answer(event, true, 'settled'), asked: {}, configBefore: live.configName };
    return act(ports, event, move, spec.scaling !== undefined);
  },

  // The old variant stays at one instance without traffic: the next rollout's update replaces it.
  finalise: async (ports, work) => {
    const { live, champion, challenger } = work;
    const { scaling } = await readSpec(ports.record, work.event);
    const event =
      scaling === undefined ? work.event : { ...work.event, fullCount: Math.max(work.event.fullCount, work.noted) };
    const all = [
      { name: champion, percent: 0, minimumCount: 0 },
      { name: challenger, percent: 100, minimumCount: event.fullCount },
    ];
    const target = { configName: live.configName, variants: all };
    const move = nextMove(live, target, live.configName, event.asked, ports.now());
    if (move.kind !== 'settled') return act(ports, event, move);
    const rested = await shrink(ports, event, live, champion, scaling !== undefined);
    if (!rested.settled) return rested;
    const { endpoint, rolloutId } = event;
    if (scaling !== undefined) {
      if (!isSeen(live, ports.now())) return answer(event, false, UNSEEN);
      await asDeclared(ports, endpoint, challenger, scaling);
    }
    // What is left over is no reason to hold a rollout: the next one tries again.
    const left = await retire(ports, { endpoint, rolloutId, served: live.configName }).catch((error) => [`${error}`]);
    return left.length === 0 ? rested : { ...rested, detail: `${rested.detail}; left over: ${left.join('; ')}` };
  },

  restore: async (ports, work) => {
    const { event, live, champion, challenger } = work;
    const seen = { ...event, exposed: event.exposed || hasTraffic(live, challenger) };
    const move = restoreMove({ live, champion, challenger, fullCount: event.fullCount });
    const answered = await act(ports, seen, move);
    // Traffic does not wait for this, and where it fails the way back is only longer.
    const waits = move.kind === 'wait' || move.kind === 'capacity';
    if (waits && (await isScaled(ports, event))) {
      await stillWhileGoingBack(ports, work).catch(() => undefined);
    }
    return answered;
  },

  shrink: async (ports, { event, live, champion, challenger }) => {
    const scaled = await isScaled(ports, event);
    const rested = await shrink(ports, event, live, challenger, scaled);
    if (!(rested.settled && scaled)) return rested;
    // Without traffic of the challenger's nothing has changed for the champion.
    if (event.exposed && !isSeen(live, ports.now())) return answer(event, false, UNSEEN);
    await freeChampion(ports, event.endpoint, champion);
    return rested;
  },

  raise: raiseChampion,
};

/** Whether auto scaling was declared. What cannot be read is nothing that a way back waits for. */
async function isScaled(ports: TransitionPorts, event: TransitionEvent): Promise<boolean> {
  const spec = await readSpec(ports.record, event).catch(() => undefined);
  return spec?.scaling !== undefined;
}

/** The first version of an endpoint: nothing serves beside it, so there is nothing to compare and nowhere to go back. */
async function create(
  ports: TransitionPorts,
  event: TransitionEvent,
  live: LiveEndpoint | undefined,
  variant: VariantName,
): Promise<TransitionAnswer> {
  const spec = await readSpec(ports.record, event);
  const name = configName(event.endpoint, spec.digest, event.epoch, 'single');
  if (live === undefined) {
    await writeFirstConfig(ports.endpoints, name, spec, variant);
    await ports.endpoints.create(event.endpoint, name, spec.tags);
    return answer(event, false, `creating ${name}`);
  }
  const ready = readiness(live);
  if (ready === 'wait') return answer(event, false, `the endpoint is ${live.status}`);
  if (!(ready === 'yes' && live.configName === name)) {
    const why = live.failureReason === undefined ? '' : `: ${live.failureReason}`;
    throw namedError('NotServing', `the endpoint is ${live.status} with config ${live.configName}${why}`);
  }
  if (spec.scaling !== undefined) await asDeclared(ports, event.endpoint, variant, spec.scaling);
  return answer(event, true, 'serving');
}

/**
 * Whether a first version did not come up: this rollout was to make the endpoint, there is no champion, and it was not
 * made or failed in the making. Anything else that does not serve needs people.
 */
async function isNothing(
  ports: TransitionPorts,
  { endpoint, rolloutId, fullCount }: TransitionEvent,
  live: LiveEndpoint | undefined,
): Promise<boolean> {
  if (!(fullCount === 0 && (live === undefined || live.status === 'Failed'))) return false;
  const rollout = await ports.record.get(`ENDPOINT#${endpoint}`, `ROLLOUT#${rolloutId}`);
  if (rollout?.['action'] !== 'create') return false;
  return (await ports.record.get(`ENDPOINT#${endpoint}`, 'CHAMPION')) === undefined;
}

/** Whether a phase leaves the endpoint as it is, so that there need not even be one. */
async function changesNothing(ports: TransitionPorts, event: TransitionEvent) {
  return configKind(phaseAt(await readSpec(ports.record, event), event.phaseIndex)) === 'live';
}

/** A weight that cannot be read is traffic. */
function hasTraffic({ variants }: LiveEndpoint, challenger: VariantName): boolean {
  const variant = variants.find(({ name }) => name === challenger);
  return variant !== undefined && !(variant.currentWeight === 0 && variant.desiredWeight === 0);
}

function phaseAt(spec: Spec, index: number): Phase {
  const phase = spec.plan.phases[index];
  if (phase === undefined) throw namedError('SpecUnreadable', `the plan has no phase ${index}`);
  return phase;
}

function variantName(name: string): VariantName {
  if (name === 'a' || name === 'b') return name;
  throw namedError('SpecUnreadable', `a variant must be a or b, got '${name}'`);
}
