import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge, ruleKinds, type Verdict } from '../../../decision';
import { passing } from './samples';

const judgeAnything = judge as (rule: unknown, data: unknown) => Verdict;
type Path = readonly (string | number)[];

/** What never is a number. */
const noNumbers: readonly unknown[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  'NaN',
  '',
  '0.5',
  true,
  {},
  [1],
  10n,
  () => 1,
  new Date(0),
];
/** What never is a word, a list or an object. */
const noWords: readonly unknown[] = [Number.NaN, '', 'unknown', 7, true, null, {}, Symbol('x')];
const noObjects: readonly unknown[] = [Number.NaN, 'text', 7, true, () => 1];
/** Numbers that no rate, count or time can be. */
const noCounts: readonly unknown[] = [-1, -0.001, -1e300, 1e300];

/** Every leaf and branch of an input, but of a long list only the first, a middle and the last entry. */
function paths(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const keys: (string | number)[] = Array.isArray(value)
    ? [...new Set([0, Math.floor(value.length / 2), value.length - 1])].filter((i) => i >= 0)
    : Object.keys(value);
  return [at, ...keys.flatMap((key) => paths((value as Record<string | number, unknown>)[key], [...at, key]))];
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);

function replace(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[key] = replace(copy[key], rest, by);
  return copy;
}

interface Case {
  readonly name: string;
  readonly rule: unknown;
  readonly data: unknown;
  readonly about: string;
}

const show = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function cases(kind: (typeof ruleKinds)[number]): Case[] {
  const whole = passing[kind];
  const free = kind === 'mean' || kind === 'numericDifference' ? ['sum', 'meanDifference'] : [];
  return paths(whole).flatMap((path): Case[] => {
    if (path.length < 2) return [];
    const value = at(whole, path);
    const key = path[path.length - 1];
    const signed = free.includes(String(key)) || key === 'value' || path.includes('edges') || key === 'maximum';
    const bad: readonly unknown[] =
      typeof value === 'number'
        ? [...noNumbers, ...(signed ? [] : noCounts)]
        : typeof value === 'string'
          ? noWords.filter((word) => !(key === 'metric' && typeof word === 'string' && word !== ''))
          : noObjects;
    return bad.map((by) => {
      const { rule, data } = replace(whole, path, by) as { rule: unknown; data: unknown };
      return { name: `${path.join('.')} = ${show(by)}`, rule, data, about: String(key) };
    });
  });
}

const table = ruleKinds.map((kind) => ({ kind, cases: cases(kind) }));

describe('a table of broken inputs', () => {
  test('has at least 500 entries', () => {
    expect(table.reduce((sum, entry) => sum + entry.cases.length, 0)).toBeGreaterThan(500);
  });

  test.each(ruleKinds)('starts from an input that passes: %s', (kind) => {
    const { rule, data } = passing[kind];
    expect(judgeAnything(rule, data)).toMatchObject({ kind: 'pass' });
  });

  for (const { kind, cases } of table) {
    describe(kind, () => {
      test.each(cases)(`${kind} holds when $name`, ({ rule, data }) => {
        const verdict = judgeAnything(rule, data);
        expect(verdict.kind, verdict.reason).toBe('hold');
        expect(verdict.reason.length).toBeGreaterThan(5);
        expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
      });
    });
  }
});

describe('anything at all', () => {
  test('never passes and never throws: random rules over random data', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (rule, data) => {
        expect(judgeAnything(rule, data).kind).toBe('hold');
      }),
      { numRuns: 300 },
    );
  });

  test.each(ruleKinds)('never passes %s on random data', (kind) => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true }), (data) => {
        expect(judgeAnything(passing[kind].rule, data).kind).toBe('hold');
      }),
      { numRuns: 100 },
    );
  });

  test('holds when a getter throws', () => {
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error('broken');
        },
      },
    );
    expect(judgeAnything(passing.ceiling.rule, trap)).toMatchObject({ kind: 'hold' });
    expect(judgeAnything(trap, {})).toMatchObject({ kind: 'hold' });
  });
});

describe('data that cannot be true', () => {
  const { rule, data } = passing.countDifference as unknown as {
    rule: object;
    data: { asOf: number; periods: { start: number; challenger: object; champion: object }[] };
  };
  const periods = (change: (list: typeof data.periods) => unknown[]) =>
    judgeAnything(rule, { ...data, periods: change([...data.periods]) });

  test('holds on a repeated period, on periods out of order and on a period that has not closed', () => {
    expect(periods((list) => [list[0], ...list]).reason).toContain('must begin after the period before it ended');
    expect(periods((list) => [list[1], list[0], ...list.slice(2)]).kind).toBe('hold');
    expect(judgeAnything(rule, { ...data, asOf: data.asOf - 1 }).reason).toContain('must have ended by asOf');
  });

  test('holds on more errors than requests and says where', () => {
    const verdict = periods((list) => [{ ...list[0], challenger: { sum: 11, count: 10 } }, ...list.slice(1)]);
    expect(verdict).toMatchObject({
      kind: 'hold',
      reason: 'periods[0].challenger must not have more events than samples, got 11 of 10',
    });
  });

  test('holds on data that stops long before it was read', () => {
    expect(judgeAnything(rule, { ...data, asOf: data.asOf + 3600 }).reason).toContain(
      'no data of every arm for 3600 s',
    );
  });

  test('holds on no data at all, and on one arm alone', () => {
    expect(periods(() => []).reason).toContain('no data of every arm at all');
    expect(periods((list) => list.map((period) => ({ ...period, champion: null }))).kind).toBe('hold');
    expect(periods((list) => list.map((period) => ({ ...period, challenger: { sum: 0, count: 0 } }))).kind).toBe(
      'hold',
    );
  });

  test('counts the problems that it does not name', () => {
    const verdict = periods((list) => list.map((period) => ({ ...period, champion: { sum: -1, count: 5 } })));
    expect(verdict.reason).toContain('and 177 more problems');
  });
});
