import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePath, readPath } from '../../decision/json-path';

const report = {
  a: {
    'b c': [
      { name: 'x', v: 1 },
      { name: 'y', v: 2 },
    ],
  },
  list: [[7]],
  twice: [{ k: 1 }, { k: '1' }],
};

describe('a path to one place', () => {
  test.each([
    ['$', report],
    ["$.a['b c'][1].v", 2],
    ['$["a"]["b c"][0].name', 'x'],
    ["$.a['b c'][?(@.name=='y')].v", 2],
    ['$.list[0][0]', 7],
    ['$.a.missing', undefined],
    ["$.a['b c'][?(@.name=='z')].v", undefined],
    ["$.twice[?(@.k=='1')]", undefined],
    ['$.list.length', undefined],
    ['$.a.toString', undefined],
    ['$.a.__proto__', undefined],
    ["$['a'][0]", undefined],
  ])('%s', (text, value) => {
    expect(readPath(report, parsePath(text) ?? ['nowhere'])).toEqual(value);
  });

  test.each([
    '',
    'a',
    '.a',
    '$.',
    '$a',
    '$.*',
    '$..a',
    '$[*]',
    '$[0:2]',
    '$[-1]',
    '$.a b',
    "$['a",
    '$[?(@.a>1)]',
    '$.a[',
    `$${'.a'.repeat(33)}`,
  ])('fails on %j', (text) => {
    expect(parsePath(text)).toBeNull();
  });

  test('reaches any property of any document', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (name, value) => {
        fc.pre(name !== '__proto__');
        const path = parsePath(`$['${name.replace(/[\\']/g, '\\$&')}']`);
        expect(readPath(JSON.parse(JSON.stringify({ [name]: value })), path ?? [])).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
      { seed: 7 },
    );
  });
});
