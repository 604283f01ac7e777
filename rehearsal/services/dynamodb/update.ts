import { type AttributeValue, type Item, invalid, raw, typeOf } from './attribute-value';
import { type DocumentPath, valueAt, withValueAt } from './document-path';
import type { ExpressionReader } from './expression-reader';

type Operand = (item: Item) => AttributeValue;
interface Action {
  readonly path: DocumentPath;
  /** Reads the item as it was before the update, whatever other actions change. */
  readonly value: (before: Item) => AttributeValue | undefined;
}

/** An update, read once and done to an item. */
export interface Update {
  readonly paths: readonly DocumentPath[];
  readonly apply: (before: Item) => Item;
}

/** Reads SET, REMOVE, ADD and DELETE clauses, each at most once. */
// source: dynamodb-update-expression
export function readUpdate(reader: ExpressionReader): Update {
  const actions: Action[] = [];
  const seen = new Set<string>();
  while (!reader.done) {
    const word = Object.keys(clauses).find((clause) => reader.keyword(clause));
    if (word === undefined || seen.has(word)) throw reader.refusal();
    seen.add(word);
    do actions.push(clauses[word](reader));
    while (reader.accept(','));
  }
  const paths = actions.map(({ path }) => path);
  requireApart(paths);
  return { paths, apply: (before) => applyAll(actions, before) };
}

/** Position in a list; what is named has none, and its order does not matter. */
function place({ path }: { readonly path: DocumentPath }): number {
  const position = Number(path.at(-1));
  return Number.isNaN(position) ? -1 : position;
}

function applyAll(actions: readonly Action[], before: Item): Item {
  const values = actions.map(({ path, value }) => ({ path, value: value(before) }));
  const sets = values.filter(({ value }) => value !== undefined);
  // From the back of a list to its front, so that a removal does not move the next.
  const removals = values
    .filter(({ value, path }) => value === undefined && valueAt(before, path) !== undefined)
    .sort((a, b) => place(b) - place(a));
  return [...sets, ...removals].reduce((item, { path, value }) => withValueAt(item, path, value), before);
}

function requireApart(paths: readonly DocumentPath[]): void {
  const texts = paths.map((path) => JSON.stringify(path).slice(0, -1));
  for (const [i, one] of texts.entries()) {
    const clash = texts.some((other, j) => i !== j && (other === one || other.startsWith(`${one},`)));
    if (clash) {
      throw invalid(
        'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths',
      );
    }
  }
}

const clauses: Readonly<Record<string, (reader: ExpressionReader) => Action>> = {
  SET: (reader) => {
    const path = reader.path();
    reader.expect('=');
    return { path, value: sum(reader) };
  },
  REMOVE: (reader) => ({ path: reader.path(), value: () => undefined }),
  ADD: (reader) => {
    const path = reader.path();
    const value = literal(reader);
    return { path, value: (before) => added(valueAt(before, path), value) };
  },
  DELETE: (reader) => {
    const path = reader.path();
    const value = literal(reader);
    return { path, value: (before) => without(valueAt(before, path), value) };
  },
};

function literal(reader: ExpressionReader): AttributeValue {
  const value = reader.value();
  if (value === undefined) throw reader.refusal();
  return value;
}

function sum(reader: ExpressionReader): Operand {
  const left = operand(reader);
  const sign = reader.accept('+') ? 1 : reader.accept('-') ? -1 : 0;
  if (sign === 0) return left;
  const right = operand(reader);
  return (item) => ({ N: String(number(left(item)) + sign * number(right(item))) });
}

function number(value: AttributeValue): number {
  if ('N' in value) return Number(value.N);
  throw invalid('An operand in the update expression has an incorrect data type');
}

function operand(reader: ExpressionReader): Operand {
  const name = reader.function();
  if (name === 'if_not_exists') {
    const path = reader.path();
    reader.expect(',');
    const otherwise = operand(reader);
    reader.expect(')');
    return (item) => valueAt(item, path) ?? otherwise(item);
  }
  if (name === 'list_append') {
    const first = operand(reader);
    reader.expect(',');
    const second = operand(reader);
    reader.expect(')');
    return (item) => ({ L: [...list(first(item)), ...list(second(item))] });
  }
  if (name !== undefined) throw reader.refusal(name);
  const value = reader.value();
  if (value !== undefined) return () => value;
  const path = reader.path();
  return (item) => {
    const found = valueAt(item, path);
    if (found !== undefined) return found;
    throw invalid('The provided expression refers to an attribute that does not exist in the item');
  };
}

function list(value: AttributeValue): readonly AttributeValue[] {
  if ('L' in value) return value.L;
  throw invalid('An operand in the update expression has an incorrect data type');
}

function added(found: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  const type = typeOf(value);
  if (type === 'N') return { N: String((found === undefined ? 0 : number(found)) + number(value)) };
  if (type !== 'SS' && type !== 'NS' && type !== 'BS') throw invalid('Incorrect operand type for operator ADD');
  const before = found === undefined ? [] : members(found, type);
  return { [type]: [...new Set([...before, ...members(value, type)])] } as unknown as AttributeValue;
}

/** A set that loses its last member goes. */
function without(found: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  const type = typeOf(value);
  if (type !== 'SS' && type !== 'NS' && type !== 'BS') throw invalid('Incorrect operand type for operator DELETE');
  const gone = members(value, type);
  const left = found === undefined ? [] : members(found, type).filter((member) => !gone.includes(member));
  return left.length === 0 ? undefined : ({ [type]: left } as unknown as AttributeValue);
}

function members(value: AttributeValue, type: string): readonly string[] {
  if (typeOf(value) === type) return raw(value) as readonly string[];
  throw invalid('An operand in the update expression has an incorrect data type');
}
