import { DifferenceTest, harmGrid, safeFractions, weakPrior } from '../evidence/difference-test';
import { newcombeCi } from '../intervals/difference';
import type { Verdict } from '../verdict';
import { monitorCounts } from './count-monitor';
import { ReplayMemory } from './memory';
import { type Columns, readSeries, readSettings } from './read-series';
import { Reading } from './reading';
import { robustInterval } from './robust';
import type { SequentialOptions, SeriesData } from './series';

/**
 * Compares two shares of events, such as errors among requests: the challenger's may exceed the champion's by
 * `absoluteMargin`. Both sides are hybrid block e-processes, valid at every look (docs/rules/count-difference.md).
 */
export interface CountDifferenceRule extends SequentialOptions {
  readonly kind: 'countDifference';
  /** Tolerated excess, as a share: 0.005 is half a percentage point. */
  readonly absoluteMargin: number;
}

/** The champion's history as the first belief, worth at most 5,000 requests so that the stage can correct it. */
export function priorOf({ baseline }: Pick<Columns, 'baseline'>): {
  readonly errors: number;
  readonly requests: number;
} {
  const requests = baseline.reduce((sum, { count }) => sum + count, 0);
  const errors = baseline.reduce((sum, { sum: events }) => sum + events, 0);
  const weight = Math.min(1, 5000 / requests);
  return { errors: weakPrior.errors + errors * weight, requests: weakPrior.requests + requests * weight };
}

/** Judges whether the challenger's share of events is within the margin of the champion's. */
export function judgeCountDifference(
  rule: CountDifferenceRule,
  data: SeriesData,
  memory = new ReplayMemory(),
): Verdict {
  const read = new Reading();
  const margin = read.number('absoluteMargin', rule.absoluteMargin, { min: 0, max: 1, above: true, below: true });
  const settings = readSettings(read, rule);
  const columns = readSeries(read, data, { counts: true, compared: true });
  const about = { rule: 'countDifference', version: 1, absoluteMargin: margin };
  if (!read.sound) return read.refusal(about);
  const prior = priorOf(columns);
  const grid = harmGrid(margin);
  const sum = (list: Float64Array) => list.reduce((all, value) => all + value, 0);
  const counts = { xb: sum(columns.xb), nb: sum(columns.nb), xa: sum(columns.xa), na: sum(columns.na) };
  const seen = counts.nb > 0 && counts.na > 0;
  const points = (value: number) => `${+(100 * value).toFixed(3)} %`;
  const rates = `${points(counts.xb / counts.nb)} against ${points(counts.xa / counts.na)}`;
  return monitorCounts(
    { rule, data, memory, columns, settings },
    {
      harm: new DifferenceTest(margin, 'harm', grid, prior),
      safe: new DifferenceTest(margin, 'safe', safeFractions, prior),
      alternatives: [grid.length, safeFractions.length],
      robust: (alphas) => {
        const { xb, nb, xa, na } = columns;
        const plain = robustInterval(
          { sumB: xb, countB: nb, sumA: xa, countA: na, c: 1 },
          alphas,
          settings.horizonPeriods,
        );
        return { ...plain, mean: plain.mean - margin };
      },
    },
    {
      worse: `the challenger's rate is more than ${points(margin)} above the champion's: ${rates}`,
      safe: `the challenger's rate is less than ${points(margin)} above the champion's: ${rates}`,
    },
    { ...about, interval95: seen ? newcombeCi({ ...counts, conf: 0.95 }) : null },
  );
}
