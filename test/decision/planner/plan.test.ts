import { describe, expect, test } from 'vitest';
import { ours } from '../../../bench/judgement/methods';
import { draw } from '../../../bench/judgement/worlds';
import {
  blastRadius,
  effortToDetect,
  effortToProve,
  minimumDetectableRate,
  probabilityUndecided,
  type StagePlan,
  shareToDetect,
} from '../../../decision';

const plan: StagePlan = { requestsPerSecond: 100, share: 0.05, championRate: 0.01, absoluteMargin: 0.005 };
const days = 60;

/** Mean minutes until the monitor decides, simulated. */
function simulated(challengerRate: number): {
  detect: number;
  prove: number;
  undecidedAt: (minutes: number) => number;
} {
  const world = {
    name: `plan/${challengerRate}`,
    requestsPerSecond: 100,
    share: 0.05,
    championRate: 0.01,
    challengerRate,
    onset: 0,
    minutes: 400,
  };
  const decisions = Array.from({ length: days }, (_, seed) => ours(0.005)(draw(world, seed)));
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  return {
    detect: mean(decisions.map(({ rollback }) => rollback)),
    prove: mean(decisions.map(({ promote }) => promote)),
    undecidedAt: (minutes) =>
      decisions.filter(({ rollback, promote }) => Math.min(rollback, promote) > minutes).length / days,
  };
}

describe('planner', () => {
  test('agrees with simulation on the minutes to detect and to prove safe', () => {
    const bad = simulated(0.03);
    // CloudWatch's lag and half a period come on top of what a simulation without lag sees.
    const lag = 1.5;
    expect(effortToDetect(plan, 0.03).minutes - lag).toBeGreaterThan(0.6 * bad.detect);
    expect(effortToDetect(plan, 0.03).minutes - lag).toBeLessThan(1.5 * bad.detect);
    const good = simulated(0.01);
    expect(effortToProve(plan).minutes - lag).toBeGreaterThan(0.7 * good.prove);
    expect(effortToProve(plan).minutes - lag).toBeLessThan(1.4 * good.prove);
  });

  test('agrees with simulation on the chance of an undecided stage', () => {
    const good = simulated(0.01);
    for (const minutes of [10, 20, 40]) {
      expect(Math.abs(probabilityUndecided(plan, 0.01, minutes + 1.5) - good.undecidedAt(minutes))).toBeLessThan(0.25);
    }
    expect(probabilityUndecided(plan, 0.01, 1440)).toBeLessThan(0.001);
    expect(probabilityUndecided(plan, 0.015, 1440)).toBe(1);
    expect(probabilityUndecided({ ...plan, requestsPerSecond: 0 }, 0.01, 1440)).toBe(1);
  });

  test('never decides at the margin', () => {
    expect(effortToDetect(plan, 0.015).requests).toBe(Number.POSITIVE_INFINITY);
    expect(effortToProve(plan, 0.015).requests).toBe(Number.POSITIVE_INFINITY);
  });

  test('names the smallest rate that the detection budget finds, and the share that finds a given one', () => {
    const rate = minimumDetectableRate(plan, 5);
    expect(effortToDetect(plan, rate).minutes).toBeCloseTo(5, 6);
    expect(rate).toBeGreaterThan(0.015);
    const share = shareToDetect({ ...plan, requestsPerSecond: 10 }, 0.05, 5);
    expect(effortToDetect({ ...plan, requestsPerSecond: 10, share }, 0.05).minutes).toBeCloseTo(5, 4);
    expect(shareToDetect({ ...plan, requestsPerSecond: 0.001 }, 0.05, 5)).toBe(Number.POSITIVE_INFINITY);
    expect(minimumDetectableRate({ ...plan, requestsPerSecond: 0.001 }, 5)).toBe(Number.POSITIVE_INFINITY);
  });

  test('counts the bad requests until the rollback is done', () => {
    const { minutes } = effortToDetect(plan, 0.05);
    expect(blastRadius(plan, 0.05, 3)).toBeCloseTo(100 * 0.05 * 60 * (minutes + 3) * 0.04, 6);
    expect(blastRadius(plan, 0.01, 3)).toBe(0);
  });

  test('asks for less of more traffic, and for more of a later look', () => {
    const slow = effortToDetect({ ...plan, requestsPerSecond: 10 }, 0.05);
    expect(slow.minutes).toBeGreaterThan(effortToDetect(plan, 0.05).minutes);
    expect(slow.requests).toBeCloseTo(effortToDetect(plan, 0.05).requests, 9);
    expect(effortToDetect({ ...plan, publishLagSeconds: 300 }, 0.05).minutes).toBeCloseTo(
      effortToDetect(plan, 0.05).minutes + 4,
      9,
    );
  });
});
