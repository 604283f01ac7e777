import { describe, expect, test } from 'vitest';
import { Clock, EPOCH } from '../../../rehearsal/time/clock';
import { randomStream } from '../../../rehearsal/time/random';

describe('the clock', () => {
  test('fires timers in the order of their time, then of their making', async () => {
    const clock = new Clock();
    const fired: string[] = [];
    clock.after(20, () => fired.push('late'));
    clock.after(10, () => fired.push('first'));
    clock.after(10, () => fired.push('second'));
    await clock.run(clock.sleep(30));
    expect(fired).toEqual(['first', 'second', 'late']);
    expect(clock.now()).toBe(EPOCH + 30);
  });

  test('a cancelled timer does not fire, and a point in the past is now', async () => {
    const clock = new Clock();
    const fired: number[] = [];
    clock.cancel(clock.after(5, () => fired.push(5)));
    clock.at(EPOCH - 1000, () => fired.push(clock.now() - EPOCH));
    await clock.run(clock.sleep(10));
    expect(fired).toEqual([0]);
  });

  test('stands still while something real is in flight', async () => {
    const clock = new Clock();
    const real = new Promise<number>((resolve) => setTimeout(() => resolve(clock.now()), 20));
    clock.after(1000, () => undefined);
    expect(await clock.run(clock.hold(real))).toBe(EPOCH);
  });

  test('fails when nothing is left that could settle the work', async () => {
    await expect(new Clock().run(new Promise(() => undefined))).rejects.toThrow('the work is not done');
  });

  test('fails with the error of something that nobody awaits', async () => {
    const clock = new Clock();
    clock.after(5, () => clock.fail(new Error('a defect')));
    await expect(clock.run(clock.sleep(10))).rejects.toThrow('a defect');
  });

  test('advances at once in a world without promises', () => {
    const clock = new Clock();
    let ticks = 0;
    const tick = () => {
      ticks++;
      clock.after(60_000, tick);
    };
    tick();
    clock.advanceTo(EPOCH + 600_000);
    expect([ticks, clock.now()]).toEqual([11, EPOCH + 600_000]);
  });
});

describe('a random stream', () => {
  const take = (seed: number, concern: string) => {
    const stream = randomStream(seed, concern);
    return Array.from({ length: 1000 }, stream);
  };

  test('is the same for the same seed and concern, and another for another', () => {
    expect(take(1, 'traffic')).toEqual(take(1, 'traffic'));
    expect(take(1, 'traffic')).not.toEqual(take(2, 'traffic'));
    expect(take(1, 'traffic')).not.toEqual(take(1, 'alarm-phase'));
  });

  test('fills [0, 1) evenly', () => {
    const drawn = take(3, 'any');
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    // The mean of 1000 uniform draws has a standard deviation of 0.009.
    expect(Math.abs(drawn.reduce((sum, x) => sum + x, 0) / 1000 - 0.5)).toBeLessThan(0.04);
  });
});
