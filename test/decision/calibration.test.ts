import { describe, expect, test } from 'vitest';
import { ours } from '../../bench/judgement/methods';
import { allowed } from '../../bench/judgement/report';
import { draw, type World } from '../../bench/judgement/worlds';
import { judge, type Verdict } from '../../decision';

const world = (change: Partial<World>): World => {
  const made = {
    requestsPerSecond: 100,
    share: 0.05,
    championRate: 0.01,
    challengerRate: 0.01,
    onset: 0,
    minutes: 720,
    ...change,
  };
  return { name: `calibration/${JSON.stringify(change)}`, ...made };
};

const decide = (change: Partial<World>, days: number) =>
  Array.from({ length: days }, (_, seed) => ours(0.005)(draw(world(change), seed)));

describe('fixed days', () => {
  test.each([
    [10, 0.05],
    [100, 0.5],
  ])(
    'at the margin neither side errs more often than allowed: %d requests a second at a share of %d',
    (requestsPerSecond, share) => {
      const days = 150;
      const decisions = decide({ requestsPerSecond, share, challengerRate: 0.015 }, days);
      const part = (wrong: (decision: { rollback: number; promote: number }) => boolean) =>
        decisions.filter(wrong).length / days;
      expect(part(({ rollback }) => rollback < Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(allowed(days));
      expect(part(({ promote }) => promote < Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(allowed(days));
    },
  );

  test('5 % errors are found within two minutes, 2 % within 35, in the median', () => {
    const median = (challengerRate: number) => {
      const times = decide({ challengerRate, minutes: 240 }, 61).map(({ rollback }) => rollback);
      return times.sort((x, y) => x - y)[30];
    };
    expect(median(0.05)).toBeLessThanOrEqual(2);
    expect(median(0.02)).toBeLessThanOrEqual(35);
  });

  test('harm that begins at half time is found on at least nine days of ten', () => {
    const decisions = decide({ challengerRate: 0.05, onset: 360 }, 40);
    const found = decisions.filter(({ rollback }) => rollback > 360 && rollback <= 720);
    expect(found.length).toBeGreaterThanOrEqual(36);
  });

  test('the monitor that the measurement uses is the rule itself', () => {
    const w = world({ challengerRate: 0.03, minutes: 60 });
    const run = draw(w, 3);
    const periods = Array.from({ length: 60 }, (_, t) => ({
      start: t * 60,
      challenger: { sum: run.xb[t], count: run.nb[t] },
      champion: { sum: run.xa[t], count: run.na[t] },
    }));
    const rule = { kind: 'countDifference', absoluteMargin: 0.005, horizonPeriods: 60 } as const;
    const at = (minutes: number): Verdict =>
      judge(rule, {
        periodSeconds: 60,
        asOf: minutes * 60,
        periods: periods.slice(0, minutes),
        baseline: run.baseline,
      });
    const { rollback } = ours(0.005)(run);
    expect(rollback).toBeLessThan(60);
    expect(at(rollback).kind).toBe('fail');
    expect(at(rollback - 1).kind).toBe('hold');
  });
});
