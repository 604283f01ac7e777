import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Reference {
  readonly fqn?: string;
  readonly collection?: { readonly elementtype: Reference };
  readonly union?: { readonly types: readonly Reference[] };
}
interface Named {
  readonly name: string;
  readonly type?: Reference;
}
interface Method {
  readonly name?: string;
  readonly parameters?: readonly Named[];
}
interface Type {
  readonly name: string;
  readonly datatype?: boolean;
  readonly properties?: readonly Named[];
  readonly methods?: readonly Method[];
  readonly initializer?: Method;
}

// What jsii has compiled is what Python users see; `npm run build` writes it.
const assembly: Record<string, Type> = existsSync('.jsii') ? JSON.parse(readFileSync('.jsii', 'utf8')).types : {};
const types = Object.values(assembly);

/** https://docs.python.org/3/reference/lexical_analysis.html#keywords; jsii would put an underscore behind one. */
const KEYWORDS =
  'and as assert async await break class continue def del elif else except finally for from global if import in is ' +
  'lambda nonlocal not or pass raise return try while with yield';

const own = (type: Reference | undefined): string[] => {
  if (type?.collection !== undefined) return own(type.collection.elementtype);
  if (type?.union !== undefined) return type.union.types.flatMap(own);
  return type?.fqn === undefined || assembly[type.fqn] === undefined ? [] : [type.fqn];
};

test('the library has been built', () => {
  expect(types.map(({ name }) => name)).toContain('StagedStrategy');
});

test('no property, parameter or method has a name that Python keeps for itself', () => {
  const reserved = new Set(KEYWORDS.split(' '));
  const names = types.flatMap(({ name, properties = [], methods = [], initializer }) => [
    ...properties.map((property) => `${name}.${property.name}`),
    ...methods.map((method) => `${name}.${method.name}`),
    ...[...methods, ...(initializer === undefined ? [] : [initializer])].flatMap(({ parameters = [] }) =>
      parameters.map((parameter) => `${name}(${parameter.name}`),
    ),
  ]);
  expect(names.filter((name) => reserved.has(/\w+$/.exec(name)?.[0] ?? ''))).toEqual([]);
});

test('a parameter that a class does not need has the name that callers give it: in Python it is a keyword', () => {
  const hidden = types.flatMap(({ name, methods = [] }) =>
    methods.flatMap(({ name: method, parameters = [] }) =>
      parameters
        .filter((parameter) => parameter.name.startsWith('_'))
        .map((parameter) => `${name}.${method}(${parameter.name})`),
    ),
  );
  expect(hidden).toEqual([]);
});

test('a struct that Python users write by name is a noun: only what becomes keyword arguments is called Props', () => {
  const written = types
    .filter(({ datatype }) => datatype === true)
    .flatMap(({ properties = [] }) => properties.flatMap(({ type }) => own(type)))
    .map((fqn) => assembly[fqn])
    .filter((type) => type?.datatype === true)
    .map((type) => type?.name ?? '');
  expect(written).toContain('ContainerDefinition');
  expect(written.filter((name) => name.endsWith('Props'))).toEqual([]);
});
