import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Accumulator,
  type Arm,
  DifferenceTest,
  eBlockMaxExpectationOnNullBoundary,
  eBlockRatioMaxExpectationOnNullBoundary,
  farringtonManning,
  harmGrid,
  judge,
  logEBlock,
  logEBlockRatio,
  mannWhitneyExact,
  oneSampleEProcess,
  oneSidedLogE,
  type SeriesData,
  safeFractions,
} from '../../decision';
import { Tempering } from '../../decision/rules/tempering';
import { stage, stream } from './simulate';

const size = fc.integer({ min: 1, max: 7 });
const rate = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const margin = fc.double({ min: 0, max: 0.3, noNaN: true });

describe('e-values', () => {
  test('have an expectation of at most 1 on the null boundary, for any block and alternative', () => {
    fc.assert(
      fc.property(size, size, margin, rate, rate, fc.constantFrom('harm', 'safe'), (na, nb, m, altB, altA, side) => {
        const inputs = { na, nb, margin: m, altB, altA, side: side as 'harm' | 'safe', grid: 41 };
        expect(eBlockMaxExpectationOnNullBoundary(inputs)).toBeLessThanOrEqual(1 + 1e-7);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  test('have it inside the null as well, not only on its boundary', () => {
    fc.assert(
      fc.property(rate, rate, rate, rate, margin, (altB, altA, b, a, m) => {
        fc.pre(b - a <= m);
        let sum = 0;
        for (let xb = 0; xb <= 3; xb++) {
          for (let xa = 0; xa <= 3; xa++) {
            const choose = [1, 3, 3, 1];
            const chance = choose[xb] * b ** xb * (1 - b) ** (3 - xb) * choose[xa] * a ** xa * (1 - a) ** (3 - xa);
            sum += chance * Math.exp(logEBlock({ xb, nb: 3, xa, na: 3, altB, altA, margin: m, side: 'harm' }));
          }
        }
        expect(sum).toBeLessThanOrEqual(1 + 1e-7);
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  test('have it for ratios too', () => {
    const sides = fc.constantFrom('harmLow', 'harmHigh', 'safeLow', 'safeHigh');
    const ratio = fc.double({ min: 0.5, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(size, size, ratio, rate, rate, sides, (na, nb, r, altB, altA, side) => {
        const inputs = { na, nb, ratio: r, altB, altA, side: side as 'harmLow', grid: 41 };
        expect(eBlockRatioMaxExpectationOnNullBoundary(inputs)).toBeLessThanOrEqual(1 + 1e-7);
      }),
      { numRuns: 150, seed: 3 },
    );
  });

  test('of totals against a ceiling average to 1 at it and to less below it', () => {
    const expectation = (n: number, p0: number, p: number) => {
      let [sum, choose] = [0, 1];
      for (let x = 0; x <= n; x++) {
        sum += choose * p ** x * (1 - p) ** (n - x) * Math.exp(oneSidedLogE(x, n, p0, 'harm'));
        choose = (choose * (n - x)) / (x + 1);
      }
      return sum;
    };
    expect(expectation(40, 0.1, 0.1)).toBeCloseTo(1, 9);
    expect(expectation(40, 0.1, 0.05)).toBeLessThan(1);
  });

  test('are 0 in logarithms when an arm is empty or the alternative is no worse than tolerated', () => {
    const base = { xb: 1, nb: 10, xa: 1, na: 10, altB: 0.3, altA: 0.1, margin: 0.05, side: 'harm' } as const;
    expect(logEBlock({ ...base, xb: 0, nb: 0 })).toBe(0);
    expect(logEBlock({ ...base, xa: 0, na: 0 })).toBe(0);
    expect(logEBlock({ ...base, altB: 0.15 })).toBe(0);
    expect(logEBlock(base)).not.toBe(0);
    const ratio = { xb: 1, nb: 10, xa: 3, na: 10, altA: 0.3, ratio: 0.9, side: 'harmLow' } as const;
    expect(logEBlockRatio({ ...ratio, altB: 0.28 })).toBe(0);
    expect(logEBlockRatio({ ...ratio, altB: 0.2 })).not.toBe(0);
  });

  test('of one arm do not depend on the order of its blocks', () => {
    const blocks = fc.array(fc.record({ x: fc.integer({ min: 0, max: 5 }), n: fc.integer({ min: 5, max: 50 }) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(blocks, (list) => {
        const last = (order: typeof list) =>
          oneSampleEProcess({ blocks: order, p0: 0.02, grid: [0.01, 0.1], side: 'harm' }).at(-1);
        expect(last([...list].reverse())).toBeCloseTo(last(list) as number, 8);
      }),
    );
  });
});

describe('score test', () => {
  test('turns its sign when the arms change places', () => {
    const count = fc.integer({ min: 1, max: 500 });
    // Below a thousandth of a point rounding in the cubic shows; nobody tolerates so little.
    const usual = fc.double({ min: 1e-5, max: 0.3, noNaN: true });
    fc.assert(
      fc.property(count, count, rate, rate, usual, (nb, na, pb, pa, m) => {
        const [xb, xa] = [Math.floor(nb * pb), Math.floor(na * pa)];
        const one = farringtonManning({ xb, nb, xa, na, margin: m });
        const other = farringtonManning({ xb: xa, nb: na, xa: xb, na: nb, margin: -m });
        fc.pre(Number.isFinite(one.z) && Math.abs(one.z) < 1e4);
        expect(Math.abs(other.z + one.z)).toBeLessThan(1e-4 * (1 + Math.abs(one.z)));
      }),
      { seed: 4, numRuns: 1000 },
    );
  });

  test('Mann and Whitney count each other out', () => {
    expect(
      mannWhitneyExact({ x: [1, 4, 6], y: [2, 3, 5, 7] }).U + mannWhitneyExact({ x: [2, 3, 5, 7], y: [1, 4, 6] }).U,
    ).toBe(12);
  });
});

describe('replay', () => {
  const data = stage(stream(21), 90, { challenger: 60, champion: 600 }, () => ({ challenger: 0.03, champion: 0.01 }));
  const rule = { kind: 'countDifference', absoluteMargin: 0.005 } as const;

  test('of a whole stage equals going on from minute to minute, to the last bit', () => {
    const tempering = new Tempering({ baseline: [] });
    const [safeTest, harmTest] = [
      new DifferenceTest(0.005, 'safe', safeFractions),
      new DifferenceTest(0.005, 'harm', harmGrid(0.005)),
    ];
    const [safe, harm] = [new Accumulator(3), new Accumulator(5)];
    let top = Number.NEGATIVE_INFINITY;
    data.periods.forEach(({ challenger, champion }, i) => {
      const [b, a] = [challenger as Arm, champion as Arm];
      tempering.next(b.sum, b.count, a.sum, a.count);
      safe.add(safeTest.step(b.sum, b.count, a.sum, a.count, tempering.safe));
      harm.add(harmTest.step(b.sum, b.count, a.sum, a.count, tempering.harm));
      top = Math.max(top, harm.logHybrid(1440));
      const { evidence } = judge(rule, { ...data, asOf: (i + 1) * 60, periods: data.periods.slice(0, i + 1) });
      expect([evidence['logSafe'], evidence['logHarm']]).toEqual([safe.logE, top]);
    });
  });

  test('of the same bytes gives the same bytes', () => {
    expect(JSON.stringify(judge(rule, data))).toBe(JSON.stringify(judge(rule, JSON.parse(JSON.stringify(data)))));
  });

  test('more errors of the challenger never make the evidence of harm smaller', () => {
    fc.assert(
      fc.property(fc.nat({ max: 89 }), fc.integer({ min: 1, max: 30 }), (minute, more) => {
        const worse: SeriesData = {
          ...data,
          periods: data.periods.map((period, i) => {
            const arm = period.challenger as Arm;
            return i === minute ? { ...period, challenger: { sum: arm.sum + more, count: arm.count } } : period;
          }),
        };
        const log = (input: SeriesData) => judge(rule, input).evidence['logHarm'] as number;
        expect(log(worse)).toBeGreaterThanOrEqual(log(data) - 1e-12);
      }),
      { numRuns: 50 },
    );
  });
});
