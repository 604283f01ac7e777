import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../rehearsal/time/random';
import { beta, binomial, gamma, multinomial, normal, poisson } from '../../../rehearsal/traffic/samplers';

/** ln C(n, k) by summation: slow and obviously right. */
const logChoose = (n: number, k: number) => {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
};
const binomialMass = (n: number, p: number) => (k: number) =>
  Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
const poissonMass = (mean: number) => (k: number) => {
  let log = -mean;
  for (let i = 1; i <= k; i++) log += Math.log(mean / i);
  return Math.exp(log);
};

/** Pearson's chi-square over cells with at least 10 expected, against 5 standard deviations. */
function expectToFit(draw: () => number, mass: (k: number) => number, upTo: number, draws = 20_000) {
  const seen = new Map<number, number>();
  for (let i = 0; i < draws; i++) {
    const k = draw();
    seen.set(k, (seen.get(k) ?? 0) + 1);
  }
  let statistic = 0;
  let cells = 0;
  let restSeen = draws;
  let restExpected = draws;
  for (let k = 0; k <= upTo; k++) {
    const expected = draws * mass(k);
    if (expected < 10) continue;
    statistic += ((seen.get(k) ?? 0) - expected) ** 2 / expected;
    restSeen -= seen.get(k) ?? 0;
    restExpected -= expected;
    cells++;
  }
  if (restExpected > 10) statistic += (restSeen - restExpected) ** 2 / restExpected;
  expect(statistic).toBeLessThan(cells + 5 * Math.sqrt(2 * cells));
}

const moments = (draw: () => number, draws = 40_000) => {
  const numbers = Array.from({ length: draws }, draw);
  const mean = numbers.reduce((sum, x) => sum + x, 0) / draws;
  return { mean, variance: numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws };
};

describe('exact samplers', () => {
  it.each([
    [5, 0.3],
    [40, 0.2],
    [60, 0.3],
    [100, 0.5],
    [300, 0.9],
    [6000, 0.001],
    [6000, 0.01],
    [1000, 0.35],
  ])('draw binomial numbers of %d trials at %d by their probabilities', (n, p) => {
    const random = randomStream(1, `binomial ${n} ${p}`);
    expectToFit(() => binomial(random, n, p), binomialMass(n, p), n);
  });

  it.each([0.2, 3, 9.9, 10.1, 42, 250])('draw Poisson numbers of mean %d by their probabilities', (mean) => {
    const random = randomStream(2, `poisson ${mean}`);
    expectToFit(() => poisson(random, mean), poissonMass(mean), 500);
  });

  it('draw normal, gamma and beta numbers with their mean and variance', () => {
    const random = randomStream(3, 'continuous');
    const standard = moments(() => normal(random));
    expect(standard.mean).toBeCloseTo(0, 1);
    expect(standard.variance).toBeCloseTo(1, 1);
    for (const shape of [0.3, 1, 7, 100]) {
      const { mean, variance } = moments(() => gamma(random, shape));
      expect(mean / shape).toBeCloseTo(1, 1);
      expect(variance / shape).toBeGreaterThan(0.9);
      expect(variance / shape).toBeLessThan(1.1);
    }
    for (const [mean, concentration] of [
      [0.3, 50],
      [0.01, 400],
      [0.5, 1],
    ]) {
      const found = moments(() => beta(random, mean, concentration));
      expect(found.mean / mean).toBeCloseTo(1, 1);
      const variance = (mean * (1 - mean)) / (concentration + 1);
      expect(found.variance / variance).toBeGreaterThan(0.85);
      expect(found.variance / variance).toBeLessThan(1.15);
    }
  });

  it('never leave their range, whatever they are asked', () => {
    const random = randomStream(4, 'range');
    fc.assert(
      fc.property(fc.nat(1e6), fc.double({ min: 0, max: 1, noNaN: true }), (n, p) => {
        const k = binomial(random, n, p);
        expect(Number.isInteger(k) && k >= 0 && k <= n).toBe(true);
        if (p === 0) expect(k).toBe(0);
        if (p === 1) expect(k).toBe(n);
      }),
    );
  });

  it('lose and invent no trial in a multinomial draw', () => {
    const random = randomStream(5, 'multinomial');
    const weights = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.nat(10_000), weights, (n, list) => {
        const sum = list.reduce((a, b) => a + b, 0);
        const counts = multinomial(random, n, [...list.map((weight) => weight / sum / 2), 0.5]);
        expect(counts.reduce((a, b) => a + b, 0)).toBe(n);
        expect(counts.every((count) => count >= 0 && Number.isInteger(count))).toBe(true);
      }),
    );
  });

  it('fall into multinomial categories by their probabilities', () => {
    const random = randomStream(6, 'categories');
    expectToFit(() => multinomial(random, 30, [0.2, 0.3, 0.5])[1], binomialMass(30, 0.3), 30);
    expectToFit(() => multinomial(random, 30, [0.2, 0.3, 0.5])[2], binomialMass(30, 0.5), 30);
  });

  it('treat an impossible or missing probability as none', () => {
    const random = randomStream(7, 'none');
    expect(binomial(random, 100, Number.NaN)).toBe(0);
    expect(binomial(random, 100, -1)).toBe(0);
    expect(poisson(random, Number.NaN)).toBe(0);
  });
});
