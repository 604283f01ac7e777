import { harmGrid } from '../evidence/difference-test';
import { OneSampleTest, safeShares } from '../evidence/one-sample';
import { bernoulliConfidenceSequence } from '../intervals/sequence';
import type { Verdict } from '../verdict';
import { monitorCounts } from './count-monitor';
import type { BlockTest } from './count-replay';
import { ReplayMemory } from './memory';
import { type Columns, readSeries, readSettings } from './read-series';
import { Reading } from './reading';
import type { SequentialOptions, SeriesData } from './series';

/**
 * Holds the challenger's share of events under a fixed ceiling, with no champion in sight. "p99 at most 300 ms" is the
 * ceiling 0.01 on the share of requests slower than 300 ms: shares add over minutes, percentiles do not
 * (docs/rules/exceedance.md).
 */
export interface ExceedanceRule extends SequentialOptions {
  readonly kind: 'exceedance';
  /** Largest tolerable share of events, 0-1: 0.01 for a p99. */
  readonly maximumShare: number;
}

/** The one-sample test as a block test: the champion's part is not looked at. */
export function alone(test: OneSampleTest): BlockTest {
  return { step: (xb, nb, _xa, _na, phi) => test.step(xb, nb, phi) };
}

/** Interval for the challenger's share that holds at every look; sharpest around ten thousand requests. */
function interval({ xb, nb }: Columns, alpha: number): readonly number[] {
  const sum = (list: Float64Array) => list.reduce((all, value) => all + value, 0);
  return bernoulliConfidenceSequence({ successes: sum(xb), trials: sum(nb), alpha, tOpt: 10_000 });
}

/** Judges whether the challenger's share of events stays under the ceiling. */
export function judgeExceedance(rule: ExceedanceRule, data: SeriesData, memory = new ReplayMemory()): Verdict {
  const read = new Reading();
  const ceiling = read.number('maximumShare', rule.maximumShare, { min: 0, max: 1, above: true, below: true });
  const settings = readSettings(read, rule);
  const columns = readSeries(read, data, { counts: true, compared: false });
  const about = { rule: 'exceedance', version: 1, maximumShare: ceiling };
  if (!read.sound) return read.refusal(about);
  // Steps of half a point beyond the ceiling, as for a margin of that size.
  const grid = harmGrid(0.005);
  const percent = `${+(100 * ceiling).toFixed(3)} %`;
  return monitorCounts(
    { rule, data, memory, columns, settings },
    {
      harm: alone(new OneSampleTest(ceiling, 'harm', grid)),
      safe: alone(new OneSampleTest(ceiling, 'safe', safeShares)),
      alternatives: [grid.length, safeShares.length],
    },
    { worse: `the share of events is above ${percent}`, safe: `the share of events is below ${percent}` },
    { ...about, interval: interval(columns, settings.alphaRollback) },
  );
}
