import { describe, expect, test } from 'vitest';
import { eBlockMaxExpectationOnNullBoundary, eBlockRatioMaxExpectationOnNullBoundary } from '../../../decision';
import { type Line, logEValue } from '../rules/by-definition';

/** The largest expectation of the e-value of one request of each arm, at the given rates of the champion. */
function largest(b: number, a: number, line: Line, rates: readonly number[]): number {
  return Math.max(
    ...rates.map((rate) => {
      const other = line.gain * rate + line.shift;
      const chance = (x: number, p: number) => (x === 1 ? p : 1 - p);
      return [0, 1]
        .flatMap((xb) => [0, 1].map((xa) => ({ xb, nb: 1, xa, na: 1 })))
        .map((block) => chance(block.xb, other) * chance(block.xa, rate) * Math.exp(logEValue(block, b, a, line)))
        .reduce((sum, value) => sum + value, 0);
    }),
  );
}

const one = { na: 1, nb: 1 };

describe('the certificate of an e-value', () => {
  test.each([
    [0.2, 2, [0, 0.8]],
    [0.2, 3, [0, 0.4, 0.8]],
    [-0.2, 2, [0.2, 1]],
    [-0.2, 3, [0.2, 0.6, 1]],
  ])('looks along a whole margin of %d in %d points', (margin, grid, rates) => {
    for (const [altB, altA] of [
      [0.9, 0.1],
      [0.8, 0.55],
    ] as const) {
      expect(eBlockMaxExpectationOnNullBoundary({ ...one, altB, altA, margin, grid, side: 'harm' })).toBeCloseTo(
        largest(altB, altA, { gain: 1, shift: margin }, rates),
        9,
      );
    }
  });

  test.each([
    [0.8, 2, [0, 1]],
    [1.25, 2, [0, 0.8]],
    [1.25, 3, [0, 0.4, 0.8]],
  ])('looks along a whole ratio of %d in %d points', (ratio, grid, rates) => {
    const inputs = { ...one, altB: 0.9, altA: 0.3, ratio, grid, side: 'harmHigh' } as const;
    expect(eBlockRatioMaxExpectationOnNullBoundary(inputs)).toBeCloseTo(
      largest(0.9, 0.3, { gain: ratio, shift: 0 }, rates),
      9,
    );
  });
});
