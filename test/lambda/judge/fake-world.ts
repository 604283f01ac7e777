import type { JudgePorts, MetricSource, SeriesQuery } from '../../../lambda/judge/ports';

export const MINUTE = 60_000;
export const START = Date.parse('2026-01-05T00:00:00Z');

/** Value of one metric in one minute; undefined where CloudWatch has no datapoint. */
export type Tell = (metric: MetricSource, minute: number) => number | undefined;

/** Ports over a function, with everything that was saved and told kept for a look. */
export function fakePorts(tell: Tell, levels: Record<string, string> = {}, overrides: Partial<JudgePorts> = {}) {
  const saved: { key: unknown; evidence: unknown }[] = [];
  const told: unknown[] = [];
  const asked: SeriesQuery[][] = [];
  const ports: JudgePorts = {
    metrics: {
      async read(queries, window) {
        asked.push([...queries]);
        return queries.map(({ metrics, expression }) => {
          const series = new Map<number, number>();
          for (let at = Math.floor(window.from / MINUTE) * MINUTE; at < window.to; at += MINUTE) {
            const values = metrics.map((metric) => tell(metric, at));
            if (values.some((value) => value === undefined)) continue;
            const [first, second] = values as number[];
            // The only expression that these tests use is the difference of the first two metrics.
            series.set(at, expression === null ? first : first - second);
          }
          return series;
        });
      },
    },
    alarms: { levels: async (names) => new Map(names.flatMap((n) => (n in levels ? [[n, levels[n]] as const] : []))) },
    evidence: {
      async save(key, evidence) {
        saved.push({ key, evidence });
        return `item-${saved.length}`;
      },
    },
    tell: (facts) => told.push(facts),
    now: () => START + 72 * 60 * MINUTE,
    ...overrides,
  };
  return { ports, saved, told, asked };
}

/** A model as its endpoint's metrics show it: exact shares, so that a test needs no chance. */
export interface Model {
  /** Requests a minute. */
  readonly requests: number;
  readonly errorRate?: number;
  readonly slowRate?: number;
  readonly conversionRate?: number;
}

/** CloudWatch of two variants. The champion is `a`, the challenger is `b`. */
export function twoModels(models: {
  a: Model | ((minute: number) => Model);
  b: Model | ((minute: number) => Model);
}): Tell {
  return (metric, at) => {
    const name = metric.dimensions['VariantName'] as 'a' | 'b';
    const minute = (at - START) / MINUTE;
    const model = models[name];
    const {
      requests,
      errorRate = 0,
      slowRate = 0,
      conversionRate = 0,
    } = typeof model === 'function' ? model(minute) : model;
    // Spreads whole events over minutes so that any stretch of minutes has the exact share, give or take one.
    const events = (rate: number) => Math.floor((minute + 1) * requests * rate) - Math.floor(minute * requests * rate);
    // A business metric needs some noise to be believed: a few percent, different for each variant, no chance involved.
    const sway = 1 + (((Math.abs(minute) * (name === 'a' ? 7919 : 6101)) % 101) - 50) / 1000;
    if (requests === 0) return undefined;
    if (metric.metricName === 'Invocations') return requests;
    if (metric.metricName === 'Invocation5XXErrors') return events(errorRate);
    if (metric.metricName === 'InvocationModelErrors') return events(errorRate) + 3;
    if (metric.metricName === 'Invocation4XXErrors') return 3;
    if (metric.metricName === 'ModelLatency') return metric.statistic.startsWith('TC(') ? events(slowRate) : requests;
    if (metric.metricName === 'Conversions')
      return metric.statistic === 'SampleCount' ? requests : Math.round(requests * conversionRate * sway);
    return undefined;
  };
}
