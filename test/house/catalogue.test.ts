import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { sourceFiles } from './sources';

interface Docs {
  readonly summary?: string;
  readonly example?: string;
  readonly default?: string;
}
interface Type {
  readonly fqn: string;
  readonly name: string;
  readonly kind: string;
  readonly abstract?: boolean;
  readonly base?: string;
  readonly docs?: Docs;
  readonly datatype?: boolean;
  readonly properties?: readonly { readonly name: string; readonly optional?: boolean; readonly docs?: Docs }[];
}

// What jsii has compiled is what users see; `npm run build` writes it.
const assembly: Record<string, Type> = existsSync('.jsii') ? JSON.parse(readFileSync('.jsii', 'utf8')).types : {};
const types = Object.values(assembly);
const kebab = (name: string) => name.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();

const ancestors = (type: Type): string[] => {
  const base = type.base === undefined ? undefined : assembly[type.base];
  return base === undefined ? [] : [base.name, ...ancestors(base)];
};
const concrete = (base: string) => types.filter((type) => type.abstract !== true && ancestors(type).includes(base));
const catalogue = [
  ...concrete('Strategy').map((type) => [type.name, 'strategies', type] as const),
  ...concrete('RollbackAlarm').map((type) => [type.name, 'alarms', type] as const),
  ...concrete('Gate').map((type) => [type.name, 'gates', type] as const),
];
const tests = sourceFiles(['test/lib']).map((file) => [file, readFileSync(file, 'utf8')] as const);

/** Made by its constructor, by a factory of its own, or by one of its base: `RollbackAlarm.fleetMetric`. */
const uses = (name: string) => {
  const factory = name.charAt(0).toLowerCase() + name.slice(1).replace(/Alarm$/, '');
  return new RegExp(`\\b(${name}[.(]|RollbackAlarm\\.${factory}\\()`);
};

test('the library has been built', () => {
  expect(concrete('Strategy').map(({ name }) => name)).toContain('CanaryStrategy');
});

test.each(catalogue)('%s has an example, a test and a page in docs/%s', (name, folder, type) => {
  expect(type.docs?.example ?? `no @example on ${name}`).toContain(name);
  expect(existsSync(`docs/${folder}/${kebab(name)}.md`) || `docs/${folder}/${kebab(name)}.md is missing`).toBe(true);
  expect(tests.some(([, text]) => uses(name).test(text))).toBe(true);
});

test('every page of the catalogue is about something that exists', () => {
  const pages = sourceFiles(['docs/strategies', 'docs/alarms'], '.md').map((file) => basename(file, '.md'));
  const names = catalogue.map(([name]) => kebab(name));
  expect(pages.filter((page) => page !== 'README' && !names.includes(page))).toEqual([]);
});

test('every optional says what it is when left out', () => {
  const silent = types.flatMap((type) =>
    (type.properties ?? [])
      .filter(({ optional }) => type.datatype === true && optional === true)
      .filter(({ docs }) => !/\w/.test(docs?.default ?? '') || docs?.default === 'undefined')
      .map(({ name }) => `${type.name}.${name}`),
  );
  expect(silent).toEqual([]);
});

test('every public type and property says what it is for', () => {
  const mute = types.flatMap((type) => [
    ...((type.docs?.summary ?? '') === '' ? [type.name] : []),
    ...(type.datatype === true ? (type.properties ?? []) : [])
      .filter(({ docs }) => (docs?.summary ?? '') === '')
      .map(({ name }) => `${type.name}.${name}`),
  ]);
  expect(mute).toEqual([]);
});
