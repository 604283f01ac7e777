import type { WorldEvent } from '../log';
import type { Routing } from '../sagemaker/router';
import type { Json } from '../services';
import type { CampaignCase, CasePhase } from './campaign-case';
import { ENDPOINT } from './engine-account';
import { askersOf } from './scripted-gates';
import { wayBackViolations } from './way-back-violations';

/** What a run has left behind. */
export interface Remains {
  readonly outcome: string;
  /** Whether nothing runs any more. */
  readonly quiet: boolean;
  readonly events: readonly WorldEvent[];
  readonly router: Routing;
  readonly record: readonly Json[];
  readonly messages: readonly string[];
}

const HOME = 'a';
/** Sums of shares that were multiplied may miss by this. */
const ROUNDING = 1e-6;
/** A function that was called before a seizure may still be at work for so long. */
const IN_FLIGHT_MILLISECONDS = 60_000;

/** Everything that did not hold in a run: sentences; none is good. */
export function caseViolations(one: CampaignCase, remains: Remains): string[] {
  const watched = new Watched(one);
  const begins = remains.events.findIndex(({ event }) => event === 'CaseBegins');
  for (const event of remains.events.slice(begins)) watched.see(event);
  return [...new Set([...watched.found, ...endViolations(one, remains, watched), ...wayBackViolations(one, remains)])];
}

/** What was seen so far, from routers, fleets, calls and the gates' own mouths; never from the record. */
class Watched {
  public readonly found: string[] = [];
  public touched = false;
  public stopped = new Set<string>();
  public failedBy = '';
  public share = 0;
  /** The config that serves. */
  public config = '';
  private readonly lastTick = new Map<number, string>();
  private readonly enteredAt = new Map<number, number>();
  private readonly answered = new Map<string, Set<string>>();
  private readonly agreed = new Set<number>();
  private readonly instances = new Map<string, number>();
  private passed = 0;
  private passedAt = 0;
  private epoch = 0;
  private seizedAt = Number.POSITIVE_INFINITY;

  constructor(private readonly one: CampaignCase) {}

  public see({ at, event, data }: WorldEvent): void {
    const when = `at ${new Date(at).toISOString()}`;
    if (data['fleet'] !== undefined)
      this.instances.set(String(data['fleet']).replace(/#\d+$/, ''), Number(data['instances']));
    if (event === 'TouchedByHand') this.touched = true;
    if (event === 'StoppedByHand') this.stopped.add(String(data['machine']));
    if (event === 'Approval' && data['status'] === 'approved') this.agree(at, Number(data['phase']));
    if (event === 'GateAnswered') this.gate(at, data);
    if (event === 'RollbackStarted')
      Object.assign(this, { seizedAt: Math.min(at, this.seizedAt), epoch: Number(data['epoch']) });
    if (event === 'Mutates') this.mutates(when, data);
    if (event === 'TrafficShifted') this.shifted(at, when, data);
    if (event === 'RolloutPromoted') this.promoted(when);
    if (event === 'RolloutHeld') this.held(when);
    if (event === 'EndpointConfigDeleted') this.retired(when, String(data['config']));
  }

  /** Instances that the version before it has, by what its fleets were seen to do. */
  public homeInstances(config: string): number {
    return this.instances.get(`${config}/${HOME}`) ?? this.one.plan.instances;
  }

  /** A phase has passed when all who are asked said so in one tick, after its bake, agreed to, in its window. */
  private gate(at: number, { phase, asker, tick, answer }: Json): void {
    if (answer === 'fail' && this.failedBy === '') this.failedBy = `${asker} in phase ${phase}`;
    const key = `${phase}/${tick}`;
    const yes = this.answered.get(key) ?? new Set();
    if (answer === 'pass') yes.add(asker);
    else yes.delete(asker);
    this.answered.set(key, yes);
    this.lastTick.set(phase, tick);
    this.settle(at, phase);
  }

  private agree(at: number, phase: number): void {
    this.agreed.add(phase);
    this.settle(at, phase);
  }

  private settle(at: number, phase: number): void {
    const { plan } = this.one;
    const asked = plan.phases[phase];
    const tick = this.lastTick.get(phase);
    if (tick === undefined) return;
    const yes = this.answered.get(`${phase}/${tick}`) ?? new Set();
    const all = askersOf(asked, plan).every((each) => yes.has(each));
    // A phase that changes nothing at the router begins when the one before it has passed.
    const baked = at - (this.enteredAt.get(phase) ?? this.passedAt) >= 60_000 * bakeMinutes(asked);
    const free = asked.kind !== 'stage' || asked.approval !== true || this.agreed.has(phase);
    if (all && baked && free && insideWindow(plan.window, Date.parse(tick)) && phase + 1 > this.passed) {
      Object.assign(this, { passed: phase + 1, passedAt: at });
    }
  }

  /** Whoever was called with an old epoch after another has taken the lock must not touch the endpoint. */
  private mutates(when: string, { epoch, operation, startedAt }: Json): void {
    if (epoch < this.epoch && startedAt > this.seizedAt + IN_FLIGHT_MILLISECONDS) {
      this.found.push(`${operation} in epoch ${epoch} ${when}, when epoch ${this.epoch} had the lock`);
    }
  }

  private shifted(at: number, when: string, data: Json): void {
    const shares: readonly { variant: string; config: string; percent: number }[] = data.shares;
    if (shares.length === 0) this.found.push(`nothing serves ${when}`);
    const away = shares.filter(({ variant }) => variant !== HOME).reduce((sum, { percent }) => sum + percent, 0);
    this.one.plan.phases.forEach((phase, i) => {
      const begun =
        phase.kind === 'shadow'
          ? shares.some(({ config }) => config.endsWith('-shadow'))
          : away > 0 && Math.abs(percentOf(phase) - away) < ROUNDING;
      if (begun && !this.enteredAt.has(i)) this.enteredAt.set(i, at);
    });
    const rises = away > this.share + ROUNDING;
    this.share = away;
    const { phases, instances } = this.one.plan;
    const earned = Math.max(0, ...phases.slice(0, this.passed + 1).map(percentOf));
    // What a holdback has kept back follows when the last gate has passed.
    const allowed = this.passed < phases.length ? earned : 100;
    if (!this.touched && away > allowed + ROUNDING)
      this.found.push(`the challenger has ${away} % ${when}, and may have ${allowed} %`);
    this.config = shares[0]?.config ?? '';
    const home = this.homeInstances(this.config);
    if (!this.touched && rises && home < instances) {
      this.found.push(`the champion has ${home} of ${instances} instances ${when}, and could not take everything back`);
    }
  }

  /** An undecided phase ends where the plan says, before anybody is told that it has ended. */
  private held(when: string): void {
    if (this.one.plan.onUndecided !== 'champion' || this.touched || !(this.share > 0)) return;
    this.found.push(`held ${when}, and the challenger has ${this.share} %, which should be the champion's`);
  }

  /** A config may go once every phase has passed, when it is not the one that serves. */
  private retired(when: string, config: string): void {
    const done = this.passed >= this.one.plan.phases.length && this.config !== '';
    if (config === this.config || !done) this.found.push(`config ${config} was deleted ${when}`);
  }

  private promoted(when: string): void {
    const { length } = this.one.plan.phases;
    if (this.passed < length) this.found.push(`promoted ${when} after ${this.passed} of ${length} phases have passed`);
  }
}

function endViolations(one: CampaignCase, remains: Remains, watched: Watched): string[] {
  const { share, touched, stopped, failedBy } = watched;
  const { outcome, quiet, record, messages } = remains;
  const item = (sk: string) => record.find(({ pk, sk: own }) => pk.S === `ENDPOINT#${ENDPOINT}` && own.S === sk);
  const lock: string = item('LOCK')?.rolloutId?.S ?? '';
  const told = (event: string) => messages.some((subject) => subject.endsWith(event));
  // Nothing can hear that an execution was stopped when every event is lost.
  const deaf = one.weather.events === 0 && stopped.size > 0;
  const heard = told('RolloutHeld') || told('RollbackStuck') || deaf || snsFails(one);
  const champion = item('CHAMPION')?.variant?.S;
  const found: string[] = [];
  if (!quiet) found.push('it does not end');
  if (quiet && lock !== '' && !heard)
    found.push(`the lock is kept by ${lock}, which is ${outcome}, and nobody was told`);
  if (outcome === 'promoted' && failedBy !== '') found.push(`promoted, and ${failedBy} had said fail`);
  if (outcome === 'promoted' && champion !== 'b') found.push(`promoted, and the record's champion is ${champion}`);
  if (outcome !== 'promoted' && champion !== HOME) found.push(`${outcome}, and the record's champion is ${champion}`);
  if (outcome === 'promoted' && !touched) {
    if (share !== 100) found.push(`promoted, and the challenger has ${share} %`);
    const left = watched.homeInstances(watched.config);
    if (left !== 1) found.push(`promoted, and the version before it still has ${left} instances`);
  }
  if (['rolledBack', 'aborted', 'failed'].includes(outcome) && share > 0 && !touched) {
    found.push(`${outcome}, and the challenger has ${share} %`);
  }
  if (isPlain(one) && outcome !== 'promoted') found.push(`a good model with faults that pass is ${outcome}`);
  return found;
}

const snsFails = ({ faults }: CampaignCase): boolean =>
  faults.some(({ api }) => api === 'sns:Publish' || api === 'dynamodb:PutItem');

/** A good model that meets nothing but trouble that passes. */
function isPlain({ plan, model, alarms, deeds, stops, faults }: CampaignCase): boolean {
  const passing = faults.every(({ kind, times = 1 }) => kind !== 'denied' && kind !== 'silent' && times <= 4);
  const asked = plan.phases.some((phase) => phase.kind === 'stage' && phase.approval === true);
  const alone = alarms.length + deeds.length + stops.length + model.answers.length === 0;
  return passing && alone && !asked && plan.window === undefined && model.startup === 'healthy';
}

const percentOf = (phase: CasePhase): number => {
  if (phase.kind === 'stage') return phase.percent;
  return phase.kind === 'watch' ? 100 - phase.holdbackPercent : 0;
};

/** Minutes that a phase is watched at least. */
export const bakeMinutes = (phase: CasePhase): number =>
  phase.kind === 'before' ? 0 : Number(/^PT(\d+)M$/.exec(phase.bake)?.[1]);

function insideWindow(window: CampaignCase['plan']['window'], at: number): boolean {
  const hour = new Date(at).getUTCHours();
  return window === undefined || (hour >= window.fromHour && hour < window.toHour);
}
