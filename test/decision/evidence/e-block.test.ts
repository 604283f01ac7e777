import { describe, expect, test } from 'vitest';
import { logEBlock, logEBlockRatio } from '../../../decision';
import { logEValue } from '../rules/by-definition';

describe('a block is no evidence at all', () => {
  const million = { xb: 123_457, nb: 1e6, xa: 98_765, na: 1e6 };

  test('when its alternative lies on the boundary, to the last bit', () => {
    for (const side of ['harm', 'safe'] as const) {
      expect(logEBlock({ ...million, altB: 0.375, altA: 0.25, margin: 0.125, side })).toBe(0);
    }
    for (const side of ['harmLow', 'harmHigh', 'safeLow', 'safeHigh'] as const) {
      for (let i = 1; i < 100; i++) {
        const altA = 0.0071 * i;
        expect(logEBlockRatio({ ...million, altB: 0.9 * altA, altA, ratio: 0.9, side })).toBe(0);
      }
    }
  });

  test('when its alternative lies inside the null', () => {
    expect(logEBlock({ ...million, altB: 0.3, altA: 0.1, margin: 0.1, side: 'safe' })).toBe(0);
    expect(logEBlock({ ...million, altB: 0.1, altA: 0.1, margin: 0.1, side: 'harm' })).toBe(0);
    for (const side of ['harmHigh', 'safeHigh'] as const) {
      expect(logEBlockRatio({ ...million, altB: 0.1, altA: 0.3, ratio: 0.9, side })).toBe(0);
    }
    for (const side of ['harmLow', 'safeLow'] as const) {
      expect(logEBlockRatio({ ...million, altB: 0.3, altA: 0.1, ratio: 0.9, side })).toBe(0);
    }
  });

  test('when one arm is empty, to the last bit', () => {
    for (let i = 1; i < 40; i++) {
      const alternative = { altB: 0.013 * i, altA: 0.0071 * i, ratio: 1.1, side: 'harmHigh' } as const;
      expect(logEBlockRatio({ ...alternative, xb: 12_345, nb: 1e6, xa: 0, na: 0 })).toBe(0);
      expect(logEBlockRatio({ ...alternative, xb: 0, nb: 0, xa: 12_345, na: 1e6 })).toBe(0);
    }
  });
});

test('a certain alternative is evidence where everything happens as it says', () => {
  const block = { xb: 3, nb: 3, xa: 1, na: 10 };
  const certain = logEBlock({ ...block, altB: 1, altA: 0.1, margin: 0.2, side: 'harm' });
  expect(certain).toBeCloseTo(logEValue(block, 1 - 1e-12, 0.1, { gain: 1, shift: 0.2 }), 6);
});
