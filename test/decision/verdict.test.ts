import { describe, expect, test } from 'vitest';
import { fail, hold, pass } from '../../decision';

describe('a verdict', () => {
  test.each([
    ['pass', pass],
    ['fail', fail],
    ['hold', hold],
  ] as const)('of %s carries its reason and its evidence', (kind, make) => {
    expect(make('because', { n: 1 })).toEqual({ kind, reason: 'because', evidence: { n: 1 } });
    expect(make('because')).toEqual({ kind, reason: 'because', evidence: {} });
  });

  test('writes numbers that JSON cannot carry as words, however deep they lie', () => {
    const { evidence } = hold('', {
      list: [1, Number.NaN, [Number.POSITIVE_INFINITY]],
      inner: { deep: { low: Number.NEGATIVE_INFINITY, zero: 0, none: null, said: 'x', sure: false } },
    });
    expect(evidence).toEqual({
      list: [1, 'NaN', ['Infinity']],
      inner: { deep: { low: '-Infinity', zero: 0, none: null, said: 'x', sure: false } },
    });
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  });
});
