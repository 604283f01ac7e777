import type { WorldEvent } from '../log';
import type { CampaignCase } from './campaign-case';
import type { Remains } from './case-violations';

const HOME = 'a';
/** So long may traffic be out there while nobody is called. */
const PATIENCE_MINUTES = 30;
/** One call that fails, and is asked again, costs no more. */
const QUICK_MINUTES = 1;

/** What did not hold on the way back: people are called when it takes long, and only then; little is left behind. */
export function wayBackViolations(one: CampaignCase, { events, messages, outcome }: Remains): string[] {
  const called = messages.some((subject) => /Rollback(Stuck|Unheard)$/.test(subject));
  const late = minutesAway(events, hears(one));
  const found: string[] = [];
  if (late > PATIENCE_MINUTES && !called && !cannotTell(one)) {
    found.push(`the challenger had traffic for ${Math.round(late)} min on the way back, and nobody was called`);
  }
  if (called && passesQuickly(one)) found.push('people were called for trouble that had passed');
  if (late > QUICK_MINUTES && passesQuickly(one) && one.weather.weightsApplySeconds === 5) {
    found.push(`the challenger had traffic for ${late.toFixed(1)} min on the way back, because of one call`);
  }
  const left = instancesLeft(events);
  if (outcome === 'rolledBack' && (isAlone(one) || passesQuickly(one)) && left > 1) {
    found.push(`rolledBack, and the challenger still has ${left} instances`);
  }
  return found;
}

/** Minutes from the first reason to go back until the champion had all traffic; an answer that may not be heard is none. */
function minutesAway(events: readonly WorldEvent[], heard: boolean): number {
  let reasonAt = Number.POSITIVE_INFINITY;
  let away = false;
  for (const { at, event, data } of events) {
    if (event === 'CaseBegins') reasonAt = Number.POSITIVE_INFINITY;
    if (event === 'RollbackStarted' || (heard && data['answer'] === 'fail')) reasonAt = Math.min(at, reasonAt);
    if (event !== 'TrafficShifted') continue;
    const now = sharesOf(data).some(({ variant }) => variant !== HOME);
    if (away && !now && at > reasonAt) return (at - reasonAt) / 60_000;
    away = now;
  }
  return 0;
}

interface Share {
  readonly variant: string;
  readonly config: string;
}
const sharesOf = (data: WorldEvent['data']) => data['shares'] as readonly Share[];

/** Instances of the challenger in the config that serves. */
function instancesLeft(events: readonly WorldEvent[]): number {
  const instances = new Map<string, number>();
  let config = '';
  for (const { event, data } of events) {
    if (data['fleet'] !== undefined) {
      instances.set(String(data['fleet']).replace(/#\d+$/, ''), Number(data['instances']));
    }
    if (event === 'TrafficShifted') config = sharesOf(data)[0]?.config ?? '';
  }
  return instances.get(`${config}/b`) ?? 0;
}

/** Who is not run cannot call anybody; who cannot be called says nothing. */
const cannotTell = ({ faults }: CampaignCase): boolean =>
  faults.some(({ api }) => api === 'sns:Publish' || api === 'lambda:Invoke');

/** Whose bake began, and was not heard to, gets no answer of it: another bake is asked, and that may say otherwise. */
const hears = ({ faults }: CampaignCase): boolean =>
  !faults.some(({ api, kind }) => api === 'states:StartExecution' && (kind === 'replyLost' || kind === 'silent'));

/** Nobody and nothing interferes. */
const isAlone = ({ faults, stops, deeds }: CampaignCase): boolean => faults.length + stops.length + deeds.length === 0;

/** One call that is asked again, and nothing else. */
const passesQuickly = (one: CampaignCase): boolean =>
  one.stops.length + one.deeds.length === 0 &&
  one.faults.length === 1 &&
  one.faults.every(({ kind, times = 1 }) => (kind === 'throttled' || kind === 'failed') && times === 1);
