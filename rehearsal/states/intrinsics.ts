import { createHash } from 'node:crypto';
import type { Json } from '../services/service';
import type { RandomStream } from '../time/random';
import { StatesError } from './errors';

type Intrinsic = (args: readonly Json[], random: RandomStream) => Json;

/** A version 4 UUID from a seeded stream. */
export function uuid(random: RandomStream): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[Math.floor(random() * 4)]}${hex(3)}-${hex(12)}`;
}

function check(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new StatesError('States.IntrinsicFailure', reason, true);
}
const list = (value: Json): readonly Json[] => {
  check(Array.isArray(value), `an array was expected, got ${JSON.stringify(value)}`);
  return value;
};
const text = (value: Json): string => {
  check(typeof value === 'string', `a string was expected, got ${JSON.stringify(value)}`);
  check(value.length <= 10_000, 'a string may have at most 10,000 characters');
  return value;
};
const integer = (value: Json): number => {
  check(typeof value === 'number' && Number.isFinite(value), `a number was expected, got ${JSON.stringify(value)}`);
  return Math.round(value);
};
const isObject = (value: Json) => value !== null && typeof value === 'object' && !Array.isArray(value);

function format([template, ...values]: readonly Json[]): string {
  let used = 0;
  const result = text(template).replace(/\\([{}])|\{\}/g, (_, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    check(used < values.length, `'${template}' has more places than there are values`);
    const value = values[used++];
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
  check(used === values.length, `'${template}' has fewer places than there are values`);
  return result;
}

function range([first, last, step]: readonly Json[]): number[] {
  const [from, to, by] = [integer(first), integer(last), integer(step)];
  check(by !== 0, 'the step of an array range must not be 0');
  const length = Math.max(0, Math.floor((to - from) / by) + 1);
  check(length <= 1000, `an array range may have at most 1,000 items, got ${length}`);
  return Array.from({ length }, (_, i) => from + i * by);
}

function partition([items, size]: readonly Json[]): Json[] {
  const all = list(items);
  const step = integer(size);
  check(step > 0, 'the size of a part must be above 0');
  return Array.from({ length: Math.ceil(all.length / step) }, (_, i) => all.slice(i * step, (i + 1) * step));
}

function unique(items: Json): Json[] {
  const seen = new Map(list(items).map((item) => [JSON.stringify(item), item]));
  return [...seen.values()];
}

function digest([data, algorithm]: readonly Json[]): string {
  const known = ['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];
  check(known.includes(algorithm), `the hash must be one of ${known.join(', ')}, got ${JSON.stringify(algorithm)}`);
  const bytes = typeof data === 'string' ? text(data) : JSON.stringify(data);
  return createHash(algorithm.replace('-', '').toLowerCase()).update(bytes).digest('hex');
}

function merge([left, right, deep]: readonly Json[]): Json {
  check(isObject(left) && isObject(right), 'two objects were expected');
  check(deep === false, 'only a shallow merge is supported, so the third argument must be false');
  return { ...left, ...right };
}

function split([value, separators]: readonly Json[]): string[] {
  const among = new Set(text(separators));
  const parts: string[] = [''];
  for (const character of text(value)) {
    if (among.has(character)) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part !== '');
}

function parse(value: Json): Json {
  try {
    return JSON.parse(text(value));
  } catch {
    throw new StatesError('States.IntrinsicFailure', `not JSON: ${value}`, true);
  }
}

const between = ([start, end]: readonly Json[], random: RandomStream): number => {
  const [from, to] = [integer(start), integer(end)];
  check(from < to, 'the start of a random range must lie below its end');
  return from + Math.floor(random() * (to - from));
};

const same = (a: Json, b: Json) => JSON.stringify(a) === JSON.stringify(b);

/** Every function, with the smallest and largest number of its arguments. */
const functions: Readonly<Record<string, readonly [number, number, Intrinsic]>> = {
  Format: [1, Number.POSITIVE_INFINITY, format],
  StringToJson: [1, 1, ([value]) => parse(value)],
  JsonToString: [1, 1, ([value]) => JSON.stringify(value)],
  Array: [0, Number.POSITIVE_INFINITY, (args) => [...args]],
  ArrayPartition: [2, 2, partition],
  ArrayContains: [2, 2, ([items, value]) => list(items).some((item) => same(item, value))],
  ArrayRange: [3, 3, range],
  ArrayGetItem: [
    2,
    2,
    ([items, at]) => {
      const index = integer(at);
      check(index >= 0 && index < list(items).length, `there is no item ${index}`);
      return items[index];
    },
  ],
  ArrayLength: [1, 1, ([items]) => list(items).length],
  ArrayUnique: [1, 1, ([items]) => unique(items)],
  Base64Encode: [1, 1, ([value]) => Buffer.from(text(value)).toString('base64')],
  Base64Decode: [1, 1, ([value]) => Buffer.from(text(value), 'base64').toString()],
  Hash: [2, 2, digest],
  JsonMerge: [3, 3, merge],
  MathRandom: [2, 2, between],
  MathAdd: [2, 2, ([a, b]) => integer(a) + integer(b)],
  StringSplit: [2, 2, split],
  UUID: [0, 0, (_, random) => uuid(random)],
};

/** What is wrong with a call that names `name` with so many arguments; undefined when nothing is. */
export function intrinsicProblem(name: string, count: number): string | undefined {
  if (!Object.hasOwn(functions, name)) return `States.${name} is not an intrinsic function of the subset`;
  const [least, most] = functions[name];
  return count >= least && count <= most ? undefined : `States.${name} does not take ${count} arguments`;
}

/** Calls one intrinsic function. Whatever it cannot do is States.IntrinsicFailure. */
// source: asl-intrinsics
export function callIntrinsic(name: string, args: readonly Json[], random: RandomStream): Json {
  const problem = intrinsicProblem(name, args.length);
  check(problem === undefined, problem ?? '');
  return functions[name][2](args, random);
}
