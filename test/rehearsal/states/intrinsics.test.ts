import { describe, expect, test } from 'vitest';
import type { Json } from '../../../rehearsal/services/service';
import { StatesError } from '../../../rehearsal/states/errors';
import { PathSyntaxError, parsePath, place, select } from '../../../rehearsal/states/path';
import { fill } from '../../../rehearsal/states/payload';
import { randomStream } from '../../../rehearsal/time/random';

const input = {
  a: { b: [1, 2, 3], 'c d': null },
  s: 'x,y;z',
  list: [
    { n: 1, k: 'u' },
    { n: 2, k: 'v' },
  ],
  zero: 0,
};
const call = (text: string) =>
  fill({ 'r.$': text }, { input, context: { Execution: { Name: 'run' } }, random: randomStream(1, 'i') }).r;

describe('intrinsic functions', () => {
  test.each<[string, Json]>([
    ["States.Format('{} is {}', 'it', $.zero)", 'it is 0'],
    ["States.Format('\\{\\} {}', $.a)", '{} {"b":[1,2,3],"c d":null}'],
    ["States.Format('it\\'s')", "it's"],
    ["States.StringToJson('[1]')", [1]],
    ['States.JsonToString($.a.b)', '[1,2,3]'],
    ["States.Array('a', 1, null, true, $.zero)", ['a', 1, null, true, 0]],
    ['States.Array()', []],
    ['States.ArrayPartition($.a.b, 2)', [[1, 2], [3]]],
    ['States.ArrayContains($.a.b, 3)', true],
    ['States.ArrayContains($.list, $.list[1])', true],
    ['States.ArrayRange(1, 9, 2)', [1, 3, 5, 7, 9]],
    ['States.ArrayRange(3, 1, -1)', [3, 2, 1]],
    ['States.ArrayGetItem($.a.b, 0)', 1],
    ['States.ArrayLength($.list)', 2],
    ['States.ArrayUnique(States.Array(1, 1, 2))', [1, 2]],
    ["States.Base64Encode('Data')", 'RGF0YQ=='],
    ["States.Base64Decode('RGF0YQ==')", 'Data'],
    ["States.Hash('input data', 'SHA-1')", 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ['States.JsonMerge($.list[0], $.list[1], false)', { n: 2, k: 'v' }],
    ['States.MathAdd($.zero, -1)', -1],
    ["States.StringSplit($.s, ',;')", ['x', 'y', 'z']],
    ["States.Format('{}', $$.Execution.Name)", 'run'],
    ["States.ArrayGetItem(States.StringSplit('1.2', '.'), States.MathAdd(0, 1))", '2'],
  ])('%s', (text, expected) => {
    expect(call(text)).toEqual(expected);
  });
  test('randomness comes from the seed', () => {
    expect(call('States.MathRandom(5, 8)')).toBe(call('States.MathRandom(5, 8)'));
    expect([5, 6, 7]).toContain(call('States.MathRandom(5, 8)'));
    expect(call('States.UUID()')).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
  test.each([
    "States.Format('{} {}', 1)",
    "States.Format('{}', 1, 2)",
    "States.StringToJson('{')",
    'States.ArrayLength($.zero)',
    'States.ArrayGetItem($.a.b, 3)',
    'States.ArrayRange(1, 2, 0)',
    'States.ArrayRange(1, 2000, 1)',
    "States.Hash('x', 'CRC')",
    'States.JsonMerge($.a, $.a, true)',
    'States.MathAdd($.s, 1)',
    'States.Nothing()',
    'States.UUID(1)',
  ])('%s fails', (text) => {
    expect(() => call(text)).toThrow(expect.objectContaining({ error: 'States.IntrinsicFailure' }));
  });
  test.each(["States.Format('x'", 'States.Format(x)', 'States.Format(1) 2', 'States.'])('%s is no call', (text) => {
    expect(() => call(text)).toThrow(PathSyntaxError);
  });
});

describe('paths', () => {
  test.each<[string, Json]>([
    ['$', input],
    ['$.zero', 0],
    ["$['a']['c d']", null],
    ['$.a.b[0]', 1],
    ['$.a.b[-1]', 3],
    ['$.a.b[*]', [1, 2, 3]],
    ['$.a.b[1:]', [2, 3]],
    ['$.a.b[:-1]', [1, 2]],
    ['$.list[*].n', [1, 2]],
    ['$.list[?(@.n > 1)].k', ['v']],
    ["$.list[?(@.k == 'u')].n", [1]],
    ['$.list[?(@.no)]', []],
    ['$.no', undefined],
    ['$.a.b[7]', undefined],
    ['$.s.length', undefined],
    ['$.constructor', undefined],
  ])('%s', (text, expected) => {
    expect(select(parsePath(text), input)).toEqual(expected);
  });
  test.each(['a', '$..n', '$.', '$[', "$['a", '$.a b', '$.list[(@.length-1)]'])('%s is not of the subset', (text) => {
    expect(() => parsePath(text)).toThrow(PathSyntaxError);
  });
  test('placing makes a copy and leaves the rest alone', () => {
    const before = JSON.stringify(input);
    expect(place(input, parsePath('$.list[0].n'), 9).list).toEqual([
      { n: 9, k: 'u' },
      { n: 2, k: 'v' },
    ]);
    expect(place(input, parsePath('$'), 1)).toBe(1);
    expect(JSON.stringify(input)).toBe(before);
    expect(() => place(input, parsePath('$.list[2]'), 1)).toThrow(StatesError);
    expect(() => place(input, parsePath('$.zero.x'), 1)).toThrow(/ResultPathMatchFailure/);
  });
});
