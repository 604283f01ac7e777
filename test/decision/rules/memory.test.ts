import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Arm, judge, type Period, ReplayMemory, type Rule, type SeriesData } from '../../../decision';

const rules: readonly Rule[] = [
  { kind: 'countDifference', absoluteMargin: 0.005 },
  { kind: 'countDifference', absoluteMargin: 0.005, horizonPeriods: 100 },
  { kind: 'countRatio', relativeMargin: 0.05, direction: 'higherIsBetter' },
  { kind: 'exceedance', maximumShare: 0.01 },
  { kind: 'watch', absoluteMargin: 0.005 },
  { kind: 'watch', maximumShare: 0.02 },
  { kind: 'mean', relativeMargin: 0.05, direction: 'lowerIsBetter' },
];

const arm: fc.Arbitrary<Arm | null> = fc.oneof(
  { weight: 9, arbitrary: fc.nat(300).chain((count) => fc.nat(count).map((sum) => ({ sum, count }))) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const period = fc.record({ challenger: arm, champion: arm });
/** A look later: so many periods more, some of the last ones revised, now and then another rule or baseline. */
const look = fc.record({
  more: fc.nat(20),
  revised: fc.oneof({ weight: 3, arbitrary: fc.array(period, { maxLength: 0 }) }, fc.array(period, { maxLength: 3 })),
  rule: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(rules.length - 1)),
  baseline: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, fc.array(fc.constant({ sum: 1, count: 90 }))),
});

const series = (periods: readonly Omit<Period, 'start'>[], baseline?: readonly Arm[]): SeriesData => ({
  periodSeconds: 60,
  asOf: 60 * periods.length,
  periods: periods.map((each, i) => ({ start: 60 * i, ...each })),
  ...(baseline === undefined ? {} : { baseline }),
});

describe('what a rule remembers of the look before', () => {
  test('changes no verdict and no evidence, whatever is looked at in whatever order', () => {
    fc.assert(
      fc.property(fc.array(period, { minLength: 200, maxLength: 200 }), fc.array(look), (stage, looks) => {
        const memory = new ReplayMemory();
        const seen: Omit<Period, 'start'>[] = [...stage];
        let end = 20;
        for (const { more, revised, rule, baseline } of looks) {
          end = Math.min(seen.length, end + more);
          revised.forEach((each, i) => {
            seen[Math.max(0, end - 5 - i)] = each;
          });
          const data = series(seen.slice(0, end), baseline);
          expect(judge(rules[rule] as never, data, memory)).toEqual(judge(rules[rule] as never, data));
        }
      }),
    );
  });

  const one = (sum: number) => ({ challenger: { sum, count: 100 }, champion: { sum: 1, count: 100 } });
  const [before, after] = [series([one(1), one(2)]), series([one(1), one(2), one(3)])];

  /** How often a replay begins when these are looked at one after another. */
  function beginnings(...looks: readonly (readonly [rule: object, data: SeriesData])[]): number {
    const memory = new ReplayMemory();
    let begun = 0;
    for (const [rule, data] of looks) memory.resume(rule, data, () => ++begun);
    return begun;
  }

  test('is gone on with where data has been added', () => {
    expect(beginnings([{}, before], [{}, after], [{}, structuredClone(after)])).toBe(1);
  });

  test('is gone on with where an arm that was silent has a count of 0', () => {
    const silent = { ...one(1), champion: null };
    const nothing = { ...one(1), champion: { sum: 0, count: 0 } };
    expect(beginnings([{}, series([silent])], [{}, series([nothing])], [{}, series([silent])])).toBe(1);
  });

  test.each<[string, object, SeriesData]>([
    ['a period that was revised', {}, series([one(1), one(9), one(3)])],
    ['another count of the champion', {}, series([one(1), { ...one(2), champion: { sum: 1, count: 99 } }, one(3)])],
    ['an arm that was silent then', {}, series([one(1), { ...one(2), champion: null }, one(3)])],
    ['fewer periods', {}, series([one(1)])],
    ['another rule', { maximumShare: 1 }, after],
    ['a baseline', {}, { ...after, baseline: [{ sum: 1, count: 90 }] }],
  ])('is begun anew with %s', (_, rule, data) => {
    expect(beginnings([{}, before], [rule, data])).toBe(2);
  });

  test('is begun anew where the baseline has changed', () => {
    const based = (sum: number) => ({ ...before, baseline: [{ sum, count: 90 }] });
    expect(beginnings([{}, based(1)], [{}, based(1)], [{}, based(2)])).toBe(2);
  });
});
