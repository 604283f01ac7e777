import { hold, judge, type Verdict } from '../../decision';
import type { RatioSeries } from './collect-series';
import type { JudgeEvent, MetricGate } from './event';
import { minutesBetween, shareAt } from './periods';

const SETTLE_SECONDS = 120;
/** A variant that should have had this many requests in a minute, and is not heard of, had them: its metrics are missing. */
const PLAUSIBLE_NONE = 10;

/** Requests of each variant, read as a gate of its own: it compares two versions by looking at nothing but traffic. */
export function splitGate(event: JudgeEvent): MetricGate | undefined {
  const compares = event.phase === 'stage' && event.champion !== null && event.split === 'weights';
  if (!compares || !event.gates.some((gate) => gate.kind === 'metric' && gate.arms === 'both')) return undefined;
  const invocations = {
    metrics: [
      {
        id: 'm1',
        namespace: 'AWS/SageMaker',
        metricName: 'Invocations',
        dimensions: { EndpointName: event.endpoint },
        armDimensions: { VariantName: 'variant' as const },
        statistic: 'Sum',
      },
    ],
    expression: null,
  };
  return {
    kind: 'metric',
    id: 'trafficSplit',
    arms: 'both',
    read: { numerator: invocations, denominator: invocations },
    fallback: null,
    settleSeconds: SETTLE_SECONDS,
    rules: { stage: { kind: 'sampleRatio' } },
  };
}

/** Whether traffic is split as the weights say, since they last changed: comparing two arms means nothing otherwise. */
export function judgeSplit(challenger: RatioSeries, champion: RatioSeries | null, event: JudgeEvent): Verdict {
  const last = event.shares[event.shares.length - 1];
  const from = Math.max(event.startedAt, last.at);
  const share = shareAt(event.at, event.shares) / 100;
  if (!(share > 0 && share < 1)) return hold(`a split of ${share * 100} % cannot be compared`);
  const odds = share / (1 - share);
  const counts = { challenger: 0, champion: 0 };
  for (const start of minutesBetween(from, event.at, SETTLE_SECONDS, event.shares).starts) {
    const [b, a] = [challenger.denominator.get(start), champion?.denominator.get(start)];
    // SageMaker says nothing in a minute without requests. To leave those minutes out would make the share of whoever has
    // few look larger than it is; where there should have been many, silence is no count.
    if (b === undefined && !(a !== undefined && a * odds < PLAUSIBLE_NONE)) continue;
    if (a === undefined && !(b !== undefined && b / odds < PLAUSIBLE_NONE)) continue;
    counts.challenger += b ?? 0;
    counts.champion += a ?? 0;
  }
  return judge({ kind: 'sampleRatio', challengerShare: share }, counts);
}
