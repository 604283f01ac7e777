import { describe, expect, test } from 'vitest';
import { judge, type Verdict } from '../../../decision';
import { type Minute, series } from './by-definition';
import { levelWithout } from './meeting';

const rule = { kind: 'countDifference', absoluteMargin: 0.005, horizonPeriods: 120 } as const;
/** A champion whose minutes fail as a whole or not at all. */
const wild = Array.from({ length: 60 }, (_, i) => ({ sum: i % 5 === 0 ? 300 : 0, count: 3000 }));
const mild = wild.map(({ sum, count }) => ({ sum: 40 + sum / 4, count }));
/** Steady minutes with a little noise. */
const stage = (rate: number, length = 60): Minute[] =>
  Array.from({ length }, (_, i) => ({ xb: 3000 * rate + ((i * 7) % 10), nb: 3000, xa: 60 + ((i * 3) % 10), na: 3000 }));
const judged = (minutes: readonly Minute[], more: object = {}) => judge({ ...rule, ...more }, series(minutes, wild));
const robust = ({ evidence }: Verdict) =>
  evidence['robust'] as unknown as { mean: number; radius: readonly [number, number]; sound: boolean };
const seen = ({ evidence }: Verdict, key: string) => evidence[key] as number;

describe('where errors come in clusters', () => {
  test('the robust interval alone may pass', () => {
    const verdict = judged(stage(0.02));
    expect(verdict).toMatchObject({ kind: 'pass', evidence: { robust: { sound: true } } });
    expect(seen(verdict, 'logSafe')).toBeLessThan(seen(verdict, 'logSafeThreshold'));
  });

  test('the e-process alone may not pass', () => {
    // Nineteen minutes are too few for the interval, and enough for the e-process.
    const verdict = judge(rule, series(stage(0, 19), mild));
    expect(verdict).toMatchObject({ kind: 'hold', evidence: { robust: { sound: false } } });
    expect(seen(verdict, 'logSafe')).toBeGreaterThan(seen(verdict, 'logSafeThreshold'));
    expect(robust(verdict).mean + robust(verdict).radius[1]).toBeLessThan(0);
  });

  test('the robust interval may fail what the tempered e-process does not', () => {
    const verdict = judged(stage(0.032));
    expect(verdict).toMatchObject({ kind: 'fail', evidence: { robust: { sound: true } } });
    expect(seen(verdict, 'logHarm')).toBeLessThan(seen(verdict, 'logHarmThreshold'));
  });

  test('an interval from too few minutes fails nothing', () => {
    const verdict = judged(stage(0.032, 19));
    expect(verdict).toMatchObject({ kind: 'hold', evidence: { robust: { sound: false } } });
    expect(robust(verdict).mean - robust(verdict).radius[0]).toBeGreaterThan(0);
  });

  test('an interval across the margin decides nothing', () => {
    expect(judged(stage(0.025)).kind).toBe('hold');
  });

  test('an interval that just touches the margin decides nothing', () => {
    const above = stage(0.02577);
    const alphaRollback = levelWithout((alpha) => {
      const { mean, radius } = robust(judged(above, { alphaRollback: alpha }));
      return mean - radius[0];
    });
    expect(judged(above, { alphaRollback }).kind).toBe('hold');
    expect(judged(above, { alphaRollback: alphaRollback * 1.001 }).kind).toBe('fail');
    const below = stage(0.02427);
    const alphaPromote = levelWithout((alpha) => {
      const { mean, radius } = robust(judged(below, { alphaPromote: alpha }));
      return mean + radius[1];
    });
    expect(judged(below, { alphaPromote }).kind).toBe('hold');
    expect(judged(below, { alphaPromote: alphaPromote * 1.001 }).kind).toBe('pass');
  });

  test('clusters that triple the evidence are not yet strong', () => {
    // With a correlation of 1, two requests of each arm weigh 1 + 2 * 2 * 2 / 4 = 3.
    const whole = Array.from({ length: 30 }, (_, i) => ({ sum: i % 2 === 0 ? 10 : 0, count: 10 }));
    const minutes = Array.from({ length: 5 }, () => ({ xb: 0, nb: 2, xa: 0, na: 2 }));
    expect(judge(rule, series(minutes, whole)).evidence).toMatchObject({ dispersion: 3, method: 'e-process' });
    const more = minutes.map((minute) => ({ ...minute, nb: 3 }));
    expect(judge(rule, series(more, whole)).evidence['method']).toContain('cluster-robust');
  });
});
