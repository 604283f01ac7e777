import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BakeFacts, decideBake, isoSeconds, tickSeconds } from '../../../decision/rollout';
import { fail, hold, pass } from '../../../decision/verdict';

const done: BakeFacts = {
  elapsedSeconds: 3600,
  bakeSeconds: 3600,
  deadlineSeconds: 7200,
  verdict: pass('all gates pass'),
  approval: 'notNeeded',
  onUndecided: 'stay',
  windowOpen: true,
};

describe('decideBake', () => {
  test.each<[string, Partial<BakeFacts>, string]>([
    ['passes when everything is there', {}, 'pass'],
    ['passes with an approval', { approval: 'approved' }, 'pass'],
    ['goes on before the bake is over', { elapsedSeconds: 3599 }, 'continue'],
    ['goes on while a gate holds', { verdict: hold('no data') }, 'continue'],
    ['goes on while approval is pending', { approval: 'pending' }, 'continue'],
    ['goes on while the window is closed', { windowOpen: false }, 'continue'],
    ['fails at once when a gate fails', { elapsedSeconds: 1, verdict: fail('5 % errors') }, 'fail'],
    ['fails at once when a person refuses', { elapsedSeconds: 1, approval: 'rejected' }, 'fail'],
    ['holds at the deadline without a verdict', { elapsedSeconds: 7200, verdict: hold('no data') }, 'hold'],
    [
      'retreats at the deadline where the plan says so',
      { elapsedSeconds: 7200, verdict: hold('no data'), onUndecided: 'champion' },
      'retreat',
    ],
    [
      'goes on after the deadline while it waits for nothing but the window',
      { elapsedSeconds: 7200, windowOpen: false },
      'continue',
    ],
    [
      'holds at the deadline in a closed window when a gate holds',
      { elapsedSeconds: 7200, windowOpen: false, verdict: hold('no data') },
      'hold',
    ],
    ['holds at the deadline when the window is unknown', { elapsedSeconds: 7200, windowOpen: null as never }, 'hold'],
    ['holds at the deadline without an approval', { elapsedSeconds: 7200, approval: 'pending' }, 'hold'],
    ['holds when the deadline cannot be read', { deadlineSeconds: Number.NaN, approval: 'pending' }, 'hold'],
    ['holds when the bake cannot be read', { bakeSeconds: Number.NaN, elapsedSeconds: 9999 }, 'hold'],
    ['holds when the clock cannot be read', { elapsedSeconds: Number.NaN }, 'hold'],
    ['holds on an unknown word of approval', { elapsedSeconds: 7200, approval: 'perhaps' as never }, 'hold'],
    ['holds on an unknown verdict', { elapsedSeconds: 7200, verdict: { ...pass('x'), kind: 'ok' as never } }, 'hold'],
  ])('%s', (_, facts, answer) => {
    expect(decideBake({ ...done, ...facts }).answer).toBe(answer);
  });
});

describe('tickSeconds', () => {
  test('looks every minute for half an hour, then every five minutes', () => {
    expect([0, 1799, 1800, 86_400].map(tickSeconds)).toEqual([60, 60, 300, 300]);
  });
});

describe('isoSeconds', () => {
  test.each([
    ['PT10M', 600],
    ['PT24H', 86_400],
    ['P3D', 259_200],
    ['P1DT2H3M4S', 93_784],
    ['PT0S', 0],
  ])('%s is %d s', (text, seconds) => {
    expect(isoSeconds(text)).toBe(seconds);
  });

  test('fails on anything else with a number that no comparison says yes to', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('P', 'PT', 'P1Y', '10m', 'PT-1M')), (text) => {
        fc.pre(!/^P(\d+D)?(T[\d.HMS]+)?$/.test(text) || text === 'P' || text === 'PT');
        expect(isoSeconds(text)).toBeNaN();
      }),
    );
  });
});
