import { hold, judge, type Rule, type RuleData, type SeriesData, type Verdict } from '../../decision';
import type { GateSeries, RatioSeries } from './collect-series';
import type { JudgeEvent, MetricGate } from './event';
import { minutesBetween } from './periods';
import { GateMemory } from './remember-gates';

const PERIOD_SECONDS = 60;

/** The rule that judges a gate in this phase; undefined when the gate has nothing to say in it. */
export function ruleOf(gate: MetricGate, event: JudgeEvent): Rule | undefined {
  const { stage, watch, holdback } = gate.rules;
  if (event.phase === 'stage') return stage as Rule | undefined;
  if (event.phase !== 'watch') return undefined;
  return (event.champion === null ? watch : (holdback ?? watch)) as Rule | undefined;
}

/** Judges one gate on the series that were read for it. */
export function judgeMetric(
  gate: MetricGate,
  rule: Rule,
  series: GateSeries,
  event: JudgeEvent,
  memory = new GateMemory(),
): Verdict {
  if (gate.arms === 'both' && event.phase === 'stage' && event.champion === null) {
    return hold('the gate compares two versions, and the event names no champion');
  }
  const { data, excluded, oneSided } = seriesData(gate, series, event, memory);
  const horizonPeriods = Math.max(1, Math.round((event.endsAt - event.startedAt) / (PERIOD_SECONDS * 1000)));
  const judged = judge({ horizonPeriods, ...rule } as never, data as RuleData, memory.replay);
  const verdict = believable(judged, oneSided, data);
  return {
    ...verdict,
    evidence: {
      ...verdict.evidence,
      reading: {
        from: new Date(event.startedAt).toISOString(),
        to: new Date(event.at).toISOString(),
        settleSeconds: gate.settleSeconds,
        excludedMinutes: excluded,
        minutesWithHalfOfAPair: oneSided,
        usedFallback: series.usedFallback,
      },
    },
  };
}

/** Share of minutes in which one of an arm's two series may be missing. */
const HALF_PAIRS = 0.01;

/**
 * A metric that is only published when something happens has no minutes without events: the quiet ones are left out,
 * and the arm with less traffic looks better than it is. Then nothing passes.
 */
function believable(verdict: Verdict, oneSided: number, { periods }: SeriesData): Verdict {
  if (verdict.kind !== 'pass' || oneSided === 0) return verdict;
  const arms = periods.flatMap(({ challenger, champion }) => [challenger, champion]).filter((arm) => arm !== null);
  const minutes = arms.length + oneSided;
  if (oneSided <= HALF_PAIRS * minutes) return verdict;
  const reason = `in ${oneSided} of ${minutes} minutes only one of the two series that make a rate has data: publish zeros too`;
  return hold(reason, verdict.evidence);
}

/** The minutes that count, as the rules want them: an arm that said nothing in a minute is null, never zero. */
export function seriesData(gate: MetricGate, series: GateSeries, event: JudgeEvent, memory = new GateMemory()) {
  const { startedAt, at, baselineFrom, shares } = event;
  const { starts, excluded } = minutesBetween(startedAt, at, gate.settleSeconds, shares);
  const { challenger, champion, usedFallback } = series;
  const about = JSON.stringify([gate, event.challenger, event.champion, startedAt, baselineFrom, shares, usedFallback]);
  const minutes = memory.minutesOf(about, starts, at, (start) => {
    const [b, a] = [armAt(challenger, start), armAt(champion, start)];
    return { start: start / 1000, challenger: b.arm, champion: a.arm, halves: b.half + a.half };
  });
  const baseline = memory.baselineOf(startedAt, at, () => {
    const before = baselineFrom === null ? [] : minutesBetween(baselineFrom, startedAt, 0, []).starts;
    const arms = before.map((start) => armAt(champion, start));
    return { arms: arms.flatMap(({ arm }) => arm ?? []), halves: arms.reduce((all, { half }) => all + half, 0) };
  });
  const settled = Math.floor((at / 1000 - gate.settleSeconds) / PERIOD_SECONDS) * PERIOD_SECONDS;
  const data: SeriesData = {
    periodSeconds: PERIOD_SECONDS,
    asOf: settled,
    periods: minutes.filter((minute) => minute.challenger !== null || minute.champion !== null),
    ...(baseline.arms.length === 0 ? {} : { baseline: baseline.arms }),
  };
  return { data, excluded, oneSided: minutes.reduce((all, { halves }) => all + halves, baseline.halves) };
}

/** A numerator without its denominator, or the other way round, is no information, but it is counted. */
function armAt(ratio: RatioSeries | null, start: number) {
  const events = ratio?.numerator.get(start);
  const count = ratio?.denominator.get(start);
  return events === undefined || count === undefined
    ? { arm: null, half: (events === undefined) !== (count === undefined) ? 1 : 0 }
    : { arm: { sum: events, count }, half: 0 };
}
