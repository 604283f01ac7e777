import { describe, expect, test } from 'vitest';
import { isRecord, Reading, shown } from '../../../decision/rules/reading';
import { judgeAnything } from './broken-inputs';
import { passing } from './samples';

describe('reading', () => {
  const refused = (count: number) => {
    const read = new Reading();
    for (let i = 1; i <= count; i++) read.problem(`p${i}`);
    return read.refusal({ rule: 'x' });
  };

  test('names three problems and counts the rest, and keeps at most twenty', () => {
    expect(refused(3)).toEqual({
      kind: 'hold',
      reason: 'p1; p2; p3',
      evidence: { rule: 'x', problems: ['p1', 'p2', 'p3'] },
    });
    expect(refused(5).reason).toBe('p1; p2; p3; and 2 more problems');
    expect(refused(25).evidence['problems']).toHaveLength(20);
  });

  test('takes a fallback for what was not given, and misses what has none', () => {
    const read = new Reading();
    expect(read.number('n', undefined, { min: 0 }, 3)).toBe(3);
    expect(read.word('w', undefined, ['a', 'b'], 'b')).toBe('b');
    expect(read.sound).toBe(true);
    expect(read.number('n', undefined)).toBeNaN();
    expect(read.number('m', '3', undefined, 4)).toBeNaN();
    expect(read.word('w', undefined, ['a', 'b'])).toBeUndefined();
    expect(read.word('v', 'c', ['a', 'b'], 'b')).toBeUndefined();
    expect(read.refusal({}).evidence['problems']).toEqual([
      'n must be a finite number, got nothing',
      'm must be a finite number, got the text "3"',
      'w must be a or b, got nothing',
      'v must be a or b, got the text "c"',
    ]);
  });

  test('gives an empty list and an empty object for what is none', () => {
    const read = new Reading();
    expect(read.list('l', 'x')).toEqual([]);
    expect(read.record('r', [1])).toEqual({});
    expect(read.refusal({}).reason).toBe(
      'l must be a list of 0 to 200000 entries, got the text "x"; r must be an object, got a list',
    );
  });

  test('tells an object from what is none', () => {
    expect([{}, { a: 1 }].map(isRecord)).toEqual([true, true]);
    expect([null, undefined, [], 'x', 7, true, () => 1].map(isRecord)).toEqual(Array(7).fill(false));
  });

  test('shows any value as a short word', () => {
    expect([[1], {}, null, undefined, 'x', 7, true].map(shown)).toEqual([
      'a list',
      'an object',
      'null',
      'nothing',
      'the text "x"',
      '7',
      'true',
    ]);
    expect(shown('y'.repeat(50))).toBe(`the text "${'y'.repeat(40)}"`);
  });
});

describe('what must be an object', () => {
  test.each([
    ['fairness', 'rule', ['limits'], 'limits'],
    ['fairness', 'data', ['facets', 0, 'values'], 'age.values'],
    ['fairness', 'data', ['facets', 0, 'disadvantaged'], 'age.disadvantaged'],
    ['fairness', 'data', ['facets', 0, 'advantaged'], 'age.advantaged'],
    ['offline', 'data', ['slices', 0], 'data.slices[0]'],
    ['watch', 'data', ['periods', 1], 'periods[1]'],
    ['watch', 'data', ['periods', 1, 'challenger'], 'periods[1].challenger'],
    ['watch', 'data', ['periods', 1, 'champion'], 'periods[1].champion'],
    ['watch', 'data', ['baseline'], 'baseline[0]'],
  ] as const)('%s: %s.%j', (kind, place, path, name) => {
    for (const [value, got] of [
      [7, '7'],
      [[1], 'a list'],
    ] as const) {
      const input = structuredClone(passing[kind]) as unknown as Record<string, unknown>;
      let at = input[place] as Record<string | number, unknown>;
      for (const key of path.slice(0, -1)) at = at[key] as typeof at;
      at[path[path.length - 1]] = path[0] === 'baseline' ? [value] : value;
      const { kind: said, evidence } = judgeAnything(input['rule'], input['data']);
      expect(said).toBe('hold');
      expect(evidence['problems']).toContain(`${name} must be an object, got ${got}`);
    }
  });
});
