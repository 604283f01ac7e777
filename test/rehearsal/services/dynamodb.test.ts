import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { DynamoDb } from '../../../rehearsal/services/dynamodb';
import type { Json } from '../../../rehearsal/services/service';

let db: DynamoDb;
const key = { pk: { S: 'a' }, sk: { S: 'LOCK' } };
const TableName = 'record';
const call = (operation: string, input: Json) => db.invoke(operation, { TableName, ...input });
const read = () => call('GetItem', { Key: key }).Item;
const failure = (act: () => unknown): Json => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
};

beforeEach(() => {
  db = new DynamoDb('arn:aws:dynamodb:eu-west-1:123456789012');
  db.createTable(TableName, {
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
  });
});

describe('conditions', () => {
  const item = {
    ...key,
    n: { N: '5' },
    s: { S: 'hello' },
    set: { SS: ['x', 'y'] },
    list: { L: [{ N: '1' }, { S: 'z' }] },
    map: { M: { inner: { BOOL: true } } },
    blank: { S: '' },
  };
  const values = {
    ':five': { N: '5.0' },
    ':six': { N: '6' },
    ':he': { S: 'he' },
    ':x': { S: 'x' },
    ':one': { N: '1' },
    ':true': { BOOL: true },
    ':type': { S: 'SS' },
    ':set': { SS: ['y', 'x'] },
    ':blank': { S: '' },
  };
  test.each<[string, boolean]>([
    ['n = :five', true],
    ['n <> :five', false],
    ['n < :six', true],
    ['s < :six', false],
    ['n >= :six', false],
    ['missing = :five', false],
    ['missing <> :five', true],
    ['n BETWEEN :one AND :six', true],
    ['n IN (:one, :five)', true],
    ['n IN (:one, :six)', false],
    ['#set = :set', true],
    ['blank = :blank', true],
    ['attribute_exists(n)', true],
    ['attribute_exists(#map.inner)', true],
    ['attribute_exists(#map.missing)', false],
    ['attribute_not_exists(missing)', true],
    ['attribute_type(#set, :type)', true],
    ['begins_with(s, :he)', true],
    ['begins_with(n, :he)', false],
    ['contains(s, :he)', true],
    ['contains(#set, :x)', true],
    ['contains(#set, :he)', false],
    ['contains(#list, :one)', true],
    ['size(s) = :five', true],
    ['size(missing) = :five', false],
    ['#map.inner = :true', true],
    ['#list[0] = :one', true],
    ['NOT n = :five', false],
    ['n = :six OR n = :five AND s = :x', false],
    ['(n = :six OR n = :five) AND begins_with(s, :he)', true],
    ['n = :five OR n = :six AND s = :x', true],
    ['NOT (n = :six OR n = :one) and attribute_exists(s)', true],
  ])('%s', (ConditionExpression, holds) => {
    call('PutItem', { Item: item });
    const used = (all: Json) =>
      Object.fromEntries(
        Object.entries(all).filter(([name]) => new RegExp(`${name}(?![\\w])`).test(ConditionExpression)),
      );
    const names = used({ '#set': 'set', '#map': 'map', '#list': 'list' });
    const act = () =>
      call('DeleteItem', {
        Key: key,
        ConditionExpression,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: used(values),
      });
    if (holds) act();
    else
      expect(failure(act)).toMatchObject({
        code: 'ConditionalCheckFailedException',
        message: 'The conditional request failed',
      });
    expect(read() === undefined).toBe(holds);
  });
  test('a condition that fails changes nothing, and gives the item back when asked', () => {
    call('PutItem', { Item: item });
    const put = { Item: { ...key, n: { N: '6' } }, ConditionExpression: 'attribute_not_exists(pk)' };
    expect(failure(() => call('PutItem', put)).members).toEqual({});
    const asked = failure(() => call('PutItem', { ...put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }));
    expect(asked.members).toEqual({ Item: item });
    expect(read()).toEqual(item);
  });
});

describe('what DynamoDB refuses', () => {
  const update = (UpdateExpression: string, rest: Json = {}) =>
    call('UpdateItem', { Key: key, UpdateExpression, ...rest });
  const one = { ExpressionAttributeValues: { ':v': { N: '1' } } };
  test.each<[string, () => unknown, RegExp]>([
    ['a table that is not there', () => call('GetItem', { TableName: 'no', Key: key }), /Requested resource not found/],
    ['half a key', () => call('GetItem', { Key: { pk: { S: 'a' } } }), /does not match the schema/],
    ['a key of another type', () => call('GetItem', { Key: { ...key, sk: { N: '1' } } }), /does not match the schema/],
    ['an empty key', () => call('PutItem', { Item: { ...key, sk: { S: '' } } }), /empty string value. Key: sk/],
    ['an item without its key', () => call('PutItem', { Item: { pk: { S: 'a' } } }), /Missing the key/],
    ['no item', () => call('PutItem', {}), /Value null at 'item'/],
    ['a number that is none', () => call('PutItem', { Item: { ...key, n: { N: 'NaN' } } }), /numeric value/],
    ['a value without a type', () => call('PutItem', { Item: { ...key, n: {} } }), /exactly one of the supported/],
    ['an empty set', () => call('PutItem', { Item: { ...key, n: { SS: [] } } }), /empty set/],
    ['400 KB', () => call('PutItem', { Item: { ...key, n: { S: 'x'.repeat(409_600) } } }), /exceeded the maximum/],
    [
      'a reserved word',
      () => update('SET #a = :v, status = :v', { ExpressionAttributeNames: { '#a': 'a' }, ...one }),
      /reserved keyword: status/,
    ],
    ['a value that nobody uses', () => update('REMOVE a', one), /unused in expressions: keys: {:v}/],
    [
      'a name that nobody uses',
      () => update('REMOVE a', { ExpressionAttributeNames: { '#a': 'a' } }),
      /unused in expressions: keys: {#a}/,
    ],
    ['a value that is not there', () => update('SET a = :no'), /not defined; attribute value: :no/],
    ['a name that is not there', () => update('REMOVE #no'), /not defined; attribute name: #no/],
    ['a change of the key', () => update('SET sk = :v', one), /Cannot update attribute sk/],
    ['overlapping paths', () => update('SET a = :v REMOVE a.b', one), /overlap/],
    ['a clause twice', () => update('SET a = :v SET b = :v', one), /Syntax error/],
    [
      'a sum with a text',
      () => update('SET a = :v + :t', { ExpressionAttributeValues: { ':v': { N: '1' }, ':t': { S: '1' } } }),
      /incorrect data type/,
    ],
    ['a source that is not there', () => update('SET a = b'), /does not exist in the item/],
    ['a parent that is not there', () => update('SET a.b = :v', one), /document path/],
    [
      'an unfinished condition',
      () => update('REMOVE a', { ConditionExpression: 'attribute_exists(' }),
      /Syntax error; token: "<EOF>"/,
    ],
    [
      'an unknown function',
      () => update('REMOVE a', { ConditionExpression: 'is_there(a)' }),
      /Syntax error; token: "is_there"/,
    ],
    ['an empty condition', () => update('REMOVE a', { ConditionExpression: ' ' }), /can not be empty/],
    ['a sign that is none', () => update('REMOVE a', { ConditionExpression: 'a == :v', ...one }), /Syntax error/],
    [
      'return values of another operation',
      () => call('PutItem', { Item: key, ReturnValues: 'ALL_NEW' }),
      /Return values set to invalid/,
    ],
    ['an operation that is not there', () => call('Scan', {}), /no dynamodb:Scan/],
  ])('%s', (_, act, message) => {
    expect(failure(act).message).toMatch(message);
    expect(read()).toBeUndefined();
  });
});

describe('updates', () => {
  const update = (UpdateExpression: string, ExpressionAttributeValues?: Json, rest: Json = {}) =>
    call('UpdateItem', { Key: key, UpdateExpression, ExpressionAttributeValues, ...rest });
  test('makes the item when there is none', () => {
    update('SET n = if_not_exists(n, :zero) + :one', { ':zero': { N: '0' }, ':one': { N: '1' } });
    expect(read()).toEqual({ ...key, n: { N: '1' } });
  });
  test.each<[string, Json, Json]>([
    ['SET a = b, b = a', undefined, { a: { N: '2' }, b: { N: '1' } }],
    ['SET a = b - :v', { ':v': { N: '5' } }, { a: { N: '-3' } }],
    ['SET l = list_append(l, :l)', { ':l': { L: [{ S: 'z' }] } }, { l: { L: [{ S: 'x' }, { S: 'y' }, { S: 'z' }] } }],
    ['SET l[0] = :v', { ':v': { S: 'n' } }, { l: { L: [{ S: 'n' }, { S: 'y' }] } }],
    ['SET l[9] = :v', { ':v': { S: 'n' } }, { l: { L: [{ S: 'x' }, { S: 'y' }, { S: 'n' }] } }],
    ['SET m.k = :v', { ':v': { S: 'n' } }, { m: { M: { j: { N: '1' }, k: { S: 'n' } } } }],
    ['REMOVE l[0], l[1]', undefined, { l: { L: [] } }],
    ['REMOVE nothing', undefined, {}],
    ['ADD a :v', { ':v': { N: '10' } }, { a: { N: '11' } }],
    ['ADD fresh :v', { ':v': { N: '10' } }, { fresh: { N: '10' } }],
    ['ADD st :v', { ':v': { SS: ['q', 'p'] } }, { st: { SS: ['p', 'q'] } }],
    ['DELETE st :v', { ':v': { SS: ['p'] } }, { st: undefined }],
    [
      'SET a = :v REMOVE b ADD st :s',
      { ':v': { N: '0' }, ':s': { SS: ['r'] } },
      { a: { N: '0' }, b: undefined, st: { SS: ['p', 'r'] } },
    ],
  ])('%s', (expression, values, changed) => {
    const before = {
      ...key,
      a: { N: '1' },
      b: { N: '2' },
      l: { L: [{ S: 'x' }, { S: 'y' }] },
      m: { M: { j: { N: '1' } } },
      st: { SS: ['p'] },
    };
    call('PutItem', { Item: before });
    update(expression, values);
    expect(read()).toEqual(JSON.parse(JSON.stringify({ ...before, ...changed })));
  });
  test.each<[string, Json]>([
    ['ALL_NEW', { ...key, a: { N: '2' }, b: { N: '9' } }],
    ['ALL_OLD', { ...key, a: { N: '1' }, b: { N: '9' } }],
    ['UPDATED_NEW', { a: { N: '2' } }],
    ['UPDATED_OLD', { a: { N: '1' } }],
    ['NONE', undefined],
  ])('gives back %s', (ReturnValues, expected) => {
    call('PutItem', { Item: { ...key, a: { N: '1' }, b: { N: '9' } } });
    expect(update('SET a = :v', { ':v': { N: '2' } }, { ReturnValues }).Attributes).toEqual(expected);
  });
  test('of many who want a free lock, one has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), (writers) => {
        call('DeleteItem', { Key: key });
        const won = Array.from({ length: writers }, (_, i) => {
          try {
            update(
              'SET holder = :me',
              { ':me': { S: `w${i}` } },
              { ConditionExpression: 'attribute_not_exists(holder)' },
            );
            return 1;
          } catch {
            return 0;
          }
        });
        return won.reduce<number>((sum, n) => sum + n, 0) === 1 && read().holder.S === 'w0';
      }),
      { numRuns: 20 },
    );
  });
});

describe('Query', () => {
  const query = (KeyConditionExpression: string, values: Json, rest: Json = {}) =>
    call('Query', { KeyConditionExpression, ExpressionAttributeValues: { ':pk': { S: 'a' }, ...values }, ...rest });
  const keys = (reply: Json) => reply.Items.map((item: Json) => item.sk.S);
  beforeEach(() => {
    for (const sk of ['E#3', 'E#1', 'LOCK', 'E#2'])
      call('PutItem', { Item: { pk: { S: 'a' }, sk: { S: sk }, n: { N: sk.slice(-1).replace('K', '0') } } });
    call('PutItem', { Item: { pk: { S: 'b' }, sk: { S: 'E#1' } } });
  });
  test.each<[string, Json, string[]]>([
    ['pk = :pk', {}, ['E#1', 'E#2', 'E#3', 'LOCK']],
    ['pk = :pk AND begins_with(sk, :s)', { ':s': { S: 'E#' } }, ['E#1', 'E#2', 'E#3']],
    ['pk = :pk AND sk > :s', { ':s': { S: 'E#1' } }, ['E#2', 'E#3', 'LOCK']],
    ['pk = :pk AND sk BETWEEN :s AND :t', { ':s': { S: 'E#1' }, ':t': { S: 'E#2' } }, ['E#1', 'E#2']],
    ['pk = :pk AND sk = :s', { ':s': { S: 'LOCK' } }, ['LOCK']],
  ])('%s', (expression, values, expected) => {
    expect(keys(query(expression, values))).toEqual(expected);
  });
  test('backwards, filtered, in pages', () => {
    expect(keys(query('pk = :pk', {}, { ScanIndexForward: false, Limit: 2 }))).toEqual(['LOCK', 'E#3']);
    const filtered = query('pk = :pk', { ':two': { N: '2' } }, { FilterExpression: 'n >= :two' });
    expect([filtered.Count, filtered.ScannedCount]).toEqual([2, 4]);
    const first = query('pk = :pk', {}, { Limit: 3 });
    expect(first.LastEvaluatedKey).toEqual({ pk: { S: 'a' }, sk: { S: 'E#3' } });
    const second = query('pk = :pk', {}, { ExclusiveStartKey: first.LastEvaluatedKey });
    expect([keys(second), second.LastEvaluatedKey]).toEqual([['LOCK'], undefined]);
  });
  test.each(['sk = :pk', 'pk > :pk', 'pk = :pk AND n = :pk', 'pk = :pk OR pk = :pk'])('refuses %s', (expression) => {
    expect(failure(() => query(expression, {})).message).toMatch(/Query condition missed key schema element/);
  });
});

test('IAM is asked about the table', () => {
  expect(db.resourcesOf('PutItem', { TableName })).toEqual(['arn:aws:dynamodb:eu-west-1:123456789012:table/record']);
});
