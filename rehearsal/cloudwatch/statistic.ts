import type { Histogram } from './histogram';

/**
 * A statistic of a period, parsed from its name. `undefined` means that CloudWatch would show no data point.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export interface Statistic {
  readonly name: string;
  /** 0-1 for a percentile, `undefined` for everything else. */
  readonly percentile?: number;
  /** Whether it needs a range of the samples: trimmed and winsorized statistics, and percentile ranks. */
  readonly trimmed: boolean;
  of(samples: Histogram): number | undefined;
}

/** A range of a trimmed statistic: by percentile (0-1) or by value; an open end is infinite. */
interface Bounds {
  readonly by: 'rank' | 'value';
  readonly lower: number;
  readonly upper: number;
}

type Kind = 'TM' | 'TC' | 'TS' | 'WM' | 'PR';

const NUMBER = String.raw`\d+(?:\.\d{1,10})?`;
const PERCENTILE = new RegExp(`^p(${NUMBER})$`);
const SHORT = new RegExp(`^(tm|tc|ts|wm)(${NUMBER})$`);
const RANGE = new RegExp(`^(TM|TC|TS|WM|PR)\\((-?${NUMBER}%?)?:(-?${NUMBER}%?)?\\)$`);

const SIMPLE: Readonly<Record<string, (samples: Histogram) => number | undefined>> = {
  SampleCount: (s) => s.sampleCount,
  Sum: (s) => s.sum,
  Average: (s) => s.sum / s.sampleCount,
  Minimum: (s) => s.minimum,
  Maximum: (s) => s.maximum,
  IQM: (s) => trimmed('TM', { by: 'rank', lower: 0.25, upper: 0.75 }, s),
};

const known = new Map<string, Statistic>();

/** Parses the name of a statistic (`Average`, `p99`, `TC(250000:)`, `tm99`, ...); `undefined` for an unknown one. */
// source: cloudwatch-statistics
export function parseStatistic(name: string): Statistic | undefined {
  const parsed = known.get(name) ?? parse(name);
  if (parsed !== undefined) known.set(name, parsed);
  return parsed;
}

function parse(name: string): Statistic | undefined {
  const simple = Object.hasOwn(SIMPLE, name) ? SIMPLE[name] : undefined;
  if (simple !== undefined) return { ...statistic(name, simple), trimmed: name === 'IQM' };
  const percentile = Number(PERCENTILE.exec(name)?.[1]) / 100;
  if (percentile >= 0 && percentile <= 1) {
    // The highest of the values that remain below it: the nearest rank.
    const of = (s: Histogram) => s.atRank(Math.max(1, ceilRank(percentile * s.sampleCount)));
    return { ...statistic(name, of), percentile };
  }
  const short = SHORT.exec(name);
  if (short !== null && Number(short[2]) <= 100) {
    const bounds: Bounds = { by: 'rank', lower: 0, upper: Number(short[2]) / 100 };
    return { ...statistic(name, (s) => trimmed(short[1].toUpperCase() as Kind, bounds, s)), trimmed: true };
  }
  const range = RANGE.exec(name);
  if (range === null) return undefined;
  const bounds = parseBounds(range[2], range[3]);
  const kind = range[1] as Kind;
  if (bounds === undefined || (kind === 'PR' && bounds.by === 'rank')) return undefined;
  return { ...statistic(name, (s) => trimmed(kind, bounds, s)), trimmed: true };
}

function statistic(name: string, of: (s: Histogram) => number | undefined): Statistic {
  const distribution = !Object.hasOwn(SIMPLE, name) || name === 'IQM';
  return {
    name,
    trimmed: false,
    // Statistics of the distribution are not available for a metric with negative samples.
    of: (s) => (s.sampleCount === 0 || (distribution && (s.minimum ?? 0) < 0) ? undefined : of(s)),
  };
}

function parseBounds(lower: string | undefined, upper: string | undefined): Bounds | undefined {
  if (lower === undefined && upper === undefined) return undefined;
  const percents = [lower, upper].filter((end) => end?.endsWith('%'));
  const given = [lower, upper].filter((end) => end !== undefined);
  if (percents.length !== 0 && percents.length !== given.length) return undefined;
  if (percents.length === 0) {
    const bounds: Bounds = {
      by: 'value',
      lower: lower === undefined ? Number.NEGATIVE_INFINITY : Number(lower),
      upper: upper === undefined ? Number.POSITIVE_INFINITY : Number(upper),
    };
    return bounds.lower < bounds.upper ? bounds : undefined;
  }
  const share = (end: string | undefined, open: number) => (end === undefined ? open : Number.parseFloat(end) / 100);
  const bounds: Bounds = { by: 'rank', lower: share(lower, 0), upper: share(upper, 1) };
  return bounds.lower >= 0 && bounds.upper <= 1 && bounds.lower < bounds.upper ? bounds : undefined;
}

/** Decimal percentages times counts end a hair above or below whole numbers: 0.07 * 100 is 7.000000000000001. */
const ceilRank = (rank: number): number => Math.ceil(rank - 1e-9 * Math.max(1, rank));
const floorRank = (rank: number): number => Math.floor(rank + 1e-9 * Math.max(1, rank));

function trimmed(kind: Kind, bounds: Bounds, s: Histogram): number | undefined {
  const below = bounds.by === 'rank' ? floorRank(bounds.lower * s.sampleCount) : undefined;
  const upTo = bounds.by === 'rank' ? ceilRank(bounds.upper * s.sampleCount) : undefined;
  const inside =
    below === undefined || upTo === undefined
      ? s.betweenValues(bounds.lower, bounds.upper)
      : s.betweenRanks(below, upTo);
  switch (kind) {
    case 'TC':
      return inside.count;
    case 'TS':
      return inside.sum;
    case 'TM':
      return inside.count === 0 ? undefined : inside.sum / inside.count;
    case 'PR':
      return (inside.count / s.sampleCount) * 100;
    case 'WM': {
      const lowest = below === undefined ? bounds.lower : (s.atRank(below + 1) ?? 0);
      const highest = upTo === undefined ? bounds.upper : (s.atRank(upTo) ?? 0);
      const under = below ?? s.betweenValues(Number.NEGATIVE_INFINITY, bounds.lower).count;
      const over = s.sampleCount - inside.count - under;
      const edges = (under > 0 ? under * lowest : 0) + (over > 0 ? over * highest : 0);
      return (inside.sum + edges) / s.sampleCount;
    }
  }
}
