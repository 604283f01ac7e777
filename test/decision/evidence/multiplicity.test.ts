import { describe, expect, test } from 'vitest';
import { adjustP, eBenjaminiHochberg, simesP } from '../../../decision';

describe('p-values adjusted for their number', () => {
  const p = [0.05, 0.01, 0.04, 0.045];
  const four = (value: number) => 1 - (1 - value) ** 4;
  const harmonic = 1 + 1 / 2 + 1 / 3 + 1 / 4;
  test.each([
    ['none', p],
    ['bonferroni', [0.2, 0.04, 0.16, 0.18]],
    ['sidak', p.map(four)],
    ['holm', [0.12, 0.04, 0.12, 0.12]],
    ['holmSidak', [1 - 0.96 ** 3, four(0.01), 1 - 0.96 ** 3, 1 - 0.96 ** 3]],
    ['hochberg', [0.05, 0.04, 0.05, 0.05]],
    ['benjaminiHochberg', [0.05, 0.04, 0.05, 0.05]],
    ['benjaminiYekutieli', [0.05, 0.04, 0.05, 0.05].map((value) => value * harmonic)],
  ] as const)('by %s', (method, expected) => {
    const adjusted = adjustP({ p, method });
    expect(adjusted).toHaveLength(4);
    adjusted.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 12);
    });
  });

  test('of none are none, and of two close ones the larger', () => {
    expect(adjustP({ p: [], method: 'holm' })).toEqual([]);
    expect(adjustP({ p: [0.03, 0.031], method: 'benjaminiHochberg' })).toEqual([0.031, 0.031]);
    expect(adjustP({ p: [0.7, 0.8], method: 'bonferroni' })).toEqual([1, 1]);
  });

  test('are one p-value by Simes', () => {
    expect(simesP({ p: [0.04, 0.01, 0.03] })).toBeCloseTo(0.03, 12);
    expect(simesP({ p: [0.032, 0.03, 0.031] })).toBeCloseTo(0.032, 12);
    expect(simesP({ p: [0.9, 0.02] })).toBeCloseTo(0.04, 12);
    expect(simesP({ p: [1] })).toBe(1);
  });

  test('are e-values by Benjamini and Hochberg', () => {
    // of three 60, 30 and 20 are asked for
    expect(eBenjaminiHochberg({ e: [50, 10, 45], alpha: 0.05 })).toEqual([0, 2]);
    expect(eBenjaminiHochberg({ e: [25, 24, 23], alpha: 0.05 })).toEqual([0, 1, 2]);
    expect(eBenjaminiHochberg({ e: [20], alpha: 0.05 })).toEqual([0]);
    expect(eBenjaminiHochberg({ e: [1], alpha: 0.05 })).toEqual([]);
  });
});
