import { describe, expect, test } from 'vitest';
import { IntraClassCorrelation } from '../../../decision';

/** The correlations of periods with eight trials each. */
function gathered(events: readonly number[], trials = 8) {
  const sum = new IntraClassCorrelation();
  for (const x of events) sum.add(x, trials);
  return sum;
}

describe('correlation within periods', () => {
  // Of 256 trials 106 events, squares 448: between (56 - 106^2 / 256) / 31 = 0.390625, within (106 - 56) / 224.
  const edge = [...[0, 6, 0, 6, 0, 6, 0, 6, 0, 6], ...Array<number>(12).fill(3), ...Array<number>(10).fill(4)];
  const [between, within] = [0.390625, 50 / 224];

  test('is the share of the variance that lies between periods', () => {
    expect(gathered(edge).rho).toBeCloseTo((between - within) / (between + 7 * within), 12);
  });

  test('is clear when it exceeds chance by three standard errors, not when it just reaches them', () => {
    // 1 + 3 sqrt(2 / 32) = 1.75
    expect(between / within).toBeCloseTo(1.75, 12);
    expect(gathered(edge).clearRho).toBe(0);
    const beyond = gathered([0, 7, ...edge.slice(2)]);
    expect(beyond.clearRho).toBe(beyond.rho);
    expect(beyond.rho).toBeGreaterThan(0.08);
  });

  test('is 0 for periods more alike than chance would make them', () => {
    expect(gathered(Array<number>(32).fill(4)).rho).toBe(0);
  });

  test('is 0 without an event, with nothing but events, and with one trial a period', () => {
    expect(gathered(Array<number>(32).fill(0)).rho).toBe(0);
    expect(gathered(Array<number>(32).fill(8)).rho).toBe(0);
    expect(gathered([...Array<number>(16).fill(0), ...Array<number>(16).fill(1)], 1).rho).toBe(0);
  });

  test('is 1 for periods that fail as a whole or not at all', () => {
    expect(gathered([...Array<number>(16).fill(0), ...Array<number>(16).fill(8)]).rho).toBe(1);
  });

  test('is measured on thirty periods with trials', () => {
    const few = gathered([...edge.slice(0, 29)]);
    few.add(5, 0);
    expect([few.measured, few.rho]).toEqual([false, 0]);
    few.add(3, 8);
    expect(few.measured).toBe(true);
    expect(few.rho).toBeGreaterThan(0);
  });
});
