import { describe, expect, test } from 'vitest';
import { type CountDifferenceRule, judge, type SeriesData, type Verdict } from '../../../decision';
import { stage, stream } from '../simulate';

const rule: CountDifferenceRule = { kind: 'countDifference', absoluteMargin: 0.005 };
const at100rps = { challenger: 300, champion: 5700 };
const steady =
  (challenger: number, champion = 0.01) =>
  () => ({ challenger, champion });

/** The first minute at which the rule no longer holds, and its verdict then. */
function decided(data: SeriesData): { minute: number; verdict: Verdict } {
  for (let minute = 1; minute <= data.periods.length; minute++) {
    const verdict = judge(rule, { ...data, asOf: minute * 60, periods: data.periods.slice(0, minute) });
    if (verdict.kind !== 'hold') return { minute, verdict };
  }
  return { minute: Number.POSITIVE_INFINITY, verdict: judge(rule, data) };
}

describe('countDifference', () => {
  test('fails a challenger with 5 % errors within minutes at 100 requests a second', () => {
    const { minute, verdict } = decided(stage(stream(1), 30, at100rps, steady(0.05)));
    expect(verdict.kind).toBe('fail');
    expect(minute).toBeLessThanOrEqual(3);
    expect(verdict.reason).toContain("more than 0.5 % above the champion's");
  });

  test('passes an equal challenger within the hour', () => {
    const { minute, verdict } = decided(stage(stream(2), 120, at100rps, steady(0.01)));
    expect(verdict.kind).toBe('pass');
    expect(minute).toBeLessThan(60);
  });

  test('holds at first: two healthy minutes prove nothing', () => {
    expect(judge(rule, stage(stream(3), 2, at100rps, steady(0.01))).kind).toBe('hold');
  });

  test('fails on harm that begins after twelve healthy hours', () => {
    const data = stage(stream(4), 800, at100rps, (minute) => ({
      challenger: minute < 720 ? 0.01 : 0.05,
      champion: 0.01,
    }));
    const { evidence, kind } = judge(rule, data);
    expect(kind).toBe('fail');
    expect(evidence['logHarmAtPeriod']).toBeGreaterThanOrEqual(720);
    const early = judge(rule, { ...data, asOf: 726 * 60, periods: data.periods.slice(0, 726) });
    expect(early.kind).toBe('fail');
  });

  test('keeps its fail after the challenger recovers', () => {
    const data = stage(stream(5), 60, at100rps, (minute) => ({ challenger: minute < 5 ? 0.2 : 0.01, champion: 0.01 }));
    expect(judge(rule, data).kind).toBe('fail');
  });

  test('blames nobody for an incident that both arms share', () => {
    const data = stage(stream(6), 60, at100rps, (minute) => {
      const rate = minute >= 20 && minute < 25 ? 0.2 : 0.01;
      return { challenger: rate, champion: rate };
    });
    expect(judge(rule, data).kind).not.toBe('fail');
  });

  test('holds when the challenger falls silent, however good it was before', () => {
    const data = stage(stream(7), 120, at100rps, steady(0.01));
    expect(judge(rule, data).kind).toBe('pass');
    const silent = data.periods.map((period, i) => (i < 100 ? period : { ...period, challenger: null }));
    expect(judge(rule, { ...data, periods: silent })).toMatchObject({
      kind: 'hold',
      reason: 'no data of every arm for 1200 s, at most 600 s is allowed',
    });
  });

  test('tempers its evidence by the clusters of the champion before the rollout', () => {
    const random = stream(8);
    const data = stage(random, 60, at100rps, steady(0.03));
    const clustered = stage(random, 360, at100rps, () => ({ challenger: 0, champion: random() < 0.2 ? 0.05 : 0.001 }));
    const baseline = clustered.periods.map((period) => period.champion ?? { sum: 0, count: 0 });
    const plain = judge(rule, data).evidence;
    const tempered = judge(rule, { ...data, baseline }).evidence;
    expect(tempered['dispersion']).toBeGreaterThan(3);
    expect(tempered['logHarm']).toBeLessThan(plain['logHarm'] as number);
    expect(tempered['method']).toContain('cluster-robust');
  });
});
