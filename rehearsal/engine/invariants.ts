import type { WorldEvent } from '../log';
import type { Json } from '../services';

/** What a rollout was allowed to do, read from the template and from what served before it. */
export interface RolloutFacts {
  readonly endpoint: string;
  /** The variant that served before, and how many instances it had. */
  readonly home: string;
  readonly fullCount: number;
  /** The challenger's share in each phase of the plan, 0-100. */
  readonly percents: readonly number[];
}

interface LoggedShare {
  readonly fleet: string;
  readonly config: string;
  readonly variant: string;
  readonly percent: number;
}

/** Sums of shares that were multiplied may miss by this. */
const ROUNDING = 1e-6;

/** What one rollout has shown so far. */
class Progress {
  public passed = 0;
  public seized = false;
  /** The most the challenger may have once the rollout is being taken back. */
  public ceiling = 100;
  public share = 0;
  /** The share that SageMaker was last asked for: what is on its way cannot be called back. */
  public asked = 0;
  public config = '';
  /** A person has changed the endpoint: its capacity is theirs. */
  public touched = false;

  /** @param fullCount instances that all traffic needs */
  constructor(public fullCount: number) {}
}

/**
 * What must hold at every moment of one rollout: the challenger has no more than the gates passed so far allow, and
 * never more once it is being taken back; the champion can take everything back until the last gate has passed; and
 * nothing is promoted without them all. Read from the world's log: routers, fleets and histories, never from the record.
 *
 * @param events the world's log since the rollout was deployed
 * @returns one sentence for each violation; none is good
 */
export function rolloutViolations(events: readonly WorldEvent[], facts: RolloutFacts): string[] {
  const found: string[] = [];
  const now = new Progress(facts.fullCount);
  const instances = new Map<string, number>();
  const last = facts.percents.length;
  for (const { at, event, source, data } of events) {
    const when = `at ${new Date(at).toISOString()}`;
    if (data['fleet'] !== undefined) instances.set(fleetKey(String(data['fleet'])), Number(data['instances']));
    if (event === 'TouchedByHand') now.touched = true;
    // Its own load has made it smaller before anybody else had traffic.
    const shrunk = event === 'VariantScaled' && data['variant'] === facts.home && now.share === 0;
    if (shrunk) now.fullCount = Math.min(now.fullCount, Number(data['to']));
    if (event === 'ExecutionStarted' && isMachine(data, 'rollout')) Object.assign(now, { passed: 0, seized: false });
    if (event === 'ExecutionEnded' && isMachine(data, 'bake') && answer(data) === 'pass') now.passed++;
    if (source === 'engine' && event === 'RollbackStarted' && !now.seized) {
      Object.assign(now, { seized: true, ceiling: Math.max(now.share, now.asked) });
    }
    if (event === 'WeightsUpdateStarted' && data['endpoint'] === facts.endpoint) {
      now.asked = askedShare(data['weights'] as readonly number[], data['variants'] as readonly string[], facts.home);
      if (!now.touched && now.seized && now.asked > now.ceiling + ROUNDING) {
        found.push(`the challenger was to have ${now.asked} % ${when}, while it is being taken back`);
      }
    }
    if (event === 'RolloutPromoted' && now.passed < last) {
      found.push(`promoted after ${now.passed} of ${last} phases have passed ${when}`);
    }
    if (event === 'TrafficShifted' && data['endpoint'] === facts.endpoint) {
      Object.assign(now, sharesNow(data['shares'] as readonly LoggedShare[], facts.home));
      const earned = Math.max(0, ...facts.percents.slice(0, now.passed + 1));
      // What a holdback has kept back follows when the last gate has passed.
      const open = now.passed < last ? earned : 100;
      const allowed = now.seized ? now.ceiling : open;
      if (!now.touched && now.share > allowed + ROUNDING) {
        found.push(`the challenger has ${now.share} % ${when}, and may have ${allowed} %`);
      }
    }
    const home = instances.get(`${now.config}/${facts.home}`);
    const mustStand = !now.touched && now.share > 0 && now.passed < last;
    if (mustStand && home !== undefined && home < now.fullCount) {
      found.push(`the champion has ${home} of ${now.fullCount} instances ${when}, and could not take everything back`);
    }
  }
  return [...new Set(found)];
}

const isMachine = (data: WorldEvent['data'], machine: string) => String(data['machine']).endsWith(`-${machine}`);
const answer = (data: WorldEvent['data']): Json => (data['output'] as Json)?.answer;
/** `config/variant#3` without its number. */
const fleetKey = (fleet: string) => fleet.replace(/#\d+$/, '');

function askedShare(weights: readonly number[], variants: readonly string[], home: string): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.reduce((share, weight, i) => share + (variants[i] === home ? 0 : (100 * weight) / sum), 0);
}

function sharesNow(shares: readonly LoggedShare[], home: string) {
  const share = shares.filter(({ variant }) => variant !== home).reduce((sum, { percent }) => sum + percent, 0);
  return { share, config: shares[0]?.config ?? '' };
}

/** How a rollout has ended, by the world and by the record. */
export interface Ending {
  /** The challenger's share at the router in the end, 0-100. */
  readonly challengerPercent: number;
  /** The items of the record's table. */
  readonly record: readonly Json[];
  readonly endpoint: string;
  /** Subjects of the messages that people got. */
  readonly messages: readonly string[];
  /** When the rollout was deployed, milliseconds since 1970; what began before it is another's. */
  readonly since: number;
  /** Whether CloudFormation went back: then there may have been no rollout at all. */
  readonly refused: boolean;
}

/**
 * What must hold once everything is quiet: the rollout has an outcome, the record says what the router does, the lock
 * is free or its holder known to people.
 */
export function endingViolations(ending: Ending): string[] {
  const { challengerPercent, record, endpoint, messages, since, refused } = ending;
  const item = (sk: string) => record.find((one) => one.pk?.S === `ENDPOINT#${endpoint}` && one.sk?.S === sk);
  const lock = item('LOCK');
  const rollouts = record.filter(
    ({ pk, sk, startedAt }) =>
      pk?.S === `ENDPOINT#${endpoint}` && sk?.S.startsWith('ROLLOUT#') && Date.parse(startedAt?.S) >= since,
  );
  const latest = rollouts.sort((a, b) => String(a.startedAt?.S).localeCompare(String(b.startedAt?.S))).at(-1);
  const outcome: string = latest?.outcome?.S ?? 'none';
  const wrong: Readonly<Record<string, boolean>> = {
    promoted: challengerPercent === 0,
    rolledBack: challengerPercent > 0,
    aborted: challengerPercent > 0,
    failed: challengerPercent > 0,
    held: false,
    none: challengerPercent > 0,
  };
  const held: string = lock?.rolloutId?.S ?? '';
  return [
    ...(outcome === 'none' && !(refused && rollouts.length === 0) ? ['the rollout has no outcome'] : []),
    ...(wrong[outcome] === true ? [`the record says ${outcome}, and the challenger has ${challengerPercent} %`] : []),
    ...(held !== '' && outcome !== 'held' ? [`the lock is kept by ${held}, which is ${outcome}`] : []),
    ...(outcome === 'held' && !messages.some((subject) => subject.endsWith('RolloutHeld')) ? ['nobody was told'] : []),
  ];
}
