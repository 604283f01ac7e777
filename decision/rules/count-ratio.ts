import { safeFractions } from '../evidence/difference-test';
import { RatioTest, ratioHarmGrid } from '../evidence/ratio-test';
import type { Verdict } from '../verdict';
import { monitorCounts } from './count-monitor';
import { ReplayMemory } from './memory';
import { readSeries, readSettings } from './read-series';
import { Reading } from './reading';
import { robustInterval } from './robust';
import type { SequentialOptions, SeriesData } from './series';

/**
 * Compares two shares of events by their ratio, such as conversions among sessions: the challenger may lose
 * `relativeMargin` of the champion's rate (docs/rules/count-ratio.md).
 */
export interface CountRatioRule extends SequentialOptions {
  readonly kind: 'countRatio';
  /** Tolerated relative loss: 0.02 is "at least 98 % of the champion", or at most 102 % where low is good. */
  readonly relativeMargin: number;
  /** Which way is good. */
  readonly direction: 'higherIsBetter' | 'lowerIsBetter';
}

/** Judges whether the challenger keeps its share of events within a relative margin. */
export function judgeCountRatio(rule: CountRatioRule, data: SeriesData, memory = new ReplayMemory()): Verdict {
  const read = new Reading();
  const margin = read.number('relativeMargin', rule.relativeMargin, { min: 0, max: 1, above: true, below: true });
  const direction = read.word('direction', rule.direction, ['higherIsBetter', 'lowerIsBetter']);
  const settings = readSettings(read, rule);
  const columns = readSeries(read, data, { counts: true, compared: true });
  const about = { rule: 'countRatio', version: 1, relativeMargin: margin, direction: direction ?? null };
  if (!read.sound) return read.refusal(about);
  const high = direction === 'higherIsBetter';
  const bad = high ? -1 : 1;
  const sum = (list: readonly number[]) => list.reduce((all, value) => all + value, 0);
  const prior = {
    errors: sum(columns.baseline.map((arm) => arm.sum)),
    requests: sum(columns.baseline.map((arm) => arm.count)),
  };
  const harmGrid = ratioHarmGrid(margin);
  const safeGrid = safeFractions.map((f) => margin * (1 - f));
  const percent = `${+(100 * margin).toFixed(3)} %`;
  return monitorCounts(
    { rule, data, memory, columns, settings },
    {
      harm: new RatioTest(margin, high ? 'harmLow' : 'harmHigh', harmGrid, prior),
      safe: new RatioTest(margin, high ? 'safeHigh' : 'safeLow', safeGrid, prior),
      alternatives: [harmGrid.length, safeGrid.length],
      robust: (alphas) => {
        const { xb, nb, xa, na } = columns;
        const contrast = { sumB: xb, countB: nb, sumA: xa, countA: na, c: 1 + bad * margin };
        const plain = robustInterval(contrast, alphas, settings.horizonPeriods);
        return { ...plain, mean: bad * plain.mean };
      },
    },
    {
      worse: `the challenger's rate is worse than the champion's by more than ${percent}`,
      safe: `the challenger's rate is within ${percent} of the champion's, or better`,
    },
    about,
  );
}
