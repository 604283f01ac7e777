import { describe, expect, test } from 'vitest';
import { judge, normalCdf, type Verdict } from '../../../decision';
import { type Minute, series } from './by-definition';
import { levelOf, levelWithout, meeting } from './meeting';

const repeat = (minute: Minute, times = 40) => Array.from({ length: times }, () => minute);
const number = ({ evidence }: Verdict, key: string) => evidence[key] as number;

describe('evidence that just reaches its threshold', () => {
  const rising = series([...repeat({ xb: 30, nb: 3000, xa: 30, na: 3000 }, 5), { xb: 48, nb: 300, xa: 30, na: 3000 }]);
  const falling = series(repeat({ xb: 3, nb: 300, xa: 30, na: 3000 }, 90));

  test('fails or passes a rule on counts', () => {
    const rule = { kind: 'countDifference', absoluteMargin: 0.005 } as const;
    const harm = number(judge(rule, rising), 'logHarm');
    expect(harm).toBeGreaterThan(1);
    expect(judge({ ...rule, alphaRollback: levelOf(harm) }, rising).kind).toBe('fail');
    const safe = number(judge(rule, falling), 'logSafe');
    expect(safe).toBeGreaterThan(1);
    expect(judge({ ...rule, alphaPromote: levelOf(safe) }, falling).kind).toBe('pass');
  });

  test('fails the watch', () => {
    const rule = { kind: 'watch', absoluteMargin: 0.005, horizonPeriods: 1 } as const;
    const top = number(judge(rule, rising), 'logDetector');
    const alphaRollback = meeting(6 / Math.exp(top), (alpha) => Math.log(6 / alpha) === top);
    expect(judge({ ...rule, alphaRollback }, rising).kind).toBe('fail');
  });

  test('fails or passes a shadow', () => {
    const rule = { kind: 'disagreement', maximumShare: 0.02 } as const;
    const shadow = { pairs: 20_000, unjoined: 0, hours: 48 };
    const many = { ...shadow, disagreements: 500 };
    const alphaRollback = levelOf(number(judge(rule, many), 'logHarm'));
    expect(judge({ ...rule, alphaRollback }, many).kind).toBe('fail');
    const few = { ...shadow, disagreements: 330 };
    const alphaPromote = levelOf(number(judge(rule, few), 'logSafe'));
    expect(judge({ ...rule, alphaPromote }, few).kind).toBe('pass');
  });

  test('calls a split broken', () => {
    const rule = { kind: 'sampleRatio', challengerShare: 0.05 } as const;
    const split = { challenger: 400, champion: 5600 };
    const alpha = levelOf(number(judge(rule, split), 'logE'));
    expect(judge({ ...rule, alpha }, split)).toMatchObject({ kind: 'hold' });
    expect(judge({ ...rule, alpha: alpha / 2 }, split)).toMatchObject({ kind: 'pass' });
  });
});

describe('an interval that just touches its limit', () => {
  const money = (value: number) =>
    series(
      Array.from({ length: 60 }, (_, i) => ({
        xb: (value + ((i * 7) % 10) / 50) * 1000,
        nb: 1000,
        xa: (10 + ((i * 3) % 10) / 50) * 1000,
        na: 1000,
      })),
    );
  const rule = { kind: 'mean', direction: 'higherIsBetter', absoluteMargin: 0.5, horizonPeriods: 240 } as const;
  interface Interval {
    readonly mean: number;
    readonly radius: readonly number[];
  }
  const interval = (verdict: Verdict, which: 'stage' | 'window') => verdict.evidence[which] as unknown as Interval;

  test('neither fails nor passes a mean', () => {
    const low = money(9.455);
    const alphaRollback = levelWithout((alpha) => {
      const { mean, radius } = interval(judge({ ...rule, alphaRollback: alpha }, low), 'stage');
      return mean + radius[0];
    });
    expect(judge({ ...rule, alphaRollback }, low).kind).toBe('hold');
    expect(judge({ ...rule, alphaRollback: alphaRollback * 1.001 }, low).kind).toBe('fail');
    const high = money(9.545);
    const alphaPromote = levelWithout((alpha) => {
      const { mean, radius } = interval(judge({ ...rule, alphaPromote: alpha }, high), 'stage');
      return mean - radius[1];
    });
    expect(judge({ ...rule, alphaPromote }, high).kind).toBe('hold');
    expect(judge({ ...rule, alphaPromote: alphaPromote * 1.001 }, high).kind).toBe('pass');
  });

  test('does not fail a mean by its recent window', () => {
    const periods = money(9.413).periods.map((period, i) => ({
      ...period,
      challenger: i < 40 ? { sum: 11_000 + 20 * ((i * 7) % 10), count: 1000 } : period.challenger,
    }));
    const data = { ...money(10), periods };
    const recent = { ...rule, windowPeriods: 20, horizonPeriods: 60 };
    const alphaRollback = levelWithout((alpha) => {
      const { mean, radius } = interval(judge({ ...recent, alphaRollback: alpha }, data), 'window');
      return mean + radius[0];
    });
    const reason = (alpha: number) => judge({ ...recent, alphaRollback: alpha }, data).reason;
    expect(reason(alphaRollback)).not.toContain('has become worse');
    expect(reason(alphaRollback * 1.001)).toContain('has become worse');
  });

  test('does not fail a shadow, and passes it', () => {
    const numeric = { kind: 'numericDifference', maximumBias: 0.1 } as const;
    const data = { pairs: 20_000, unjoined: 0, hours: 48, standardDeviation: 1, meanDifference: 0.25 };
    const { evidence } = judge(numeric, data);
    const [back, on] = [evidence['radiusRollback'] as number, evidence['radiusPromote'] as number];
    expect(judge({ ...numeric, maximumBias: 0.25 - back }, data).kind).toBe('hold');
    expect(judge({ ...numeric, maximumBias: 0.25 + on }, data).kind).toBe('pass');
    expect(judge({ ...numeric, maximumBias: 0.2499 + on }, data).kind).toBe('hold');
  });

  test('passes two histograms, and does not fail them', () => {
    const data = { champion: [1000, 2000, 1000], challenger: [1500, 1500, 1000] };
    const { evidence } = judge({ kind: 'drift', measure: 'psi' }, data);
    const [value, noise] = [evidence['value'] as number, evidence['noise'] as number];
    const rule = { kind: 'drift', measure: 'psi' } as const;
    expect(judge({ ...rule, maximum: value + noise }, data).kind).toBe('pass');
    expect(judge({ ...rule, maximum: (value + noise) * 0.999 }, data).kind).toBe('hold');
    expect(judge({ ...rule, maximum: 0.01, failAbove: value - noise }, data).kind).toBe('hold');
    expect(judge({ ...rule, maximum: 0.01, failAbove: (value - noise) * 0.999 }, data).kind).toBe('fail');
  });

  test('is within the limits of a facet', () => {
    const bare = { kind: 'fairness', facets: ['age'], uncertainty: 'ignored' } as const;
    const of = (limits: Record<string, number>, values: Record<string, number>) =>
      judge({ ...bare, limits }, { facets: [{ name: 'age', values }] }).kind;
    expect([0.8, 1.25, 0.79, 1.26].map((DI) => of({ DI: 0.8 }, { DI }))).toEqual(['pass', 'pass', 'fail', 'fail']);
    expect([0.1, -0.1, 0.11, -0.11].map((GE) => of({ GE: 0.1 }, { GE }))).toEqual(['pass', 'pass', 'fail', 'fail']);
    expect(of({ DI: 0.8 }, { DI: 0 })).toBe('fail');
  });

  test('does not fail a facet', () => {
    const group = (positive: number) => ({ TP: positive, FN: 0, FP: 0, TN: 1000 - positive });
    for (const [d, a, end] of [
      [300, 500, 0],
      [500, 300, 1],
    ] as const) {
      const facets = [{ name: 'age', disadvantaged: group(d), advantaged: group(a) }];
      const of = (limit: number) => judge({ kind: 'fairness', limits: { DPPL: limit }, facets: ['age'] }, { facets });
      const interval = (of(0.1).evidence['measures'] as unknown as { interval: number[] }[])[0].interval;
      const limit = Math.abs(interval[end]);
      expect(of(limit).kind).toBe('hold');
      expect(of(limit * 0.999).kind).toBe('fail');
    }
  });
});

describe('a p-value that is just its level', () => {
  const rule = { kind: 'offline', metric: 'rmse', absoluteMargin: 0.1, direction: 'lowerIsBetter' } as const;
  const data = (loss: number) => ({ slices: [{ name: 'all', difference: { value: loss, standardError: 1 } }] });
  const slice = (verdict: Verdict) => (verdict.evidence['slices'] as unknown as { pHarm: number; pSafe: number }[])[0];

  test('neither fails nor passes', () => {
    const { pHarm } = slice(judge(rule, data(2)));
    expect(judge({ ...rule, alpha: pHarm }, data(2)).kind).toBe('hold');
    expect(judge({ ...rule, alpha: pHarm * 1.001 }, data(2)).kind).toBe('fail');
    const { pSafe } = slice(judge(rule, data(-2)));
    expect(judge({ ...rule, alpha: pSafe }, data(-2)).kind).toBe('hold');
    expect(judge({ ...rule, alpha: pSafe * 1.001 }, data(-2)).kind).toBe('pass');
  });

  test('does not ask anybody to look at a slice', () => {
    const slices = Array.from({ length: 20 }, (_, i) => `s${i}`);
    const among = (loss: number) =>
      judge(
        { ...rule, slices },
        { slices: slices.map((name, i) => ({ name, difference: { value: i === 3 ? loss : -9, standardError: 1 } })) },
      ).evidence['investigate'];
    // The smallest of twenty p-values counts twentyfold; 2.5758 has the p-value 0.005.
    const loss = meeting(2.575829303548901, (z) => normalCdf({ z: -z }) * 20 === 0.1);
    expect(among(loss)).toEqual([]);
    expect(among(loss * 1.001)).toEqual(['s3']);
  });
});
