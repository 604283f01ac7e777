import { beforeEach, describe, expect, test } from 'vitest';
import { type AwsService, DynamoDb, type Fault, Faults } from '../../../rehearsal/services';

let db: DynamoDb;
const put = { TableName: 't', Item: { pk: { S: 'a' } } };
const once = { ...put, ConditionExpression: 'attribute_not_exists(pk)' };
beforeEach(() => {
  db = new DynamoDb('arn:aws:dynamodb:eu-west-1:123456789012');
  db.createTable('t', {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  });
});
const written = () => db.table('t').all.length;
const outcome = (service: AwsService, input: object = put) => {
  try {
    service.invoke('PutItem', input);
    return 'done';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('a fault', () => {
  test.each<[Fault['kind'], string, number]>([
    ['throttled', 'ThrottlingException', 0],
    ['denied', 'AccessDeniedException', 0],
    ['failed', 'InternalFailure', 0],
    ['replyLost', 'InternalFailure', 1],
  ])('%s is %s, and leaves %i items', (kind, code, items) => {
    const faults = new Faults([{ api: 'dynamodb:PutItem', call: 1, kind }]);
    expect(outcome(faults.around(db))).toBe(code);
    expect(written()).toBe(items);
  });
  test('befalls the call it is addressed to, for as long as it says, across all who call', () => {
    const faults = new Faults([{ api: 'dynamodb:PutItem', call: 2, times: 2, kind: 'throttled' }]);
    const [one, other] = [faults.around(db), faults.around(db)];
    one.invoke('GetItem', { TableName: 't', Key: put.Item });
    expect([outcome(one), outcome(other), outcome(one), outcome(other)]).toEqual([
      'done',
      'ThrottlingException',
      'ThrottlingException',
      'done',
    ]);
  });
  test('that loses a reply still loses it to a caller who tries again under a condition', () => {
    const lost = new Faults([{ api: 'dynamodb:PutItem', call: 1, kind: 'replyLost' }]).around(db);
    expect([outcome(lost, once), outcome(lost, once)]).toEqual(['InternalFailure', 'ConditionalCheckFailedException']);
  });
  test('that loses the reply of a refusal refuses', () => {
    db.invoke('PutItem', put);
    const lost = new Faults([{ api: 'dynamodb:PutItem', call: 1, kind: 'replyLost' }]).around(db);
    expect(outcome(lost, once)).toBe('ConditionalCheckFailedException');
  });
  test('loses the reply of a service that takes its time', async () => {
    let done = false;
    const slow: AwsService = {
      name: 'sagemaker',
      invoke: async () => {
        done = true;
        return {};
      },
    };
    const lost = new Faults([{ api: 'sagemaker:UpdateEndpoint', call: 1, kind: 'replyLost' }]).around(slow);
    await expect(lost.invoke('UpdateEndpoint', {})).rejects.toMatchObject({ code: 'InternalFailure', status: 500 });
    expect(done).toBe(true);
  });
  test('whose call never came is told', () => {
    const met: Fault = { api: 'dynamodb:PutItem', call: 1, kind: 'failed' };
    const unmet: Fault = { api: 'dynamodb:PutItem', call: 9, kind: 'failed' };
    const faults = new Faults([met, unmet]);
    outcome(faults.around(db));
    expect(faults.unmet).toEqual([unmet]);
  });
});

test('IAM is asked the same in front of a service with faults', () => {
  const wrapped = new Faults([]).around(db);
  expect(wrapped.resourcesOf?.('PutItem', put)).toEqual(db.resourcesOf('PutItem', put));
  expect([wrapped.name, wrapped.actionOf]).toEqual(['dynamodb', undefined]);
});
