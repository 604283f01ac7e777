import {
  challengerPercent,
  drift,
  isoSeconds,
  type LiveEndpoint,
  neededCount,
  otherVariant,
  type Phase,
  type Spec,
  shortOf,
  targetOf,
  type VariantName,
} from '../../decision';
import { namedError } from '../aws/named-error';
import type { Item, Lock } from '../aws/rollout-record';
import type { DecideEvent, LookEvent } from './event';
import type { LookPorts } from './ports';

/** A gate's binding, as the plan carries it. */
export interface BoundGate {
  readonly name: string;
  readonly evaluator: string;
  readonly phases: readonly string[];
  readonly definition: { readonly [key: string]: unknown };
}

/** A phase that is under way. */
export interface Place {
  readonly spec: Spec;
  readonly lock: Lock;
  readonly phase: Phase;
  /** What the record says of every phase that has begun. */
  readonly phases: readonly Item[];
  readonly startedAt: string;
  readonly elapsedSeconds: number;
  /** Seconds from its beginning to when it was last resumed; 0 for one that never was held. */
  readonly heldSeconds: number;
}

/** Somebody who has a say in this tick, and what is asked. */
export interface Question {
  readonly functionArn: string;
  readonly event: object;
}

/** Who is to be asked in this tick, and what is not as it should be. */
export interface LookAnswer {
  readonly at: string;
  readonly questions: readonly Question[];
  readonly drift: string | null;
  /** What the champion lacks to take everything back; null where nothing scales it. */
  readonly short: string | null;
  /** Instances to raise the champion to; 0 when it has what it needs. */
  readonly raiseTo: number;
}

/** How much of the champion's own time before the phase tells how much its errors cluster: six hours. */
const BASELINE_MS = 6 * 3_600_000;

/** One look at a phase: is the endpoint as it should be, and what is there to ask? */
export async function look(ports: LookPorts, event: LookEvent): Promise<LookAnswer> {
  const place = await locate(ports, event);
  const { spec, lock, phase } = place;
  const live = phase.kind === 'before' ? undefined : await ports.describe(event.endpoint);
  const wanted = phase.kind === 'before' ? undefined : target(place, event);
  const gates = (spec.gates as unknown as readonly BoundGate[]).filter(({ phases }) => phases.includes(phase.kind));
  const of = (evaluator: string) =>
    gates.filter((gate) => gate.evaluator === evaluator).map(({ definition }) => definition);
  const shares = sharesOf(place, event);
  const common = tick(place, event, shares);
  const watched = phase.kind === 'stage' || phase.kind === 'watch';
  const data = of('judge-data');
  const metrics = {
    ...common,
    baselineFrom: new Date(Date.parse(shares[0].at) - BASELINE_MS).toISOString(),
    shares,
    alarms: alarms(spec, lock),
    gates: of('judge'),
  };
  return {
    at: event.at,
    questions: [
      ...(watched ? [{ functionArn: ports.judge, event: metrics }] : []),
      ...(data.length === 0
        ? []
        : [{ functionArn: ports.judgeData, event: { ...common, shadow: promised(phase), gates: data } }]),
      ...of('function').map(({ id, functionArn, parameters = {} }) => ({
        functionArn: `${functionArn}`,
        event: { ...common, gate: id, parameters },
      })),
    ],
    drift: wanted === undefined ? null : (drift(live, wanted, spec.scaling !== undefined) ?? null),
    ...capacity(place, live),
  };
}

/** Auto scaling follows each variant's own share: whether the champion could take everything, nobody else looks at. */
function capacity({ spec, lock, phase }: Place, live: LiveEndpoint | undefined): Pick<LookAnswer, 'short' | 'raiseTo'> {
  const percent = challengerPercent(phase);
  if (spec.scaling === undefined || percent === 0 || live === undefined) return { short: null, raiseTo: 0 };
  const { champion, fullCount } = lock;
  const { maximum } = spec.scaling;
  const needed = neededCount({ live, champion, percent, fullCount, maximum });
  const short = shortOf({ live, champion }, needed) ?? null;
  return { short, raiseTo: short !== null || needed > fullCount ? needed : 0 };
}

/** Where a rollout stands; fails for anybody but the holder of the lock. */
export async function locate(ports: LookPorts, event: LookEvent | DecideEvent): Promise<Place> {
  const { endpoint, rolloutId, epoch, phaseIndex, bake } = event;
  const lock = await ports.record.lock(endpoint);
  if (!(lock.rolloutId === rolloutId && lock.epoch === epoch)) {
    throw namedError('EpochLost', `rollout ${rolloutId} no longer holds the lock of ${endpoint}`);
  }
  const spec = await ports.specOf(endpoint, rolloutId);
  const phase = spec?.plan.phases[phaseIndex];
  // One after the other, from the first.
  const phases = await ports.begunOf(rolloutId, phaseIndex, bake);
  const begun = phases[phaseIndex];
  const startedAt = begun?.['startedAt'];
  if (spec === undefined || phase === undefined || typeof startedAt !== 'string') {
    throw namedError('SpecUnreadable', `phase ${phaseIndex} of rollout ${rolloutId} has not begun`);
  }
  const since = (at: string) => (Date.parse(at) - Date.parse(startedAt)) / 1000;
  const resumedAt = begun?.['resumedAt'];
  const heldSeconds = typeof resumedAt === 'string' ? since(resumedAt) : 0;
  return { spec, lock, phase, phases, startedAt, elapsedSeconds: since(event.at), heldSeconds };
}

function target({ spec, lock, phase }: Place, { endpoint, epoch }: LookEvent) {
  const champion = lock.champion as VariantName;
  return targetOf(phase, { endpoint, digest: spec.digest, epoch, champion, fullCount: lock.fullCount });
}

function tick(place: Place, event: LookEvent, shares: readonly { at: string }[]) {
  const { lock, phase, startedAt } = place;
  const champion = lock.champion as VariantName;
  const config = target(place, event).configName;
  const alone = phase.kind === 'watch' && phase.holdbackPercent === 0;
  // Evidence of all stages is one stream; the watch begins its own.
  const from = phase.kind === 'stage' ? shares[0].at : startedAt;
  return {
    schemaVersion: 1,
    rollout: event.rolloutId,
    endpoint: event.endpoint,
    stage: `${event.phaseIndex}`,
    phase: phase.kind,
    at: event.at,
    startedAt: from,
    endsAt: new Date(Date.parse(startedAt) + 1000 * Math.max(60, isoSeconds(durationOf(phase)))).toISOString(),
    challenger: { variant: otherVariant(champion), config },
    champion: alone ? null : { variant: champion, config },
  };
}

/** What a shadow phase was promised: both minima must be reached. */
function promised(phase: Phase) {
  if (phase.kind !== 'shadow') return null;
  const { samplingPercent, minimumRequests, bake } = phase;
  return { samplingPercent, minimumRequests, minimumHours: isoSeconds(bake) / 3600 };
}

const durationOf = (phase: Phase): string => (phase.kind === 'before' ? phase.deadline : phase.bake);

/** Every share the challenger has had, in order; none yet is 0 % since the phase began. */
function sharesOf({ phases }: Place, event: LookEvent): readonly { at: string; percent: number }[] {
  const live = phases.filter(({ kind }) => kind === 'stage' || kind === 'watch');
  const shares = live.map(({ startedAt, percent }) => ({ at: `${startedAt}`, percent: Number(percent) }));
  return shares.length > 0 ? shares : [{ at: event.at, percent: 0 }];
}

function alarms(spec: Spec, lock: Lock) {
  const of = (name: string) => (name === 'a' ? spec.alarms.a : spec.alarms.b);
  return { challenger: of(lock.challenger), champion: of(lock.champion) };
}
