import { AwsError } from '../aws-error';
import { invokeOperation, type Operations } from '../operations';
import type { AwsService, Json } from '../service';
import { type AttributeValue, type Item, invalid } from './attribute-value';
import { readCondition } from './condition';
import { type DocumentPath, valueAt } from './document-path';
import { ExpressionReader } from './expression-reader';
import { readKeyCondition } from './key-condition';
import { Placeholders } from './placeholders';
import { Table } from './table';
import { readUpdate } from './update';

/** Operations on single items, and Query, with expressions as DynamoDB reads them. */
export class DynamoDb implements AwsService {
  public readonly name = 'dynamodb';
  private readonly byName = new Map<string, Table>();
  private readonly operations: Operations = {
    GetItem: (input) => this.getItem(input),
    PutItem: (input) => this.putItem(input),
    UpdateItem: (input) => this.updateItem(input),
    DeleteItem: (input) => this.deleteItem(input),
    Query: (input) => this.query(input),
  };

  /** `arnPrefix` is `arn:aws:dynamodb:REGION:ACCOUNT`. */
  constructor(private readonly arnPrefix: string) {}

  /** Makes a table from the properties of CreateTable or of the CloudFormation resource. */
  public createTable(name: string, properties: Json): Table {
    const table = new Table(name, properties);
    this.byName.set(name, table);
    return table;
  }

  public deleteTable(name: string): void {
    this.byName.delete(name);
  }

  public invoke(operation: string, input: Json): Json {
    return invokeOperation(this.name, this.operations, operation, input);
  }

  // source: iam-actions-resources
  public resourcesOf(_operation: string, input: Json): readonly string[] {
    const name = String(input?.TableName);
    return [name.startsWith('arn:') ? name : `${this.arnPrefix}:table/${name}`];
  }

  /** All tables, in the order of their making. */
  public get tables(): readonly Table[] {
    return [...this.byName.values()];
  }

  /** A table by its name or ARN. */
  public table(nameOrArn: string): Table {
    const table = this.byName.get(String(nameOrArn).replace(/^arn:.*:table\//, ''));
    if (table !== undefined) return table;
    throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
  }

  private getItem(input: Json): Json {
    const table = this.table(input.TableName);
    const placeholders = new Placeholders(input);
    const shape = projection(input, placeholders);
    placeholders.requireAllUsed();
    const item = table.get(table.readKey(input.Key));
    return item === undefined ? {} : { Item: shape(item) };
  }

  private putItem(input: Json): Json {
    requireReturn(input, ['NONE', 'ALL_OLD']);
    const table = this.table(input.TableName);
    if (input.Item === undefined || input.Item === null) {
      throw invalid(
        "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null",
      );
    }
    const missing = 'One or more parameter values were invalid: Missing the key or a key of another type in the item';
    const before = table.get(table.keyOf(input.Item, missing));
    this.check(input, before, new Placeholders(input));
    table.put(input.Item);
    return input.ReturnValues === 'ALL_OLD' && before !== undefined ? { Attributes: before } : {};
  }

  private updateItem(input: Json): Json {
    requireReturn(input, ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']);
    const table = this.table(input.TableName);
    const key = table.readKey(input.Key);
    const placeholders = new Placeholders(input);
    const update =
      input.UpdateExpression === undefined
        ? { paths: [], apply: (item: Item) => item }
        : readUpdate(new ExpressionReader('UpdateExpression', input.UpdateExpression, placeholders));
    for (const [first] of update.paths) {
      if (first === table.partitionKey || first === table.sortKey) {
        throw invalid(
          `One or more parameter values were invalid: Cannot update attribute ${first}. This attribute is part of the key`,
        );
      }
    }
    const before = table.get(key);
    this.check(input, before, placeholders);
    const after = update.apply(before ?? input.Key);
    table.put(after);
    return returned(input.ReturnValues, update.paths, before, after);
  }

  private deleteItem(input: Json): Json {
    requireReturn(input, ['NONE', 'ALL_OLD']);
    const table = this.table(input.TableName);
    const key = table.readKey(input.Key);
    const before = table.get(key);
    this.check(input, before, new Placeholders(input));
    table.delete(key);
    return input.ReturnValues === 'ALL_OLD' && before !== undefined ? { Attributes: before } : {};
  }

  /** A condition that does not hold writes nothing, and gives the item back when it was asked to. */
  // source: dynamodb-condition-expression
  private check(input: Json, before: Item | undefined, placeholders: Placeholders): void {
    const text = input.ConditionExpression;
    const holds =
      text === undefined ? () => true : readCondition(new ExpressionReader('ConditionExpression', text, placeholders));
    placeholders.requireAllUsed();
    if (holds(before ?? {})) return;
    const told =
      input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before !== undefined ? { Item: before } : {};
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400, told);
  }

  // source: dynamodb-query
  private query(input: Json): Json {
    const table = this.table(input.TableName);
    if (input.IndexName !== undefined) throw invalid(`The table does not have the specified index: ${input.IndexName}`);
    const placeholders = new Placeholders(input);
    const { partition, sort } = readKeyCondition(String(input.KeyConditionExpression), table, placeholders);
    const filter =
      input.FilterExpression === undefined
        ? () => true
        : readCondition(new ExpressionReader('FilterExpression', input.FilterExpression, placeholders));
    const shape = projection(input, placeholders);
    placeholders.requireAllUsed();
    const found = table.partition(partition).filter(sort);
    const ordered = input.ScanIndexForward === false ? [...found].reverse() : found;
    const start = input.ExclusiveStartKey === undefined ? 0 : 1 + indexOf(table, ordered, input.ExclusiveStartKey);
    const page = ordered.slice(start, start + (input.Limit ?? ordered.length));
    const items = page.filter(filter).map(shape);
    const last = page.at(-1);
    const more = last !== undefined && start + page.length < ordered.length;
    return {
      ...(input.Select === 'COUNT' ? {} : { Items: items }),
      Count: items.length,
      ScannedCount: page.length,
      ...(more && { LastEvaluatedKey: keyOf(table, last) }),
    };
  }
}

function keyOf(table: Table, item: Item): Item {
  const names = [table.partitionKey, table.sortKey].filter((name) => name !== undefined);
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}

function indexOf(table: Table, items: readonly Item[], key: Item): number {
  const wanted = table.readKey(key);
  return items.findIndex((item) => table.readKey(keyOf(table, item)) === wanted);
}

function requireReturn(input: Json, allowed: readonly string[]): void {
  if (allowed.includes(input.ReturnValues ?? 'NONE')) return;
  throw invalid(`Return values set to invalid value: ${input.ReturnValues}`);
}

/** The shape of a read: everything, or top-level attributes that ProjectionExpression names. */
function projection(input: Json, placeholders: Placeholders): (item: Item) => Item {
  if (input.ProjectionExpression === undefined) return (item) => item;
  const reader = new ExpressionReader('ProjectionExpression', input.ProjectionExpression, placeholders);
  const paths: DocumentPath[] = [reader.path()];
  while (reader.accept(',')) paths.push(reader.path());
  reader.end();
  if (paths.some((path) => path.length > 1)) throw invalid('the rehearsal projects top-level attributes only');
  return (item) => pick(paths, item);
}

function pick(paths: readonly DocumentPath[], item: Item | undefined): Item {
  const entries: [string, AttributeValue][] = [];
  for (const path of paths) {
    const name = String(path[0]);
    const value = item === undefined ? undefined : valueAt(item, [name]);
    if (value !== undefined) entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}

function returned(
  what: string | undefined,
  paths: readonly DocumentPath[],
  before: Item | undefined,
  after: Item,
): Json {
  if (what === 'ALL_NEW') return { Attributes: after };
  if (what === 'UPDATED_NEW') return { Attributes: pick(paths, after) };
  if (before === undefined) return {};
  if (what === 'ALL_OLD') return { Attributes: before };
  return what === 'UPDATED_OLD' ? { Attributes: pick(paths, before) } : {};
}
