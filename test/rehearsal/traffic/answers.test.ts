import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IDENTICAL, type Predictions } from '../../../rehearsal/scenario-data';
import { randomStream } from '../../../rehearsal/time/random';
import { drawAnswers } from '../../../rehearsal/traffic/answers';

const drawn = (predictions: Partial<Predictions>, n = 20_000) => {
  const random = randomStream(1, 'answers');
  return Array.from({ length: n }, () => drawAnswers(random, { ...IDENTICAL, ...predictions }));
};
const differences = (predictions: Partial<Predictions>) =>
  drawn(predictions).map(({ champion, challenger }) => Number(challenger) - Number(champion));
const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
/** Within five standard deviations of a share. */
const near = (share: number, expected: number, n = 20_000) =>
  expect(Math.abs(share - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / n) + 1e-12);

describe('what both versions answer', () => {
  test('is the same where nothing else is said', () => {
    for (const { champion, challenger } of drawn({}, 1000)) expect(challenger).toBe(champion);
  });

  test('differs as often as the scenario says, by half of the scale', () => {
    const off = differences({ disagreementRate: 0.07 });
    near(off.filter((difference) => difference !== 0).length / off.length, 0.07);
    const sizes = new Set(off.map((difference) => Math.abs(difference).toFixed(5)));
    expect([...sizes].sort()).toEqual(['0.00000', '0.50000']);
  });

  test('lies off by the shift, and varies about it by the noise', () => {
    const off = differences({ shift: 0.1, noise: 0.02 });
    expect(Math.abs(mean(off) - 0.1)).toBeLessThan((5 * 0.02) / Math.sqrt(20_000));
    const deviation = Math.sqrt(mean(off.map((difference) => (difference - mean(off)) ** 2)));
    expect(Math.abs(deviation - 0.02)).toBeLessThan(0.001);
  });

  test('holds nothing as often as the scenario says, on the side of the challenger only', () => {
    const answers = drawn({ unreadableRate: 0.3 });
    near(answers.filter(({ challenger }) => challenger === '').length / answers.length, 0.3);
    expect(answers.every(({ champion }) => champion !== '')).toBe(true);
  });

  test('is a label of the scenario, and another one where they disagree', () => {
    const labels = ['spam', 'ham', 'unsure'];
    const answers = drawn({ labels, disagreementRate: 1 });
    expect(new Set(answers.map(({ challenger }) => challenger))).toEqual(new Set(labels));
    expect(answers.filter(({ champion, challenger }) => champion === challenger)).toEqual([]);
    for (const label of labels) near(answers.filter(({ champion }) => champion === label).length / 20_000, 1 / 3);
  });

  test("the champion's scores lie between 0 and 1, whatever the challenger does", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (rate, shift) => {
          for (const { champion } of drawn({ disagreementRate: rate, shift }, 20)) {
            expect(Number(champion)).toBeGreaterThanOrEqual(0);
            expect(Number(champion)).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
