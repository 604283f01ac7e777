import { type AttributeValue, type Item, order, raw, same, sizeOf, typeOf } from './attribute-value';
import { type DocumentPath, valueAt } from './document-path';
import type { ExpressionReader } from './expression-reader';

/** A condition, read once and asked of an item; no item is the empty item. */
export type Condition = (item: Item) => boolean;
type Operand = (item: Item) => AttributeValue | undefined;

const comparators: Readonly<Record<string, (left: AttributeValue, right: AttributeValue) => boolean>> = {
  '=': same,
  '<>': (left, right) => !same(left, right),
  '<': (left, right) => below(order(left, right), (n) => n < 0),
  '<=': (left, right) => below(order(left, right), (n) => n <= 0),
  '>': (left, right) => below(order(left, right), (n) => n > 0),
  '>=': (left, right) => below(order(left, right), (n) => n >= 0),
};
const below = (n: number | undefined, holds: (n: number) => boolean) => n !== undefined && holds(n);

/** Reads a condition or filter expression: OR binds least, then AND, then NOT. */
// source: dynamodb-condition-expression
export function readCondition(reader: ExpressionReader): Condition {
  const condition = disjunction(reader);
  reader.end();
  return condition;
}

function disjunction(reader: ExpressionReader): Condition {
  const any = [conjunction(reader)];
  while (reader.keyword('OR')) any.push(conjunction(reader));
  return (item) => any.some((condition) => condition(item));
}

function conjunction(reader: ExpressionReader): Condition {
  const all = [negation(reader)];
  while (reader.keyword('AND')) all.push(negation(reader));
  return (item) => all.every((condition) => condition(item));
}

function negation(reader: ExpressionReader): Condition {
  if (reader.keyword('NOT')) {
    const inner = negation(reader);
    return (item) => !inner(item);
  }
  if (reader.accept('(')) {
    const inner = disjunction(reader);
    reader.expect(')');
    return inner;
  }
  return comparison(reader);
}

function comparison(reader: ExpressionReader): Condition {
  const name = reader.function();
  if (name !== undefined && name !== 'size') return test(reader, name);
  const left = name === 'size' ? size(reader) : operand(reader);
  if (reader.keyword('BETWEEN')) {
    const low = operand(reader);
    if (!reader.keyword('AND')) throw reader.refusal();
    const high = operand(reader);
    const atLeast = compare(left, '>=', low);
    const atMost = compare(left, '<=', high);
    return (item) => atLeast(item) && atMost(item);
  }
  if (reader.keyword('IN')) {
    reader.expect('(');
    const values = [operand(reader)];
    while (reader.accept(',')) values.push(operand(reader));
    reader.expect(')');
    const any = values.map((value) => compare(left, '=', value));
    return (item) => any.some((condition) => condition(item));
  }
  const symbol = reader.next ?? '';
  if (!Object.hasOwn(comparators, symbol)) throw reader.refusal();
  reader.expect(symbol);
  return compare(left, symbol, operand(reader));
}

/** An attribute that is not there compares with nothing; only "not equal" is then so. */
function compare(left: Operand, symbol: string, right: Operand): Condition {
  return (item) => {
    const [a, b] = [left(item), right(item)];
    if (a === undefined || b === undefined) return symbol === '<>' && (a === undefined) !== (b === undefined);
    return comparators[symbol](a, b);
  };
}

function size(reader: ExpressionReader): Operand {
  const path = reader.path();
  reader.expect(')');
  return (item) => {
    const value = valueAt(item, path);
    const count = value === undefined ? undefined : sizeOf(value);
    return count === undefined ? undefined : { N: String(count) };
  };
}

function operand(reader: ExpressionReader): Operand {
  if (reader.function() === 'size') return size(reader);
  const value = reader.value();
  if (value !== undefined) return () => value;
  const path = reader.path();
  return (item) => valueAt(item, path);
}

type Test = (found: AttributeValue | undefined, value: AttributeValue | undefined) => boolean;
const text = (value: AttributeValue | undefined) => (value !== undefined && 'S' in value ? value.S : undefined);

const tests: Readonly<Record<string, readonly [boolean, Test]>> = {
  attribute_exists: [false, (found) => found !== undefined],
  attribute_not_exists: [false, (found) => found === undefined],
  attribute_type: [true, (found, type) => found !== undefined && typeOf(found) === text(type)],
  begins_with: [true, (found, start) => text(found)?.startsWith(text(start) ?? '\u0000') === true],
  contains: [true, contains],
};

function contains(found: AttributeValue | undefined, value: AttributeValue | undefined): boolean {
  if (found === undefined || value === undefined) return false;
  if ('S' in found) return 'S' in value && found.S.includes(value.S);
  if ('L' in found) return found.L.some((item) => same(item, value));
  const members = raw(found);
  return typeOf(found) === `${typeOf(value)}S` && (members as readonly unknown[]).includes(raw(value));
}

function test(reader: ExpressionReader, name: string): Condition {
  if (!Object.hasOwn(tests, name)) throw reader.refusal(name);
  const [takesValue, holds] = tests[name];
  const path: DocumentPath = reader.path();
  let value: Operand = () => undefined;
  if (takesValue) {
    reader.expect(',');
    value = operand(reader);
  }
  reader.expect(')');
  return (item) => holds(valueAt(item, path), value(item));
}
