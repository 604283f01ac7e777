import { expect } from 'vitest';
import { judge, ruleKinds, type Verdict } from '../../../decision';
import { passing } from './samples';

/** The rules, asked as JSON would ask them. */
export const judgeAnything = judge as (rule: unknown, data: unknown) => Verdict;
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

/** One input with one thing broken. */
export interface Case {
  readonly name: string;
  readonly rule: unknown;
  readonly data: unknown;
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
      return { name: `${path.join('.')} = ${show(by)}`, rule, data };
    });
  });
}

/** For every rule, what passes with each of its parts broken in every way. */
export const table = ruleKinds.map((kind) => ({ kind, cases: cases(kind) }));

/** A broken input holds, says why, and its verdict is plain JSON. */
export function expectHold({ name, rule, data }: Case): void {
  const verdict = judgeAnything(rule, data);
  expect(verdict.kind, `${name}: ${verdict.reason}`).toBe('hold');
  expect(verdict.reason.length, name).toBeGreaterThan(5);
  expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
}
