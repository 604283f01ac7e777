import fc from 'fast-check';
import jstat from 'jstat';
import { describe, expect, test } from 'vitest';
import {
  betaQuantile,
  binomialCdf,
  binomialPmf,
  chiSquareQuantile,
  chiSquareUpper,
  logBeta,
  logGamma,
  normalCdf,
  normalQuantile,
  regularizedGammaP,
  regularizedIncompleteBeta,
  studentTCdf,
  studentTQuantile,
} from '../../../decision';
import { bisect, lambertWm1 } from '../../../decision/special/root';

const { jStat } = jstat;
const near = (actual: number, expected: number, relative: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.max(1e-12, Math.abs(expected)));
const positive = fc.double({ min: 0.1, max: 200, noNaN: true });
// Below a shape of 1 quantiles crowd so near to 0 and 1 that doubles cannot hold them.
const shape = fc.double({ min: 1, max: 200, noNaN: true });
const probability = fc.double({ min: 0.001, max: 0.999, noNaN: true });

describe('a second oracle agrees', () => {
  test('on the gamma function and its integrals', () => {
    fc.assert(
      fc.property(positive, positive, (a, x) => {
        near(logGamma({ x: a }), jStat.gammaln(a), 1e-8);
        near(regularizedGammaP({ a, x }), jStat.lowRegGamma(a, x), 1e-6);
        near(logBeta({ a, b: x }), jStat.betaln(a, x), 1e-7);
      }),
      { seed: 1 },
    );
  });

  test('on the beta distribution', () => {
    fc.assert(
      fc.property(positive, positive, probability, (a, b, p) => {
        near(regularizedIncompleteBeta({ x: p, a, b }), jStat.ibeta(p, a, b), 1e-5);
      }),
      { seed: 2 },
    );
  });

  test('on the normal distribution near its centre', () => {
    for (const z of [-3, -1.5, -0.2, 0, 0.7, 2.4, 2.6, 3]) near(normalCdf({ z }), jStat.normal.cdf(z, 0, 1), 1e-8);
  });
});

describe('known values', () => {
  test('hold in the far tails', () => {
    near(normalCdf({ z: -10 }), 7.619853024160527e-24, 1e-12);
    near(normalCdf({ z: -37.5 }), 4.605353009581e-308, 1e-9);
    near(chiSquareUpper({ x: 100, df: 1 }), 1.523970604832105e-23, 1e-12);
    expect(normalCdf({ z: Number.NEGATIVE_INFINITY })).toBe(0);
    expect(normalCdf({ z: Number.POSITIVE_INFINITY })).toBe(1);
    expect(normalCdf({ z: 100 })).toBe(1);
  });

  test('hold for whole arguments of the gamma function', () => {
    near(logGamma({ x: 5 }), Math.log(24), 1e-14);
    near(logGamma({ x: 0.5 }), Math.log(Math.PI) / 2, 1e-14);
    near(logGamma({ x: 171 }), 706.5730622457874, 1e-14);
    expect(logGamma({ x: 0 })).toBeNaN();
    expect(logGamma({ x: -1.5 })).toBeNaN();
  });
});

describe('quantiles', () => {
  test('are where their distributions reach the probability', () => {
    fc.assert(
      fc.property(probability, shape, shape, (p, a, b) => {
        near(normalCdf({ z: normalQuantile({ p }) }), p, 1e-11);
        near(regularizedIncompleteBeta({ x: betaQuantile({ p, a, b }), a, b }), p, 1e-8);
        near(studentTCdf({ t: studentTQuantile({ p, df: a }), df: a }), p, 1e-8);
        const df = a + 1;
        near(1 - chiSquareUpper({ x: chiSquareQuantile({ p, df }), df }), p, 1e-8);
      }),
      { seed: 3 },
    );
  });

  test('are infinite at 0 and 1 and not a number outside', () => {
    expect(normalQuantile({ p: 0 })).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile({ p: 1 })).toBe(Number.POSITIVE_INFINITY);
    for (const p of [-0.1, 1.1, Number.NaN]) expect(normalQuantile({ p })).toBeNaN();
    expect([betaQuantile({ p: 0, a: 2, b: 3 }), betaQuantile({ p: 1, a: 2, b: 3 })]).toEqual([0, 1]);
    expect(betaQuantile({ p: 0.5, a: 0, b: 3 })).toBeNaN();
    expect(chiSquareQuantile({ p: 1, df: 2 })).toBeNaN();
  });
});

describe('binomial', () => {
  test('probabilities add up to the distribution', () => {
    let sum = 0;
    for (let k = 0; k <= 30; k++) {
      sum += binomialPmf({ k, n: 30, p: 0.3 });
      near(binomialCdf({ k, n: 30, p: 0.3 }), sum, 1e-11);
    }
    near(sum, 1, 1e-12);
    expect([
      binomialPmf({ k: 0, n: 5, p: 0 }),
      binomialPmf({ k: 5, n: 5, p: 1 }),
      binomialPmf({ k: 6, n: 5, p: 0.5 }),
    ]).toEqual([1, 1, 0]);
  });
});

describe('roots', () => {
  test('are found, or the nearer end is told', () => {
    expect(bisect((x) => x * x - 2, 0, 2)).toBeCloseTo(Math.SQRT2, 15);
    expect(bisect((x) => x + 1, 0, 2)).toBe(0);
    const w = lambertWm1(-0.1);
    expect(w * Math.exp(w)).toBeCloseTo(-0.1, 14);
    expect(w).toBeLessThan(-1);
    expect(lambertWm1(0.1)).toBeNaN();
  });
});
