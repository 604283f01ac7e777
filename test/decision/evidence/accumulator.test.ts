import { describe, expect, test } from 'vitest';
import { Accumulator, logMeanExp } from '../../../decision';

describe('accumulated evidence', () => {
  test('of no block is 1 as a product and nothing as a detector', () => {
    const sum = new Accumulator(2);
    expect([sum.logE, sum.logM]).toEqual([0, Number.NEGATIVE_INFINITY]);
    // (1 + (0 + 10) / 10) / 2
    expect(sum.logHybrid(10)).toBeCloseTo(0, 12);
  });

  test('grows beyond what a number can hold without its logarithm', () => {
    const sum = new Accumulator(1);
    for (let i = 0; i < 3; i++) sum.add([800]);
    expect(sum.logE).toBe(2400);
    // M = (1 + M) E, and 1 is lost beside e^800
    expect(sum.logM).toBe(2400);
  });

  test('remembers, as a detector, evidence since any start', () => {
    const sum = new Accumulator(1);
    for (const value of [2, 1 / 4, 1 / 2, 3]) sum.add([Math.log(value)]);
    // products 2, 0.5, 0.25, 0.75; detectors 2, 0.75, 0.875, 5.625
    expect(Math.exp(sum.logE)).toBeCloseTo(0.75, 12);
    expect(Math.exp(sum.logM)).toBeCloseTo(5.625, 12);
    // half of the product, half of the detector and the idle periods
    expect(Math.exp(sum.logHybrid(10))).toBeCloseTo(0.75 / 2 + (5.625 + 6) / 20, 12);
    expect(Math.exp(sum.logHybrid(4))).toBeCloseTo(0.75 / 2 + 5.625 / 8, 12);
    expect(Math.exp(sum.logHybrid(2))).toBeCloseTo(0.75 / 2 + 5.625 / 4, 12);
  });

  test('is the mean over the alternatives', () => {
    const sum = new Accumulator(3);
    sum.add([1, 2, 6].map(Math.log));
    expect(Math.exp(sum.logE)).toBeCloseTo(3, 12);
    expect(Math.exp(sum.logM)).toBeCloseTo(3, 12);
  });
});

describe('a mean of exponentials', () => {
  test('is nothing where all are nothing, and half where one of two is', () => {
    const nothing = Number.NEGATIVE_INFINITY;
    expect(logMeanExp([nothing, nothing])).toBe(nothing);
    expect(logMeanExp([nothing, 0])).toBeCloseTo(-Math.LN2, 12);
    expect(logMeanExp([1000, 1000])).toBe(1000);
  });
});
