import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drift, isSeen, type LiveEndpoint, neededCount, shareCount, shortOf } from '../../../decision/rollout';

const live = (a: number, b: number, percent = 25): LiveEndpoint => ({
  status: 'InService',
  configName: 'split',
  pending: false,
  variants: [
    { name: 'a', currentWeight: 100 - percent, desiredWeight: 100 - percent, currentCount: a, desiredCount: a },
    { name: 'b', currentWeight: percent, desiredWeight: percent, currentCount: b, desiredCount: b },
  ],
  shadows: [],
});
const needed = (a: number, b: number, percent: number, fullCount = 4, maximum = 20) =>
  neededCount({ live: live(a, b, percent), champion: 'a', percent, fullCount, maximum });

describe('instances that take everything back', () => {
  test('are as many as before while nobody has grown', () => {
    expect([needed(4, 1, 25), needed(4, 4, 100), needed(4, 1, 5)]).toEqual([4, 4, 4]);
  });

  test('are as many as the challenger has when it has everything', () => {
    expect([needed(4, 6, 100), needed(4, 5, 100)]).toEqual([6, 5]);
  });

  test('are counted up from a share that has grown', () => {
    // A second instance at a quarter of the traffic: more than one is filled by it, so more than four by all of it.
    expect(needed(4, 2, 25)).toBe(5);
    expect(needed(4, 3, 25)).toBe(9);
    expect(needed(6, 1, 25)).toBe(8);
  });

  test('are never more than the maximum, but for those that there were', () => {
    expect([needed(4, 3, 25, 4, 6), needed(9, 9, 100, 9, 6)]).toEqual([6, 9]);
  });

  test('are not counted from what cannot be read', () => {
    expect(needed(Number.NaN, Number.NaN, 25)).toBe(4);
    expect(shortOf({ live: live(Number.NaN, 1), champion: 'a' }, 4)).toContain('NaN of 4');
    expect(shortOf({ live: live(4, 1), champion: 'a' }, 4)).toBeUndefined();
    expect(shortOf({ live: live(4, 1), champion: 'c' }, 4)).toBeDefined();
  });

  test('are never fewer than before, hold what the challenger has, and are counted once', () => {
    const count = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(count, count, count, fc.integer({ min: 1, max: 100 }), (a, b, fullCount, percent) => {
        const first = needed(a, b, percent, fullCount, 10_000);
        expect(first).toBeGreaterThanOrEqual(Math.max(fullCount, b > shareCount(fullCount, percent) ? b : 0));
        // The champion is raised to it: nobody has grown since, so nothing more is needed.
        expect(needed(Math.max(a, first), b, percent, first, 10_000)).toBe(Math.max(first, 0));
      }),
    );
  });
});

describe('an endpoint that is scaled', () => {
  const target = {
    configName: 'split',
    variants: [
      { name: 'a', percent: 75, minimumCount: 4 },
      { name: 'b', percent: 25, minimumCount: 1 },
    ],
  };
  const busy = (status: string, change: Partial<LiveEndpoint> = {}) => ({ ...live(4, 1), status, ...change });

  test('has not drifted while its instances change', () => {
    expect(drift(busy('Updating'), target, true)).toBeUndefined();
    expect(drift(busy('RollingBack'), target, true)).toBeUndefined();
    expect(drift(busy('Updating'), target)).toBe('the endpoint is Updating');
  });

  test('has drifted when it is busy with anything else', () => {
    expect(drift(busy('SystemUpdating'), target, true)).toBe('the endpoint is SystemUpdating');
    expect(drift(busy('Updating', { pending: true }), target, true)).toBe('the endpoint is Updating');
    expect(drift(busy('Updating', { configName: 'other' }), target, true)).toContain('config other serves');
    expect(drift({ ...live(4, 1, 50), status: 'Updating' }, target, true)).toContain('50 % of traffic');
  });

  test('is seen as it is ten minutes after its last change', () => {
    expect([599_999, 600_000].map((now) => isSeen({ modifiedAt: 0 }, now))).toEqual([false, true]);
    expect(isSeen({}, 10 ** 13)).toBe(false);
  });
});
