import { Accumulator } from '../evidence/accumulator';
import { DifferenceTest, harmGrid } from '../evidence/difference-test';
import { OneSampleTest } from '../evidence/one-sample';
import { type Evidence, fail, hold, pass, type Verdict } from '../verdict';
import { priorOf } from './count-difference';
import { total } from './count-monitor';
import type { BlockTest } from './count-replay';
import { alone } from './exceedance';
import { ReplayMemory } from './memory';
import { type Columns, readSeries, readSettings, silence } from './read-series';
import { Reading } from './reading';
import type { SequentialOptions, SeriesData } from './series';
import { Tempering } from './tempering';

/**
 * Watches a model that has already been promoted, for harm that begins at any time: an e-detector, which healthy days
 * do not make slower. Against a champion holdback by `absoluteMargin`, or alone against `maximumShare`; exactly one of
 * them (docs/rules/watch.md). Its pass means "no sign of harm so far", which is all that a watch can say.
 */
export interface WatchRule extends Omit<SequentialOptions, 'alphaPromote'> {
  readonly kind: 'watch';
  /** Tolerated excess over the champion holdback, as a share. @default - no comparison */
  readonly absoluteMargin?: number;
  /** Largest tolerable share of events, 0-1, with no champion. @default - no ceiling */
  readonly maximumShare?: number;
}

/** A watch, block after block, through the e-detector. */
class WatchReplay {
  public readonly tempering: Tempering;
  public readonly sum: Accumulator;
  /** The highest that the detector has stood, and in which period. */
  public top = Number.NEGATIVE_INFINITY;
  public topAt = -1;
  private readonly test: BlockTest;
  private read = 0;

  constructor(columns: Columns, compared: boolean, limit: number) {
    const grid = harmGrid(compared ? limit : 0.005);
    this.test = compared
      ? new DifferenceTest(limit, 'harm', grid, priorOf(columns))
      : alone(new OneSampleTest(limit, 'harm', grid));
    this.tempering = new Tempering(columns);
    this.sum = new Accumulator(grid.length);
  }

  public goOn({ xb, nb, xa, na, length }: Columns): this {
    const { tempering, sum, test } = this;
    for (let i = this.read; i < length; i++) {
      tempering.next(xb[i], nb[i], xa[i], na[i]);
      sum.add(test.step(xb[i], nb[i], xa[i], na[i], tempering.harm));
      const { logM } = sum;
      if (logM > this.top) [this.top, this.topAt] = [logM, i];
    }
    this.read = length;
    return this;
  }
}

/** Judges whether harm has begun at some time of the watch. Past `horizonPeriods` the threshold grows with the time. */
export function judgeWatch(rule: WatchRule, data: SeriesData, memory = new ReplayMemory()): Verdict {
  const read = new Reading();
  const compared = rule.absoluteMargin !== undefined;
  if (compared === (rule.maximumShare !== undefined)) {
    read.problem('exactly one of absoluteMargin and maximumShare must be given');
  }
  const share = { min: 0, max: 1, above: true, below: true };
  const limit = compared
    ? read.number('absoluteMargin', rule.absoluteMargin, share)
    : read.number('maximumShare', rule.maximumShare, share);
  const settings = readSettings(read, { horizonPeriods: 4320, ...rule, alphaPromote: undefined });
  const columns = readSeries(read, data, { counts: true, compared });
  const about = { rule: 'watch', version: 1, [compared ? 'absoluteMargin' : 'maximumShare']: limit };
  if (!read.sound) return read.refusal(about);
  const threshold = Math.log(Math.max(settings.horizonPeriods, columns.length) / settings.alphaRollback);
  const begin = () => new WatchReplay(columns, compared, limit);
  const { tempering, sum, top, topAt } = memory.resume(rule, data, begin).goOn(columns);
  const evidence: Evidence = {
    ...about,
    alphaRollback: settings.alphaRollback,
    horizonPeriods: settings.horizonPeriods,
    periods: columns.length,
    challenger: total(columns.xb, columns.nb),
    champion: total(columns.xa, columns.na),
    logDetector: top,
    logDetectorAtPeriod: topAt,
    logDetectorThreshold: threshold,
    dispersion: tempering.applied,
    intraClassCorrelation: tempering.rho,
  };
  const percent = `${+(100 * limit).toFixed(3)} %`;
  const harm = compared ? `more than ${percent} above the champion holdback's` : `above ${percent}`;
  if (top >= threshold) return fail(`the rate has risen ${harm}`, evidence);
  const silent = silence(columns, settings);
  if (silent !== undefined) return hold(silent, evidence);
  // Evidence that is no number at one time stays none, and would not see what comes after.
  return sum.logM <= top ? pass('no sign of harm so far', evidence) : hold('the evidence cannot be read', evidence);
}
