import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../../rehearsal/cloudwatch/histogram';
import { parseStatistic } from '../../../rehearsal/cloudwatch/statistic';

const samples = (...values: number[]) => Histogram.of(values.map((value) => [value, 1] as const));
const of = (name: string, ...values: number[]) => parseStatistic(name)?.of(samples(...values));
const ONE_TO_TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const ONE_TO_HUNDRED = Array.from({ length: 100 }, (_, i) => i + 1);

describe('statistics of one histogram', () => {
  it.each([
    ['SampleCount', 10],
    ['Sum', 55],
    ['Average', 5.5],
    ['Minimum', 1],
    ['Maximum', 10],
    ['p50', 5],
    ['p90', 9],
    ['p95', 10],
    ['p0', 1],
    ['p100', 10],
    ['tm90', 5],
    ['tc90', 9],
    ['ts90', 45],
    ['TM(10%:90%)', 5.5],
    ['TC(10%:90%)', 8],
    ['TS(80%:)', 19],
    ['TC(:50%)', 5],
    ['IQM', (3 + 4 + 5 + 6 + 7 + 8) / 6],
    ['wm90', (45 + 9) / 10],
    ['WM(10%:90%)', (2 + 44 + 9) / 10],
    ['WM(2:8)', (2 * 2 + 33 + 8 * 2) / 10],
    ['TM(3:7)', (4 + 5 + 6 + 7) / 4],
    ['TC(3:7)', 4],
    ['TC(:3)', 3],
    ['TC(3:)', 7],
    ['TS(3:7)', 22],
    ['PR(:3)', 30],
    ['PR(3:7)', 40],
    ['PR(9:)', 10],
  ])('%s of the numbers 1 to 10 is %d', (name, expected) => {
    expect(of(name, ...ONE_TO_TEN)).toBeCloseTo(expected, 12);
  });

  it('takes percentiles with a fraction', () => {
    const thousand = Array.from({ length: 1000 }, (_, i) => i + 1);
    expect(of('p99.9', ...thousand)).toBe(999);
    expect(of('p99.95', ...thousand)).toBe(1000);
  });

  it('is not misled by decimal percentages', () => {
    expect(of('p7', ...ONE_TO_HUNDRED)).toBe(7);
    expect(of('TC(7%:)', ...ONE_TO_HUNDRED)).toBe(93);
    expect(of('tc29', ...ONE_TO_HUNDRED)).toBe(29);
  });

  it('shows a trimmed count of zero, and no trimmed mean, when the range is empty', () => {
    expect(of('TC(20:30)', ...ONE_TO_TEN)).toBe(0);
    expect(of('TM(20:30)', ...ONE_TO_TEN)).toBeUndefined();
  });

  it('has no data point without samples', () => {
    for (const name of ['Sum', 'SampleCount', 'Average', 'p99', 'TC(1:2)']) expect(of(name)).toBeUndefined();
  });

  it('has no distribution of negative samples', () => {
    expect(of('p50', -1, 2)).toBeUndefined();
    expect(of('Average', -1, 2)).toBe(0.5);
  });

  it.each(['p101', 'P99', 'p', 'tm', 'TM90', 'TM(:)', 'TM(10%:20)', 'PR(10%:20%)', 'TC(5:5)', 'avg', 'toString', ''])(
    'fails to know %s',
    (name) => {
      expect(parseStatistic(name)).toBeUndefined();
    },
  );
});

describe('histograms', () => {
  const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 60 });

  it('agree with sorting all samples', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (list, percent) => {
        const sorted = [...list].sort((a, b) => a - b);
        expect(of(`p${percent}`, ...list)).toBe(sorted[Math.max(0, Math.ceil((percent * list.length) / 100) - 1)]);
        expect(of('TC(10:20)', ...list)).toBe(list.filter((value) => value > 10 && value <= 20).length);
        expect(of('Maximum', ...list)).toBe(Math.max(...list));
      }),
    );
  });

  it('are the same merged from parts or made at once', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), (parts) => {
        const merged = Histogram.merge(parts.map((part) => samples(...part)));
        const whole = samples(...parts.flat());
        expect([...merged.values]).toEqual([...whole.values]);
        expect([...merged.counts]).toEqual([...whole.counts]);
        expect(merged.sampleCount).toBe(parts.flat().length);
      }),
    );
  });
});
