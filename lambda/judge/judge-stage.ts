import {
  type AlarmLevel,
  allMustPass,
  hold,
  judge,
  type NamedVerdict,
  type TickAnswer,
  tickAnswer,
  type Verdict,
} from '../../decision';
import { collectSeries, type GateSeries } from './collect-series';
import { type AlarmGate, type JudgeEvent, type MetricGate, readEvent } from './event';
import { judgeMetric, ruleOf } from './judge-metric';
import { judgeSplit, splitGate } from './judge-split';
import type { JudgePorts } from './ports';
import { GateMemories } from './remember-gates';

/** The clock of the tick may be ahead of ours by this much before it is refused. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Asks every metric gate and the level of every alarm of a stage. Whatever goes wrong is a `hold` that says what. */
export const judgeStage =
  (ports: JudgePorts, memories = new GateMemories()) =>
  async (input: unknown): Promise<TickAnswer> => {
    const judged = await judgeTick(ports, memories, input);
    ports.tell({ ...judged });
    return judged;
  };

async function judgeTick(ports: JudgePorts, memories: GateMemories, input: unknown): Promise<TickAnswer> {
  const event = readEvent(input);
  if (typeof event === 'string') return tickAnswer(hold(event), [], null);
  if (!(event.at <= ports.now() + CLOCK_SKEW_MS)) {
    return tickAnswer(hold(`the tick is dated ${iso(event.at)}, our clock says ${iso(ports.now())}`), [], null);
  }
  const split = splitGate(event);
  const metricGates = event.gates.filter((gate) => gate.kind === 'metric');
  const asking = [...asked(event, metricGates), ...(split === undefined ? [] : [split])];
  const alarmGates = event.gates.filter((gate) => gate.kind === 'alarm');
  const [levels, series] = await Promise.all([
    attempt('the alarms could not be read', () => ports.alarms.levels(alarmNames(event, alarmGates))),
    attempt('the metrics could not be read', () => collectSeries(event, asking, ports.metrics)),
  ]);
  const outage = sharedOutage(event, levels);
  const verdicts = [
    ...ownAlarms(event, levels),
    ...alarmGates.map((gate) => ({ name: gate.id, verdict: alarmVerdict(gate.alarms, levels) })),
    ...asking.map((gate) => ({ name: gate.id, verdict: metricVerdict(gate, series, event, memories) })),
  ].map((named) => (outage ? excused(event, named) : named));
  const whole = allMustPass(verdicts);
  return record(ports, event, whole, verdicts, outage);
}

/** What a port gave, or why it gave nothing, in a sentence. */
type Attempt<T> = { readonly value: T } | { readonly problem: string };

async function attempt<T>(problem: string, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { problem: `${problem}: ${inWords(error)}` };
  }
}

function alarmNames(event: JudgeEvent, gates: readonly AlarmGate[]): string[] {
  const { challenger, champion } = event.alarms;
  return [...new Set([...challenger, ...champion, ...gates.flatMap((gate) => gate.alarms)])];
}

const asked = (event: JudgeEvent, gates: readonly MetricGate[]): MetricGate[] =>
  gates.filter((gate) => ruleOf(gate, event) !== undefined);

/** The challenger's rollback alarms are a gate of their own. The champion's only tell a shared outage. */
function ownAlarms({ alarms }: JudgeEvent, levels: Attempt<ReadonlyMap<string, string>>): NamedVerdict[] {
  return alarms.challenger.length === 0 ? [] : [{ name: 'alarms', verdict: alarmVerdict(alarms.challenger, levels) }];
}

function alarmVerdict(names: readonly string[], levels: Attempt<ReadonlyMap<string, string>>): Verdict {
  if ('problem' in levels) return hold(levels.problem);
  const found: AlarmLevel[] = names.flatMap((name) => {
    const state = levels.value.get(name);
    return state === undefined ? [] : { name, state };
  });
  return judge({ kind: 'alarm', alarms: names }, { alarms: found });
}

function metricVerdict(
  gate: MetricGate,
  series: Attempt<ReadonlyMap<string, GateSeries>>,
  event: JudgeEvent,
  memories: GateMemories,
): Verdict {
  if ('problem' in series) return hold(series.problem);
  const rule = ruleOf(gate, event);
  const own = series.value.get(gate.id);
  if (rule === undefined || own === undefined) return hold('the gate was not read');
  return rule.kind === 'sampleRatio'
    ? judgeSplit(own.challenger, own.champion, event)
    : judgeMetric(gate, rule, own, event, memories.of(`${event.rollout} ${gate.id}`));
}

function sharedOutage({ alarms }: JudgeEvent, levels: Attempt<ReadonlyMap<string, string>>): boolean {
  if ('problem' in levels) return false;
  const rings = (names: readonly string[]) => names.some((name) => levels.value.get(name) === 'ALARM');
  return rings(alarms.challenger) && rings(alarms.champion);
}

/**
 * In a shared outage an alarm or a fixed limit says that something is wrong, not that the challenger is to blame: its
 * `fail` becomes `hold`. A gate that compares both versions may still say so: the outage hits both of its sides.
 */
function excused(event: JudgeEvent, { name, verdict }: NamedVerdict): NamedVerdict {
  const gate = event.gates.find(({ id }) => id === name);
  const compares = gate?.kind === 'metric' && gate.arms === 'both' && event.champion !== null;
  if (verdict.kind !== 'fail' || compares) return { name, verdict };
  return {
    name,
    verdict: hold(`shared outage, both versions' alarms are in ALARM: ${verdict.reason}`, verdict.evidence),
  };
}

async function record(
  ports: JudgePorts,
  event: JudgeEvent,
  whole: Verdict,
  verdicts: readonly NamedVerdict[],
  outage: boolean,
): Promise<TickAnswer> {
  const { endpoint, rollout, stage, at } = event;
  const key = { endpoint, rollout, stage, at, by: 'judge' };
  const kept = await attempt('the evidence could not be recorded', () =>
    ports.evidence.save(key, { schemaVersion: 1, event, sharedOutage: outage, verdict: whole }),
  );
  if ('value' in kept) return tickAnswer(whole, verdicts, kept.value, outage);
  // A verdict that nobody can look up later promotes nothing; a rollback does not wait for paperwork.
  const judged = whole.kind === 'pass' ? hold(kept.problem) : { ...whole, reason: `${whole.reason}; ${kept.problem}` };
  return tickAnswer(judged, verdicts, null, outage);
}

const iso = (time: number): string => new Date(time).toISOString();
const inWords = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'an unknown failure';
