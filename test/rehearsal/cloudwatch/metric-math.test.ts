import { describe, expect, it } from 'vitest';
import { evaluateMath } from '../../../rehearsal/cloudwatch/metric-math';

const _ = Number.NaN;
const evaluate = (expression: string, metrics: Record<string, number[]>) => {
  const value = evaluateMath(expression, {
    values: new Map(Object.entries(metrics).map(([id, points]) => [id, Float64Array.from(points)])),
    periods: new Map(Object.keys(metrics).map((id) => [id, 60])),
    length: Object.values(metrics)[0].length,
  });
  return value instanceof Float64Array ? [...value] : value;
};

describe('metric math as the user guide shows it', () => {
  it('compares, and counts a point that only one series has as 0 in the other', () => {
    const metrics = { metric1: [30, 20, 0, 0], metric2: [20, _, 20, _] };
    expect(evaluate('metric1 < metric2', metrics)).toEqual([0, 0, 1, 0]);
    expect(evaluate('metric1 >= 30', metrics)).toEqual([1, 0, 0, 0]);
    expect(evaluate('metric1 > 15 AND metric2 > 15', metrics)).toEqual([1, 0, 0, 0]);
  });

  it('chooses by IF, with its own rules for missing points', () => {
    const metrics = { metric1: [1, 1, 0, 0, _], metric2: [30, _, 0, 0, 30], metric3: [0, 0, 20, _, 20] };
    expect(evaluate('IF(metric1, metric2, metric3)', metrics)).toEqual([30, 0, 20, _, _]);
    expect(evaluate('IF(metric1, 5, metric3)', metrics)).toEqual([5, 5, 20, _, _]);
    expect(evaluate('IF(metric1, metric2, 5)', metrics)).toEqual([30, 0, 5, 5, _]);
    expect(evaluate('IF(metric1 < 1, metric2)', metrics)).toEqual([_, _, 0, 0, _]);
  });
});

describe('metric math', () => {
  const metrics = { m1: [1, 2, _, 8], m2: [4, 0, _, _] };

  it.each([
    ['m1 / m2', [0.25, _, _, _]],
    ['m1 - m2', [-3, 2, _, 8]],
    ['m1 * 100', [100, 200, _, 800]],
    ['100 * m1 / 4', [25, 50, _, 200]],
    ['1 + 2 * m1 ^ 2', [3, 9, _, 129]],
    ['(1 + 2) * m1', [3, 6, _, 24]],
    ['-m1 - -1', [0, -1, _, -7]],
    ['SUM([m1, m2])', [5, 2, _, 8]],
    ['AVG(METRICS())', [2.5, 1, _, 4]],
    ['MAX([m1, m2]) - MIN([m1, m2])', [3, 2, _, 8]],
    ['SUM(METRICS("2"))', [4, 0, _, _]],
    ['m1 / SUM(m1)', [1 / 11, 2 / 11, _, 8 / 11]],
    ['FILL(m1, 0)', [1, 2, 0, 8]],
    ['FILL(m2, REPEAT)', [4, 0, 0, 0]],
    ['FILL(m1, m2)', [1, 2, _, 8]],
    ['m1 / PERIOD(m1)', [1 / 60, 2 / 60, _, 8 / 60]],
    ['CEIL(m1 / 3) + FLOOR(m1 / 3) + ABS(-m1)', [2, 3, _, 13]],
    ['m1 == 2 || m1 > 7 && m1 != 9', [0, 1, _, 1]],
  ])('%s', (expression, expected) => {
    expect(evaluate(expression, metrics)).toEqual(expected);
  });

  it.each([
    ['ANOMALY_DETECTION_BAND(m1)', 'ANOMALY_DETECTION_BAND'],
    ['SEARCH("x", "Sum")', 'SEARCH'],
    ['RATE(m1)', 'RATE'],
    ['FILL(m1, LINEAR)', 'LINEAR'],
    ['m1 + m9', "'m9'"],
    ['m1 +', 'too early'],
    ['m1 m2', "'m2'"],
    ['m1 ? 1', "'? 1'"],
    ['(m1', 'the end'],
    ['SUM(m1, m2)', 'SUM'],
    ['toString(m1)', "'('"],
  ])('fails on %s and names it', (expression, named) => {
    expect(() => evaluate(expression, metrics)).toThrow(named);
  });
});
