import { hold, judge, type Rule, type RuleData, type SeriesData, type Verdict } from '../../decision';
import type { GateSeries, RatioSeries } from './collect-series';
import type { JudgeEvent, MetricGate } from './event';
import { minutesBetween } from './periods';

const PERIOD_SECONDS = 60;

/** The rule that judges a gate in this phase; undefined when the gate has nothing to say in it. */
export function ruleOf(gate: MetricGate, event: JudgeEvent): Rule | undefined {
  const { stage, watch, holdback } = gate.rules;
  if (event.phase === 'stage') return stage as Rule | undefined;
  if (event.phase !== 'watch') return undefined;
  return (event.champion === null ? watch : (holdback ?? watch)) as Rule | undefined;
}

/** Judges one gate on the series that were read for it. */
export function judgeMetric(gate: MetricGate, rule: Rule, series: GateSeries, event: JudgeEvent): Verdict {
  if (gate.arms === 'both' && event.phase === 'stage' && event.champion === null) {
    return hold('the gate compares two versions, and the event names no champion');
  }
  const { data, excluded, oneSided } = seriesData(gate, series, event);
  const horizonPeriods = Math.max(1, Math.round((event.endsAt - event.startedAt) / (PERIOD_SECONDS * 1000)));
  const verdict = believable(judge({ horizonPeriods, ...rule } as never, data as RuleData), oneSided, data);
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
  const arms = periods.flatMap(({ challenger, champion }) => [challenger, champion]).filter((arm) => arm !== null);
  const minutes = arms.length + oneSided;
  if (verdict.kind !== 'pass' || oneSided <= HALF_PAIRS * minutes) return verdict;
  const reason = `in ${oneSided} of ${minutes} minutes only one of the two series that make a rate has data: publish zeros too`;
  return hold(reason, verdict.evidence);
}

/** The minutes that count, as the rules want them: an arm that said nothing in a minute is null, never zero. */
export function seriesData(gate: MetricGate, series: GateSeries, event: JudgeEvent) {
  const { starts, excluded } = minutesBetween(event.startedAt, event.at, gate.settleSeconds, event.shares);
  let oneSided = 0;
  const armAt = (ratio: RatioSeries | null, start: number) => {
    const sum = ratio?.numerator.get(start);
    const count = ratio?.denominator.get(start);
    if ((sum === undefined) !== (count === undefined)) oneSided += 1;
    // A numerator without its denominator, or the other way round, is no information.
    return sum === undefined || count === undefined ? null : { sum, count };
  };
  const periods = starts.map((start) => ({
    start: start / 1000,
    challenger: armAt(series.challenger, start),
    champion: armAt(series.champion, start),
  }));
  const before = event.baselineFrom === null ? [] : minutesBetween(event.baselineFrom, event.startedAt, 0, []).starts;
  const baseline = before.flatMap((start) => armAt(series.champion, start) ?? []);
  const settled = Math.floor((event.at / 1000 - gate.settleSeconds) / PERIOD_SECONDS) * PERIOD_SECONDS;
  const data: SeriesData = {
    periodSeconds: PERIOD_SECONDS,
    asOf: settled,
    periods: periods.filter(({ challenger, champion }) => challenger !== null || champion !== null),
    ...(baseline.length === 0 ? {} : { baseline }),
  };
  return { data, excluded, oneSided };
}
