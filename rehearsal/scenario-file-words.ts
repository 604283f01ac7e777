import * as v from 'valibot';
import { mustBe } from './closed-yaml';

/** Text in the form of a quantity, and how to read it. */
const quantity = (what: string, pattern: RegExp, read: (amount: number, unit: string) => number) =>
  v.pipe(
    v.string(mustBe(what)),
    v.regex(pattern, mustBe(what)),
    v.transform((text) => {
      const [, amount, unit] = pattern.exec(text) ?? [];
      return read(Number(amount), unit);
    }),
  );

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
const NUMBER = String.raw`(\d+(?:\.\d+)?)`;

/** `90s`, `10m`, `1h`: seconds. */
export const time = quantity(
  'a time such as 90s, 10m or 1h',
  new RegExp(`^${NUMBER} ?(ms|s|m|h)$`),
  (n, unit) => n * SECONDS[unit],
);

/** `40ms`, `1.5s`: milliseconds. */
export const latency = quantity(
  'a latency such as 40ms or 1.5s',
  new RegExp(`^${NUMBER} ?(ms|s)$`),
  (n, unit) => n * SECONDS[unit] * 1000,
);

/** `30%`: 0.3. */
export const percentage = v.pipe(
  quantity('a percentage such as 30%', new RegExp(`^${NUMBER} ?(%)$`), (n) => n / 100),
  v.maxValue(1, 'must be at most 100%'),
);

/** `100 rps`: requests a second. */
export const rate = quantity("requests a second such as '100 rps'", new RegExp(`^${NUMBER} ?(rps)$`), (n) => n);

export const text = v.pipe(v.string(mustBe('text (put it in quotes)')), v.nonEmpty('must not be empty'));

export const oneOf = <const Words extends readonly string[]>(...words: Words) =>
  v.picklist(words, mustBe(`one of ${words.join(', ')}`));

export const list = <Item extends v.GenericSchema>(item: Item) => v.array(item, mustBe('a list'));

/** Only what is there: an absent word must not hide an inherited value. */
export function given<T extends object>(values: { readonly [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
