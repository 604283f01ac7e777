import type { Arm, ArmSeries, JudgeEvent, MetricGate, Ratio } from './event';
import type { JudgePorts, Series, SeriesQuery } from './ports';

/** One arm's two series of a gate: what is counted, and out of how many. */
export interface RatioSeries {
  readonly numerator: Series;
  readonly denominator: Series;
}

/** What was read for one gate; `champion` is null where the gate or the stage has no control arm. */
export interface GateSeries {
  readonly challenger: RatioSeries;
  readonly champion: RatioSeries | null;
  readonly usedFallback: boolean;
}

const PERIOD_SECONDS = 60;

/** Reads what every gate needs, each series once, in as few calls as CloudWatch's limits allow. */
export async function collectSeries(
  event: JudgeEvent,
  gates: readonly MetricGate[],
  metrics: JudgePorts['metrics'],
): Promise<ReadonlyMap<string, GateSeries>> {
  const queries = new Map<string, SeriesQuery>();
  for (const gate of gates) {
    for (const arm of armsOf(event, gate)) {
      for (const ratio of gate.fallback === null ? [gate.read] : [gate.read, gate.fallback]) {
        for (const series of [ratio.numerator, ratio.denominator]) {
          const query = forArm(series, arm);
          queries.set(JSON.stringify(query), query);
        }
      }
    }
  }
  const window = { from: event.baselineFrom ?? event.startedAt, to: event.at, periodSeconds: PERIOD_SECONDS };
  const wanted = [...queries.values()];
  const read = wanted.length === 0 ? [] : await metrics.read(wanted, window);
  const found = new Map([...queries.keys()].map((key, i) => [key, read[i]]));
  const seriesOf = (series: ArmSeries, arm: Arm): Series => found.get(JSON.stringify(forArm(series, arm))) ?? new Map();
  const ratioOf = (ratio: Ratio, arm: Arm) => ({
    numerator: seriesOf(ratio.numerator, arm),
    denominator: seriesOf(ratio.denominator, arm),
  });
  return new Map(gates.map((gate) => [gate.id, choose(event, gate, ratioOf)]));
}

/** The fallback steps in for both arms together: numbers of two different sources cannot be compared. */
function choose(event: JudgeEvent, gate: MetricGate, ratioOf: (ratio: Ratio, arm: Arm) => RatioSeries): GateSeries {
  const arms = armsOf(event, gate);
  const by = (ratio: Ratio): readonly RatioSeries[] => arms.map((arm) => ratioOf(ratio, arm));
  const first = by(gate.read);
  const empty = first.some(({ numerator, denominator }) => numerator.size === 0 && denominator.size > 0);
  const usedFallback = empty && gate.fallback !== null;
  const [challenger, champion = null] = usedFallback && gate.fallback !== null ? by(gate.fallback) : first;
  return { challenger, champion, usedFallback };
}

function armsOf(event: JudgeEvent, gate: MetricGate): readonly Arm[] {
  return gate.arms === 'both' && event.champion !== null ? [event.challenger, event.champion] : [event.challenger];
}

/** A series with the dimensions of one arm. An arm without a config name cannot be read by fleet. */
function forArm(series: ArmSeries, arm: Arm): SeriesQuery {
  const metrics = series.metrics.map(({ armDimensions, ...metric }) => {
    const own = Object.entries(armDimensions).map(([name, property]) => {
      const value = arm[property];
      if (value === null)
        throw new Error(`dimension ${name} needs the arm's ${property}, which the event does not name`);
      return [name, value] as const;
    });
    return { ...metric, dimensions: { ...metric.dimensions, ...Object.fromEntries(own) } };
  });
  return { metrics, expression: series.expression };
}
