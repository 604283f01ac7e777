import { Accumulator } from '../evidence/accumulator';
import { DifferenceTest, harmGrid } from '../evidence/difference-test';
import { OneSampleTest } from '../evidence/one-sample';
import { type Evidence, fail, hold, pass, type Verdict } from '../verdict';
import { priorOf } from './count-difference';
import { total } from './count-monitor';
import { alone } from './exceedance';
import { readSeries, readSettings, silence } from './read-series';
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

/** Judges whether harm has begun at some time of the watch. Past `horizonPeriods` the threshold grows with the time. */
export function judgeWatch(rule: WatchRule, data: SeriesData): Verdict {
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
  const grid = harmGrid(compared ? limit : 0.005);
  const test = compared
    ? new DifferenceTest(limit, 'harm', grid, priorOf(columns))
    : alone(new OneSampleTest(limit, 'harm', grid));
  const tempering = new Tempering(columns);
  const sum = new Accumulator(grid.length);
  const threshold = Math.log(Math.max(settings.horizonPeriods, columns.length) / settings.alphaRollback);
  let top = Number.NEGATIVE_INFINITY;
  let topAt = -1;
  for (let i = 0; i < columns.length; i++) {
    const [xb, nb, xa, na] = [columns.xb[i], columns.nb[i], columns.xa[i], columns.na[i]];
    tempering.next(xb, nb, xa, na);
    sum.add(test.step(xb, nb, xa, na, tempering.harm));
    if (sum.logM > top) [top, topAt] = [sum.logM, i];
  }
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
