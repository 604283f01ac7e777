import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { insideWindow, secondsUntilOpen } from '../../../decision/rollout';

const at = (time: string) => Date.parse(time);
const office = { days: [1, 2, 3, 4], fromHour: 8, toHour: 16 };

describe('insideWindow', () => {
  test.each([
    ['2026-11-23T08:00:00Z', true],
    ['2026-11-23T15:59:59Z', true],
    ['2026-11-23T16:00:00Z', false],
    ['2026-11-23T07:59:59Z', false],
    ['2026-11-27T10:00:00Z', false],
    ['2026-11-29T10:00:00Z', false],
  ])("Monday to Thursday, 8 to 16 o'clock, on %s: %s", (time, open) => {
    expect(insideWindow({ changeWindow: office }, at(time))).toBe(open);
  });

  test.each([
    // Central Europe leaves summer time on 25 October 2026: 8 o'clock is 06:00 UTC before, and 07:00 UTC after.
    ['2026-10-22T06:00:00Z', 'Europe/Berlin', true],
    ['2026-10-22T05:59:59Z', 'Europe/Berlin', false],
    ['2026-10-26T06:59:59Z', 'Europe/Berlin', false],
    ['2026-10-26T07:00:00Z', 'Europe/Berlin', true],
    // Half past five east of Greenwich; and a day that is another one there.
    ['2026-11-23T02:30:00Z', 'Asia/Kolkata', true],
    ['2026-11-22T23:00:00Z', 'Pacific/Auckland', true],
    ['2026-11-23T10:00:00Z', 'Mars/Olympus', false],
  ])('%s in %s: %s', (time, timeZone, open) => {
    expect(insideWindow({ changeWindow: { ...office, timeZone } }, at(time))).toBe(open);
  });

  test('is always open where nobody declared one, and never at a time that cannot be read', () => {
    expect(insideWindow({}, Number.NaN)).toBe(true);
    expect(insideWindow({ changeWindow: office }, Number.NaN)).toBe(false);
    expect(insideWindow({ freezes: [{ firstDay: '2026-01-01', lastDay: '2026-01-02' }] }, Number.NaN)).toBe(false);
  });

  test.each([
    ['2026-12-19T23:59:59Z', 'UTC', true],
    ['2026-12-20T00:00:00Z', 'UTC', false],
    ['2027-01-03T23:59:59Z', 'UTC', false],
    ['2027-01-04T00:00:00Z', 'UTC', true],
    ['2026-12-19T23:00:00Z', 'Europe/Berlin', false],
    ['2027-01-03T23:00:00Z', 'Europe/Berlin', true],
  ])('a freeze over the new year, on %s in %s: %s', (time, timeZone, open) => {
    expect(insideWindow({ freezes: [{ firstDay: '2026-12-20', lastDay: '2027-01-03', timeZone }] }, at(time))).toBe(
      open,
    );
  });
});

describe('secondsUntilOpen', () => {
  test.each([
    ['in the window', '2026-11-23T09:00:00Z', 0],
    ['an hour and ten seconds before', '2026-11-23T06:59:50Z', 3610],
    ['days before: it is asked again after a day', '2026-11-27T10:00:00Z', 86_400],
  ])('%s', (_, time, seconds) => {
    expect(secondsUntilOpen({ changeWindow: office }, at(time))).toBe(seconds);
  });

  test('is a day for a time that cannot be read', () => {
    expect(secondsUntilOpen({ changeWindow: office }, Number.NaN)).toBe(86_400);
  });

  test('never sleeps past the opening, and is never zero while it is closed', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns');
    const window = fc.record({
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      fromHour: fc.integer({ min: 0, max: 23 }),
      toHour: fc.integer({ min: 1, max: 24 }),
      timeZone: zones,
    });
    const times = fc.integer({ min: at('2026-01-01'), max: at('2027-12-31') });
    fc.assert(
      fc.property(window, times, (changeWindow, now) => {
        const seconds = secondsUntilOpen({ changeWindow }, now);
        expect(seconds > 0).toBe(!insideWindow({ changeWindow }, now));
        for (let next = 0; next < seconds - 1; next += 450) {
          expect(insideWindow({ changeWindow }, now + next * 1000)).toBe(false);
        }
      }),
      { numRuns: 30 },
    );
  });
});
