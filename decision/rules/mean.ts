import { type Evidence, fail, hold, pass, type Verdict } from '../verdict';
import { total } from './count-monitor';
import { readSeries, readSettings, silence } from './read-series';
import { Reading } from './reading';
import { type Contrast, robustInterval } from './robust';
import type { SequentialOptions, SeriesData } from './series';

/**
 * Compares two means, such as revenue a session, from Sum and SampleCount a period: a cluster-robust confidence sequence
 * for the contrast of the arms, paired by period, so that what both arms share cancels (docs/rules/mean.md). One of
 * the margins must be given.
 */
export interface MeanRule extends SequentialOptions {
  readonly kind: 'mean';
  /** Tolerated relative loss: 0.02 is "at least 98 % of the champion". @default - no relative margin */
  readonly relativeMargin?: number;
  /** Tolerated loss in the metric's own unit. @default - no absolute margin */
  readonly absoluteMargin?: number;
  /** Which way is good. */
  readonly direction: 'higherIsBetter' | 'lowerIsBetter';
  /** Periods of the recent window that is judged besides the whole stage, so that late harm is seen. @default 240 */
  readonly windowPeriods?: number;
}

/** Judges whether the challenger's mean is within its margin of the champion's. */
export function judgeMean(rule: MeanRule, data: SeriesData): Verdict {
  const read = new Reading();
  const relative = rule.relativeMargin !== undefined;
  if (relative === (rule.absoluteMargin !== undefined)) {
    read.problem('exactly one of relativeMargin and absoluteMargin must be given');
  }
  const margin = relative
    ? read.number('relativeMargin', rule.relativeMargin, { min: 0, max: 1, above: true, below: true })
    : read.number('absoluteMargin', rule.absoluteMargin, { min: 0, max: 1e12, above: true });
  const direction = read.word('direction', rule.direction, ['higherIsBetter', 'lowerIsBetter']);
  const window = read.number('windowPeriods', rule.windowPeriods, { min: 20, max: 1e6, integer: true }, 240);
  const settings = readSettings(read, rule);
  const columns = readSeries(read, data, { counts: false, compared: true });
  const about = {
    rule: 'mean',
    version: 1,
    [relative ? 'relativeMargin' : 'absoluteMargin']: margin,
    direction: direction ?? null,
    windowPeriods: window,
  };
  if (!read.sound) return read.refusal(about);
  const [challenger, champion] = [total(columns.xb, columns.nb), total(columns.xa, columns.na)];
  const base: Evidence = { ...about, ...settings, periods: columns.length, challenger, champion };
  if (relative && !((champion['sum'] as number) > 0)) {
    return hold(silence(columns, settings) ?? 'a relative margin needs a positive mean of the champion', base);
  }
  // good - c champion + slack: above 0 is tolerable, in whichever direction the metric is good
  const good = direction === 'higherIsBetter' ? 1 : -1;
  const c = relative ? 1 - good * margin : 1;
  const slack = relative ? 0 : margin;
  const contrast = (from: number): Contrast => ({
    sumB: columns.xb.subarray(from),
    countB: columns.nb.subarray(from),
    sumA: columns.xa.subarray(from),
    countA: columns.na.subarray(from),
    c,
  });
  // Half of alpha for the whole stage, half shared by the windows that fit into it.
  const windows = Math.max(1, Math.ceil(Math.max(settings.horizonPeriods, columns.length) / window));
  const alphas = [settings.alphaRollback / 2, settings.alphaPromote];
  const whole = robustInterval(contrast(0), alphas, settings.horizonPeriods);
  const start = Math.floor(Math.max(0, columns.length - 1) / window) * window;
  const recent = robustInterval(contrast(start), [settings.alphaRollback / 2 / windows], window);
  const centre = good * whole.mean + slack;
  const now = good * recent.mean + slack;
  const evidence: Evidence = {
    ...base,
    method: 'cluster-robust confidence sequence',
    stage: { ...whole, mean: centre, radius: [...whole.radius] },
    window: { ...recent, mean: now, radius: [...recent.radius], fromPeriod: start },
  };
  if (whole.sound && centre + whole.radius[0] < 0)
    return fail('the challenger is worse than the margin allows', evidence);
  if (recent.sound && now + recent.radius[0] < 0) {
    return fail('the challenger has become worse than the margin allows', evidence);
  }
  const silent = silence(columns, settings);
  if (silent !== undefined) return hold(silent, evidence);
  if (!whole.sound) {
    return hold(
      whole.batches < 20
        ? `${whole.batches} periods with data of both arms are too few for an interval`
        : 'neighbouring periods depend on each other too much for an interval',
      evidence,
    );
  }
  if (centre - whole.radius[1] > 0) return pass('the challenger is within its margin', evidence);
  return hold(`not decided after ${columns.length} periods`, evidence);
}
