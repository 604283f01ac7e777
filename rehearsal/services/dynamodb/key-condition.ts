import { type AttributeValue, type Item, invalid } from './attribute-value';
import { type Condition, readCondition } from './condition';
import { ExpressionReader } from './expression-reader';
import type { Placeholders } from './placeholders';
import type { Table } from './table';

/** What a Query asks of the key. */
export interface KeyCondition {
  readonly partition: AttributeValue;
  readonly sort: Condition;
}

const unsupported = () => invalid('Query condition missed key schema element, or Query key condition not supported');
const forms =
  /^\s*([#\w]+)\s*=\s*(:\w+)\s*(?:AND\s+((?:begins_with\s*\(\s*([#\w]+)\s*,\s*:\w+\s*\))|(?:([#\w]+)\s+BETWEEN\s+:\w+\s+AND\s+:\w+)|(?:([#\w]+)\s*(?:=|<=|>=|<|>)\s*:\w+))\s*)?$/i;

/** Reads `pk = :value`, alone or with one comparison, BETWEEN or begins_with of the sort key. */
// source: dynamodb-query
export function readKeyCondition(text: string, table: Table, placeholders: Placeholders): KeyCondition {
  const found = forms.exec(text);
  if (found === null) throw unsupported();
  const [, partitionName, partitionValue, sortText, ...sortNames] = found;
  const resolve = (name: string) => (name.startsWith('#') ? placeholders.name(name) : name);
  if (resolve(partitionName) !== table.partitionKey) throw unsupported();
  const partition = placeholders.value(partitionValue);
  if (sortText === undefined) return { partition, sort: () => true };
  const sortName = sortNames.find((name) => name !== undefined);
  if (sortName === undefined || resolve(sortName) !== table.sortKey) throw unsupported();
  const sort = readCondition(new ExpressionReader('KeyConditionExpression', sortText, placeholders));
  return { partition, sort: (item: Item) => sort(item) };
}
