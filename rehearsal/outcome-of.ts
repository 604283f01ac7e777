import { violations } from './invariants';
import { DEFAULT_KNOBS, type Knobs } from './knobs';
import type { WorldEvent } from './log';
import type { Assumption, Outcome, TimelineEntry, VerdictEntry } from './outcome';
import type { Run } from './run-rehearsal';
import type { OutcomeKind, Scenario } from './scenario';
import { behaviourAt } from './traffic/behaviour-now';

/** A challenger whose 99th percentile is this many times the champion's harms by being slow. */
const SLOW = 1.5;
/** Events for machines, and what handlers print: too much for a timeline. */
const UNTOLD = new Set(['EndpointEvent', 'Printed', 'ResourceReady']);

/** What came of a run, read from the world's log and the router's account. */
export function outcomeOf(run: Run): Outcome {
  const { options, beganAt, endedAt, truth } = run;
  const { scenario, challenger, seed, knobs } = options;
  const events = run.events.filter(({ at }) => at >= beganAt);
  const percents = challengerPercents(events, run);
  const seconds = (at: number) => Math.round((at - beganAt) / 100) / 10;
  const between = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? null : Math.max(0, Math.round((to - from) / 100) / 10);

  const harmBySlowness = slower(scenario);
  const onset = earliest(truth.challenger.firstBadAt, harmBySlowness ? truth.challenger.firstSlowAt : undefined);
  const after = (time: number | undefined, matches: (event: WorldEvent) => boolean) =>
    time === undefined ? undefined : events.find((event) => event.at >= time && matches(event))?.at;
  const rollback = onset === undefined ? undefined : rollbackOf(events, percents, onset);
  const decided = rollback?.at;
  const restored = rollback === undefined ? undefined : restoredAt(events, percents, rollback);
  // SageMaker acts on what it sees: where an alarm stood in ALARM before the trouble began, no other says so first.
  const seenBy = rollback?.source === 'sagemaker' ? Math.max(rollback.at, onset ?? 0) : undefined;
  const failed = after(onset, (event) => verdictOf(event, seconds).some(({ kind }) => kind === 'fail'));
  const detected = earliest(failed, seenBy);
  const confirmed = after(
    restored,
    ({ event, data }) =>
      event === 'RollbackConfirmed' || (event === 'StackStatus' && data['status'] === 'UPDATE_ROLLBACK_COMPLETE'),
  );

  const served = servedConfig(run);
  return {
    schemaVersion: 1,
    stack: challenger.name,
    endpoint: run.endpoint,
    strategy: strategyOf(run),
    scenario: scenario.name,
    seed,
    outcome: kindOf(run, events, served),
    reason: reasonOf(events, run),
    servedConfig: served,
    onsetSeconds: onset === undefined ? null : seconds(onset),
    detectSeconds: between(onset, detected),
    decideSeconds: between(onset, decided),
    restoreSeconds: between(decided, restored),
    confirmSeconds: rolledForward(run) ? null : between(decided, confirmed),
    totalSeconds: seconds(endedAt),
    badRequests: truth.challenger.badRequests,
    slowRequests: harmBySlowness ? truth.challenger.slowRequests : 0,
    requests: truth.champion.requests - run.requestsBefore + truth.challenger.requests,
    violations: [...violations(run.events), ...(run.rollout?.violations ?? [])],
    timeline: events.flatMap(({ at, source, event, detail }, i): TimelineEntry[] =>
      UNTOLD.has(event) || (event === 'FunctionReturned' && run.rollout !== undefined)
        ? []
        : [{ atSeconds: seconds(at), source, event, detail, challengerPercent: percents[i] }],
    ),
    verdicts: events.flatMap((event) => verdictOf(event, seconds)),
    samples: run.minutes.flatMap(({ at, ...minute }) => (at >= beganAt ? [{ atSeconds: seconds(at), ...minute }] : [])),
    assumptions: assumptionsOf(knobs),
  };
}

/** Whether the deployment came through: then there is nothing to confirm. */
const rolledForward = ({ result, rollout }: Run): boolean =>
  rollout === undefined ? result.status === 'UPDATE_COMPLETE' : rollout.outcome === 'promoted';

/** Every knob with its setting. */
const assumptionsOf = (knobs: Knobs): Assumption[] =>
  Object.entries(knobs).map(([knob, setting]) => ({ knob, setting: String(setting) }));

/** The settings that are not the default. */
export const unusualAssumptions = (knobs: Knobs): Assumption[] =>
  assumptionsOf(knobs).filter(({ knob, setting }) => String(DEFAULT_KNOBS[knob as keyof Knobs]) !== setting);

/** The challenger's percent of live traffic after each event. */
function challengerPercents(events: readonly WorldEvent[], run: Run): number[] {
  let percent = 0;
  return events.map(({ event, data }) => {
    if (event === 'TrafficShifted' && data['endpoint'] === run.endpoint) {
      const shares = data['shares'] as readonly { config: string; variant: string; percent: number }[];
      percent = shares
        .filter((share) => run.sideOf(share) === 'challenger')
        .reduce((sum, share) => sum + share.percent, 0);
    }
    return Math.round(percent * 100) / 100;
  });
}

/**
 * The rollback that ends the trouble: the one that is under way when it begins, for a fleet answers until it is taken out;
 * else the next one. A stack goes back after its endpoint has, and that is no second decision.
 */
function rollbackOf(events: readonly WorldEvent[], percents: readonly number[], onset: number): WorldEvent | undefined {
  const rollbacks = events.filter(({ event }) => event === 'RollbackStarted');
  const last = rollbacks.filter(({ at }) => at < onset).at(-1);
  const underWay = last !== undefined && (restoredAt(events, percents, last) ?? Infinity) >= onset;
  return underWay ? last : rollbacks.find(({ at }) => at >= onset);
}

/** When no caller reaches the challenger any more. */
function restoredAt(
  events: readonly WorldEvent[],
  percents: readonly number[],
  rollback: WorldEvent,
): number | undefined {
  const first = events.indexOf(rollback);
  const found = percents.findIndex((percent, i) => i >= first && percent === 0);
  return events[found]?.at;
}

const earliest = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

/** Whether the challenger is, at some time, so much slower than the champion that it does harm. */
function slower(scenario: Scenario): boolean {
  const times = [0, ...scenario.changes.map(({ atSeconds }) => atSeconds)];
  return times.some((time) => {
    const { champion, challenger } = behaviourAt(scenario, time);
    return challenger.latencyP99 > SLOW * champion.latencyP99;
  });
}

function servedConfig({ routing, sideOf }: Run): Outcome['servedConfig'] {
  const sides = new Set(
    routing.shares.map(({ fleet }) => sideOf({ config: fleet.endpointConfigName, variant: fleet.variantName })),
  );
  if (sides.size > 1) return 'mixed';
  return [...sides][0] ?? 'none';
}

function kindOf({ result, rollout }: Run, events: readonly WorldEvent[], served: Outcome['servedConfig']): OutcomeKind {
  if (rollout !== undefined) return rollout.outcome;
  if (served === 'challenger') return result.status === 'UPDATE_COMPLETE' ? 'promoted' : 'held';
  if (served !== 'champion') return 'held';
  return events.some(({ event }) => event === 'UpdateStarted') ? 'rolledBack' : 'failed';
}

function reasonOf(events: readonly WorldEvent[], { result, rollout }: Run): string {
  if (rollout !== undefined) return rollout.reason;
  const rollback = events.find(({ event, source }) => event === 'RollbackStarted' && source === 'sagemaker');
  const mixed = events.find(({ event }) => event === 'UpdateRollbackFailed');
  return rollback?.detail ?? mixed?.detail ?? result.reason ?? 'every bake passed, and the new config serves';
}

function strategyOf({ options, rollout }: Run): string {
  if (rollout !== undefined) return rollout.strategy;
  const resources = Object.values(options.challenger.template.Resources);
  const endpoint = resources.find(({ Type }) => Type === 'AWS::SageMaker::Endpoint');
  const { RollingUpdatePolicy: rolling, BlueGreenUpdatePolicy: blueGreen } =
    endpoint?.Properties?.['DeploymentConfig'] ?? {};
  if (rolling !== undefined) return 'rolling';
  const type: string | undefined = blueGreen?.TrafficRoutingConfiguration?.Type;
  return (type ?? 'ALL_AT_ONCE').toLowerCase().replaceAll('_', '-');
}

function verdictOf({ at, event, detail, data }: WorldEvent, seconds: (at: number) => number): VerdictEntry[] {
  const atSeconds = seconds(at);
  if (event === 'AlarmStateChanged' && data['to'] === 'ALARM') {
    return [{ atSeconds, by: String(data['alarm']), kind: 'fail', reason: detail }];
  }
  if (event === 'ExecutionEnded' && String(data['machine']).endsWith('-bake'))
    return bakeVerdict(data['output'], atSeconds);
  return event === 'BakingPassed' ? [{ atSeconds, by: 'bake', kind: 'pass', reason: detail }] : [];
}

/** What the gates of a phase have said in the end; what is no `pass` and no `fail` is undecided. */
function bakeVerdict(output: unknown, atSeconds: number): VerdictEntry[] {
  const { answer, reason } = (output ?? {}) as { answer?: unknown; reason?: unknown };
  const kind = answer === 'pass' || answer === 'fail' ? answer : 'hold';
  return answer === 'continue' ? [] : [{ atSeconds, by: 'gates', kind, reason: String(reason ?? 'no answer') }];
}
