import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type EndpointTarget,
  type LiveEndpoint,
  type LiveVariant,
  type Move,
  nextMove,
  readiness,
  restoreMove,
  sharePercent,
} from '../../../decision/rollout';

const variant = (name: string, weight: number, count: number): LiveVariant => ({
  name,
  currentWeight: weight,
  desiredWeight: weight,
  currentCount: count,
  desiredCount: count,
});
const split = (champion = variant('a', 100, 4), challenger = variant('b', 0, 1)): LiveEndpoint => ({
  status: 'InService',
  configName: 'new',
  pending: false,
  variants: [champion, challenger],
  shadows: [],
});
const stage = (percent: number, count: number): EndpointTarget => ({
  configName: 'new',
  variants: [
    { name: 'a', percent: 100 - percent, minimumCount: 4 },
    { name: 'b', percent, minimumCount: count },
  ],
});

/** What SageMaker does of a move, at once and in full. */
function apply(live: LiveEndpoint, move: Move): LiveEndpoint {
  if (move.kind === 'update') return { ...split(), configName: move.configName };
  const variants = live.variants.map((each) => {
    if (move.kind === 'capacity' && move.variant === each.name) {
      return { ...each, desiredCount: move.count, currentCount: move.count };
    }
    if (move.kind !== 'weights') return each;
    const weight = move.weights.find(({ name }) => name === each.name)?.weight ?? each.desiredWeight;
    return { ...each, desiredWeight: weight, currentWeight: weight };
  });
  return { ...live, variants };
}

describe('readiness', () => {
  test.each([
    ['InService', false, 'yes'],
    ['InService', true, 'wait'],
    ['Updating', false, 'wait'],
    ['SystemUpdating', false, 'wait'],
    ['RollingBack', false, 'wait'],
    ['Failed', false, 'no'],
    ['UpdateRollbackFailed', false, 'no'],
    ['OutOfService', false, 'no'],
    ['IN_SERVICE', false, 'no'],
    ['', false, 'no'],
  ])('%s, pending %s: %s', (status, pending, answer) => {
    expect(readiness({ ...split(), status, pending })).toBe(answer);
  });
});

describe('nextMove', () => {
  test('launches the config first', () => {
    const move = nextMove({ ...split(), configName: 'old' }, stage(5, 1), 'old', {}, 0);
    expect(move).toEqual({ kind: 'update', configName: 'new' });
  });

  test('does not ask twice while the update is not seen yet', () => {
    const live = { ...split(), configName: 'old' };
    expect(nextMove(live, stage(5, 1), 'old', { configName: 'new', at: 0 }, 60_000).kind).toBe('wait');
  });

  test('fails when SageMaker went back to the old config by itself', () => {
    const live = { ...split(), configName: 'old' };
    const move = nextMove(live, stage(5, 1), 'old', { configName: 'new', at: 0 }, 120_000);
    expect(move).toMatchObject({ kind: 'refused', error: 'NotServing' });
  });

  test('says why it did, where SageMaker says it', () => {
    const live = { ...split(), configName: 'old', failureReason: 'no capacity' };
    const move = nextMove(live, stage(5, 1), 'old', { configName: 'new', at: 0 }, 120_000);
    expect(move).toMatchObject({ reason: 'SageMaker went back to config old by itself: no capacity' });
  });

  test("fails on a config that is nobody's of this rollout", () => {
    const move = nextMove({ ...split(), configName: 'console' }, stage(5, 1), 'old', {}, 0);
    expect(move).toMatchObject({ kind: 'refused', error: 'DriftFound' });
  });

  test('raises capacity before it shifts weights', () => {
    expect(nextMove(split(), stage(25, 2), 'old', {}, 0)).toEqual({ kind: 'capacity', variant: 'b', count: 2 });
    const launching = split(variant('a', 100, 4), { ...variant('b', 0, 1), desiredCount: 2 });
    expect(nextMove(launching, stage(25, 2), 'old', {}, 0).kind).toBe('wait');
    const ready = split(variant('a', 100, 4), variant('b', 0, 2));
    expect(nextMove(ready, stage(25, 2), 'old', {}, 0).kind).toBe('weights');
  });

  test('leaves instances alone that auto scaling has added', () => {
    const live = split(variant('a', 75, 9), variant('b', 25, 7));
    expect(nextMove(live, stage(25, 2), 'old', {}, 0)).toEqual({ kind: 'settled' });
  });

  test('is not settled before the weights are applied', () => {
    const live = split({ ...variant('a', 100, 4), desiredWeight: 75 }, { ...variant('b', 0, 2), desiredWeight: 25 });
    expect(nextMove(live, stage(25, 2), 'old', {}, 0).kind).toBe('wait');
  });

  test('is never settled on weights that are not numbers', () => {
    const live = split(variant('a', Number.NaN, 4), variant('b', 0, 2));
    expect(nextMove(live, stage(25, 2), 'old', {}, 0).kind).not.toBe('settled');
  });

  test('arrives at any target in a few moves, and says so only there', () => {
    const count = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(count, count, fc.integer({ min: 0, max: 100 }), (now, then, percent) => {
        let live: LiveEndpoint = { ...split(variant('a', 100, 4), variant('b', 0, now)), configName: 'old' };
        const target = stage(percent, then);
        let move = nextMove(live, target, 'old', {}, 0);
        for (let i = 0; i < 6 && move.kind !== 'settled'; i++) {
          live = apply(live, move);
          move = nextMove(live, target, 'old', {}, 0);
        }
        expect(move.kind).toBe('settled');
        expect(sharePercent(live, 'b')).toBeCloseTo(percent, 9);
      }),
    );
  });
});

describe('restoreMove', () => {
  const facts = (live: LiveEndpoint) => ({ live, champion: 'a', challenger: 'b', fullCount: 4 });

  test('gives everything back at once to a champion that kept its instances', () => {
    expect(restoreMove(facts(split(variant('a', 50, 4), variant('b', 50, 4))))).toEqual({
      kind: 'weights',
      weights: [
        { name: 'a', weight: 100 },
        { name: 'b', weight: 0 },
      ],
    });
  });

  test('gives back what a champion that was scaled in can take, then raises it, then gives the rest', () => {
    let live = split(variant('a', 0, 1), variant('b', 100, 4));
    expect(restoreMove(facts(live))).toMatchObject({ kind: 'weights', weights: [{ weight: 25 }, { weight: 75 }] });
    live = split(variant('a', 25, 1), variant('b', 75, 4));
    expect(restoreMove(facts(live))).toEqual({ kind: 'capacity', variant: 'a', count: 4 });
    live = split({ ...variant('a', 25, 1), desiredCount: 4 }, variant('b', 75, 4));
    expect(restoreMove(facts(live)).kind).toBe('wait');
    live = split(variant('a', 25, 4), variant('b', 75, 4));
    expect(restoreMove(facts(live))).toMatchObject({ kind: 'weights', weights: [{ weight: 100 }, { weight: 0 }] });
  });

  test('waits while SageMaker is busy, and has nothing to do where the challenger has no traffic of its own', () => {
    expect(restoreMove(facts({ ...split(), status: 'Updating' })).kind).toBe('wait');
    expect(restoreMove(facts({ ...split(), variants: [variant('a', 1, 4)] }))).toEqual({ kind: 'settled' });
  });

  test('fails when the champion is gone', () => {
    expect(restoreMove(facts({ ...split(), variants: [variant('b', 1, 4)] }))).toMatchObject({ error: 'NotServing' });
  });

  test('never gives the challenger more than it has, and ends with everything on the champion', () => {
    const count = fc.integer({ min: 0, max: 10 });
    fc.assert(
      fc.property(count, fc.integer({ min: 0, max: 100 }), (have, share) => {
        let live = split(variant('a', 100 - share, have), variant('b', share, 4));
        let move = restoreMove(facts(live));
        for (let i = 0; i < 6 && move.kind !== 'settled'; i++) {
          const before = sharePercent(live, 'b');
          live = apply(live, move);
          expect(sharePercent(live, 'b')).toBeLessThanOrEqual(before);
          move = restoreMove(facts(live));
        }
        expect(move.kind).toBe('settled');
        expect(sharePercent(live, 'a')).toBe(100);
      }),
    );
  });
});
