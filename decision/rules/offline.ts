import { adjustP } from '../evidence/multiplicity';
import { type Evidence, fail, hold, pass, type Verdict } from '../verdict';
import { type OfflineSlice, readSlice, type SliceTest } from './offline-slice';
import { Reading, shown } from './reading';

/**
 * Compares a metric of two evaluation reports, over all examples and slice by slice: the challenger may lose
 * `absoluteMargin`. Every slice must show that it loses less; one slice that loses more, after Holm's correction for
 * their number, fails (docs/rules/offline.md).
 */
export interface OfflineRule {
  readonly kind: 'offline';
  /** What is compared, for the reason: `accuracy`, `rmse`. */
  readonly metric: string;
  /** Tolerated loss, in the metric's own unit. */
  readonly absoluteMargin: number;
  /** Which way is good. */
  readonly direction: 'higherIsBetter' | 'lowerIsBetter';
  /** Slices that must be in the reports, by name. @default ['all'] */
  readonly slices?: readonly string[];
  /** Chance of a wrong verdict on either side; one look. @default 0.05 */
  readonly alpha?: number;
  /**
   * What to make of a report without standard errors and without numbers of examples: `required` holds, `ignored`
   * compares the bare values.
   *
   * @default 'required'
   */
  readonly uncertainty?: 'required' | 'ignored';
}

/** The metric of both reports, slice by slice. */
export interface OfflineData {
  readonly slices: readonly OfflineSlice[];
}

/** Judges whether the challenger is good enough in every slice. */
export function judgeOffline(rule: OfflineRule, data: OfflineData): Verdict {
  const read = new Reading();
  const margin = read.number('absoluteMargin', rule.absoluteMargin, { min: 0, max: 1e12 });
  const direction = read.word('direction', rule.direction, ['higherIsBetter', 'lowerIsBetter']);
  const uncertainty = read.word('uncertainty', rule.uncertainty, ['required', 'ignored'], 'required');
  const alpha = read.number('alpha', rule.alpha, { min: 0, max: 0.5, above: true, below: true }, 0.05);
  if (typeof rule.metric !== 'string' || rule.metric === '')
    read.problem(`metric must be a name, got ${shown(rule.metric)}`);
  const names = rule.slices === undefined ? ['all'] : read.list('slices', rule.slices, 1, 1000);
  const found = read
    .list('data.slices', data.slices, 0, 10_000)
    .map((slice, i) => read.record(`data.slices[${i}]`, slice));
  const good = direction === 'higherIsBetter' ? 1 : -1;
  const tests: SliceTest[] = [];
  for (const name of names) {
    const matching = found.filter((slice) => slice['name'] === name);
    if (typeof name !== 'string') read.problem(`slices must be names, got ${shown(name)}`);
    else if (matching.length !== 1)
      read.problem(`slice ${name} must be in the reports once, found ${matching.length} times`);
    else tests.push(readSlice(read, matching[0], name, margin, good, uncertainty === 'ignored'));
  }
  const about: Evidence = {
    rule: 'offline',
    version: 1,
    metric: typeof rule.metric === 'string' ? rule.metric : null,
    absoluteMargin: margin,
    alpha,
  };
  if (!read.sound) return read.refusal({ ...about, slices: tests.map((test) => ({ ...test })) });
  const adjusted = adjustP({ p: tests.map(({ pHarm }) => pHarm), method: 'holm' });
  const falling = adjustP({ p: tests.map(({ pAnyLoss }) => pAnyLoss), method: 'benjaminiHochberg' });
  const slices = tests.map((test, i) => ({ ...test, pHarmHolm: adjusted[i] }));
  const investigate = tests.filter((_, i) => falling[i] < 0.1).map(({ name }) => name);
  const evidence: Evidence = { ...about, uncertainty: uncertainty ?? null, slices, investigate };
  const worse = slices.filter(({ pHarmHolm }) => pHarmHolm < alpha);
  const names_ = (list: readonly SliceTest[]) =>
    list.map(({ name, loss }) => `${name} by ${+loss.toPrecision(4)}`).join(', ');
  if (worse.length > 0) return fail(`${rule.metric} loses more than ${margin}: ${names_(worse)}`, evidence);
  const open = slices.filter(({ pSafe }) => !(pSafe < alpha));
  if (open.length === 0) return pass(`${rule.metric} loses less than ${margin} in every slice`, evidence);
  return hold(`too few examples to tell ${rule.metric} from a loss of ${margin}: ${names_(open)}`, evidence);
}
