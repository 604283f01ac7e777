import { describe, expect, test } from 'vitest';
import { judge } from '../../../decision';
import { stream } from '../simulate';
import * as defined from './by-definition';
import { expectNear } from './near';

const { sum } = defined;

/** Sums of a metric with a shared level, noise of each arm, and a carry that makes neighbours of the challenger alike. */
function metric(seed: number, length: number, lift: number, carry = 0): defined.Minute[] {
  const random = stream(seed);
  let drift = 0;
  return Array.from({ length }, (_, i) => {
    const level = 10 + 3 * Math.sin(i / 9);
    const nb = i % 14 === 6 ? 0 : 200 + Math.floor(200 * random());
    const na = i % 14 === 13 ? 0 : 2000 + Math.floor(2000 * random());
    drift = carry * drift + random() - 0.5;
    return { xb: nb * level * lift * (1 + 0.1 * drift), nb, xa: na * level * (1 + 0.05 * (random() - 0.5)), na };
  });
}

const usual = { alphaRollback: 0.01, alphaPromote: 0.01, horizonPeriods: 1440, maximumSilenceSeconds: 600 };
const chosen = { alphaRollback: 0.02, alphaPromote: 0.03, horizonPeriods: 30, maximumSilenceSeconds: 300 };

/** What every verdict on means reports, when the contrast is `good (yB - c yA) + slack`. */
function about(
  list: readonly defined.Minute[],
  settings: typeof usual,
  good: number,
  c: number,
  slack: number,
  window: { readonly periods: number; readonly from: number; readonly parts: number },
  batches: readonly [stage: number, window: number] = [1, 1],
) {
  const half = settings.alphaRollback / 2;
  const whole = defined.robust(list, c, [half, settings.alphaPromote], settings.horizonPeriods, batches[0]);
  const recent = defined.robust(list.slice(window.from), c, [half / window.parts], window.periods, batches[1]);
  return {
    ...settings,
    windowPeriods: window.periods,
    periods: list.length,
    challenger: { sum: sum(list.map(({ xb }) => xb)), count: sum(list.map(({ nb }) => nb)) },
    champion: { sum: sum(list.map(({ xa }) => xa)), count: sum(list.map(({ na }) => na)) },
    method: 'cluster-robust confidence sequence',
    stage: { ...whole, mean: good * whole.mean + slack },
    window: { ...recent, mean: good * recent.mean + slack, fromPeriod: window.from },
  };
}

const rule = { rule: 'mean', version: 1 };

describe('evidence of means', () => {
  test('replays a stage with a relative margin, with the usual settings', () => {
    const list = metric(1, 45, 1);
    const { evidence } = judge(
      { kind: 'mean', relativeMargin: 0.05, direction: 'higherIsBetter' },
      defined.series(list),
    );
    expectNear(evidence, {
      ...rule,
      relativeMargin: 0.05,
      direction: 'higherIsBetter',
      ...about(list, usual, 1, 0.95, 0, { periods: 240, from: 0, parts: 6 }),
    });
  });

  test('replays a stage past its horizon where low is good, with a window that has just become full', () => {
    const list = metric(2, 60, 1);
    const { evidence } = judge(
      { kind: 'mean', relativeMargin: 0.05, direction: 'lowerIsBetter', windowPeriods: 20, ...chosen },
      defined.series(list),
    );
    expectNear(evidence, {
      ...rule,
      relativeMargin: 0.05,
      direction: 'lowerIsBetter',
      ...about(list, chosen, -1, 1.05, 0, { periods: 20, from: 40, parts: 3 }),
    });
  });

  test('replays a stage with an absolute margin in either direction, in a window that has just begun', () => {
    const list = metric(3, 81, 1);
    for (const [direction, good] of [
      ['higherIsBetter', 1],
      ['lowerIsBetter', -1],
    ] as const) {
      const { evidence } = judge(
        { kind: 'mean', absoluteMargin: 0.7, direction, windowPeriods: 30, ...chosen },
        defined.series(list),
      );
      expectNear(evidence, {
        ...rule,
        absoluteMargin: 0.7,
        direction,
        ...about(list, chosen, good, 1, 0.7, { periods: 30, from: 60, parts: 3 }),
      });
    }
  });

  test('replays a stage whose minutes are too much alike, in the shortest batches that are not', () => {
    const list = metric(4, 700, 1, 0.9);
    const { evidence } = judge(
      { kind: 'mean', relativeMargin: 0.05, direction: 'higherIsBetter' },
      defined.series(list),
    );
    const { batchPeriods } = evidence['stage'] as { batchPeriods: number };
    expect(batchPeriods).toBe(30);
    expectNear(evidence['stage'], about(list, usual, 1, 0.95, 0, { periods: 240, from: 480, parts: 6 }, [30, 1]).stage);
    for (const shorter of [1, 5, 10]) {
      expect(defined.robust(list, 0.95, [0.01], 1440, shorter).autocorrelation).toBeGreaterThan(0.1);
    }
  });

  test('says that there is no interval for one period or none', () => {
    const one = judge(
      { kind: 'mean', absoluteMargin: 1, direction: 'higherIsBetter' },
      defined.series([{ xb: 20, nb: 10, xa: 10, na: 10 }]),
    ).evidence;
    expect(one['stage']).toEqual({
      mean: 2,
      radius: ['Infinity', 'Infinity'],
      batches: 1,
      batchPeriods: 1,
      autocorrelation: 'NaN',
      sound: false,
    });
    const none = judge({ kind: 'mean', absoluteMargin: 1, direction: 'higherIsBetter' }, defined.series([])).evidence;
    expect(none['stage']).toMatchObject({ mean: 'NaN', batches: 0, sound: false });
  });

  test('has an interval from two periods on, and does not believe it', () => {
    const { evidence } = judge(
      { kind: 'mean', absoluteMargin: 1, direction: 'higherIsBetter' },
      defined.series(metric(5, 2, 1)),
    );
    expectNear(evidence['stage'], about(metric(5, 2, 1), usual, 1, 1, 1, { periods: 240, from: 0, parts: 6 }).stage);
  });

  test('takes batches of five where twenty of them are all there are', () => {
    // Blocks of five minutes, each as its neighbour is not.
    const blocks = Array.from({ length: 100 }, (_, i) => ({
      xb: (10 + (Math.floor(i / 5) % 2) + ((i * 7) % 10) / 100) * 1000,
      nb: 1000,
      xa: 10_000,
      na: 1000,
    }));
    const stage = judge({ kind: 'mean', absoluteMargin: 1, direction: 'higherIsBetter' }, defined.series(blocks))
      .evidence['stage'];
    expect(stage).toMatchObject({ batchPeriods: 5, batches: 20, sound: true });
    expect(defined.robust(blocks, 1, [0.01], 1440, 1).autocorrelation).toBeGreaterThan(0.1);
  });

  test('does not believe periods that do not vary at all, nor correlation that cannot be measured', () => {
    const rule = { kind: 'mean', absoluteMargin: 1, direction: 'higherIsBetter' } as const;
    const same = Array.from({ length: 60 }, () => ({ xb: 100, nb: 10, xa: 100, na: 10 }));
    expect(judge(rule, defined.series(same))).toMatchObject({ kind: 'hold', evidence: { stage: { sound: false } } });
    const everyOther = metric(6, 60, 1).map((minute, i) => (i % 2 === 0 ? minute : { xb: 0, nb: 0, xa: 0, na: 0 }));
    expect(judge(rule, defined.series(everyOther)).evidence['stage']).toMatchObject({
      batchPeriods: 1,
      autocorrelation: 'NaN',
      sound: false,
    });
  });

  test('does not believe neighbours that correlate by a tenth', () => {
    // Their sum is 0, the sum of their squares 210, of the products of neighbours 20: (20 / 20) / (210 / 21) = 0.1.
    const values = [-1, -6, -4, 0, -2, 5, 2, -1, 6, 2, -4, 4, 0, 3, 2, 1, 2, -2, -2, 0, -5];
    const stage = (list: readonly number[]) =>
      judge(
        { kind: 'mean', absoluteMargin: 1, direction: 'higherIsBetter' },
        defined.series(list.map((xb) => ({ xb, nb: 1, xa: 0, na: 1 }))),
      ).evidence['stage'];
    expect(stage(values)).toMatchObject({ mean: 1, autocorrelation: 0.1, batches: 21, sound: false });
    expect(stage([...values.slice(0, -1), 5])).toMatchObject({ batches: 21, sound: true });
  });
});
