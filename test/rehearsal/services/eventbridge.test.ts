import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Delivery, EventBridge, type Json } from '../../../rehearsal/services';
import { compilePattern } from '../../../rehearsal/services/eventbridge/event-pattern';
import { targetInput } from '../../../rehearsal/services/eventbridge/target-input';
import { Clock, EPOCH } from '../../../rehearsal/time/clock';
import { randomStream } from '../../../rehearsal/time/random';

const alarm = {
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  resources: ['arn:aws:cloudwatch:eu-west-1:1:alarm:fraud-b-errors'],
  detail: { alarmName: 'fraud-b-errors', state: { value: 'ALARM', reasonData: null }, n: 5, tags: ['a', 'b'] },
};

describe('patterns', () => {
  test.each<[string, Json, boolean]>([
    ['equal', { source: ['aws.cloudwatch'] }, true],
    ['one of several', { source: ['aws.states', 'aws.cloudwatch'] }, true],
    ['all fields must match', { source: ['aws.cloudwatch'], 'detail-type': ['x'] }, false],
    ['nested', { detail: { state: { value: ['ALARM'] } } }, true],
    ['case counts', { detail: { state: { value: ['Alarm'] } } }, false],
    ['equals-ignore-case', { detail: { state: { value: [{ 'equals-ignore-case': 'alarm' }] } } }, true],
    ['prefix', { detail: { alarmName: [{ prefix: 'fraud-b-' }] } }, true],
    ['prefix of another', { detail: { alarmName: [{ prefix: 'fraud-a-' }] } }, false],
    ['suffix', { detail: { alarmName: [{ suffix: 'errors' }] } }, true],
    ['wildcard', { detail: { alarmName: [{ wildcard: 'fraud-*-errors' }] } }, true],
    ['wildcard takes dots as dots', { detail: { alarmName: [{ wildcard: 'fraud.b*' }] } }, false],
    ['null', { detail: { state: { reasonData: [null] } } }, true],
    ['exists', { detail: { n: [{ exists: true }] } }, true],
    ['null exists', { detail: { state: { reasonData: [{ exists: true }] } } }, true],
    ['does not exist', { detail: { no: [{ exists: false }] } }, true],
    ['does not exist inside what does not', { detail: { no: { deeper: [{ exists: false }] } } }, true],
    ['what is not there equals nothing', { detail: { no: ['x'] } }, false],
    ['numeric', { detail: { n: [{ numeric: ['>', 4, '<=', 5] }] } }, true],
    ['numeric outside', { detail: { n: [{ numeric: ['<', 5] }] } }, false],
    ['a number is no text', { detail: { n: ['5'] } }, false],
    ['anything-but', { detail: { state: { value: [{ 'anything-but': ['OK', 'INSUFFICIENT_DATA'] }] } } }, true],
    ['anything-but this', { detail: { state: { value: [{ 'anything-but': 'ALARM' }] } } }, false],
    ['anything-but a prefix', { detail: { alarmName: [{ 'anything-but': { prefix: 'churn' } }] } }, true],
    ['anything-but needs the field', { detail: { no: [{ 'anything-but': 'x' }] } }, false],
    ['a list matches by any of its items', { detail: { tags: ['b'] } }, true],
    ['anything-but by all of them', { detail: { tags: [{ 'anything-but': 'b' }] } }, false],
    ['$or', { $or: [{ source: ['x'] }, { detail: { n: [5] } }] }, true],
    ['$or of none', { $or: [{ source: ['x'] }, { detail: { n: [6] } }] }, false],
    ['resources', { resources: [{ suffix: ':fraud-b-errors' }] }, true],
  ])('%s', (_, pattern, expected) => {
    expect(compilePattern(pattern)(alarm)).toBe(expected);
  });
  test('another value in the list never makes a match go away', () => {
    const word = fc.constantFrom('ALARM', 'OK', 'x');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), word, (words, more) => {
        const at = (list: string[]) => compilePattern({ detail: { state: { value: list } } })(alarm);
        return !at(words) || at([...words, more]);
      }),
    );
  });
  test.each([
    { source: 'text' },
    { source: [{ near: 'x' }] },
    { source: [{ numeric: ['>'] }] },
    { source: [{ prefix: '' }] },
  ])('refuses %j when the rule is made', (EventPattern) => {
    const { bus } = account();
    expect(() => bus.putRule({ Name: 'r', EventPattern, Targets: [] })).toThrow(/must be of the subset/);
  });
});

describe('what a target is given', () => {
  const input = (target: Json) => targetInput(target, alarm, { 'aws.events.rule-name': 'r' });
  test('the event, a part of it, or a constant', () => {
    expect(input({})).toEqual(alarm);
    expect(input({ InputPath: '$.detail.state.value' })).toBe('ALARM');
    expect(input({ InputPath: '$.resources[0]' })).toBe(alarm.resources[0]);
    expect(input({ Input: '{"a":0}' })).toEqual({ a: 0 });
  });
  test('a template: text inside quotes, JSON outside', () => {
    const InputTransformer = {
      InputPathsMap: { name: '$.detail.alarmName', state: '$.detail.state', gone: '$.detail.gone' },
      InputTemplate: '{"alarm": <name>, "text": "<name> of <aws.events.rule-name>", "state": <state>, "gone": <gone>}',
    };
    expect(input({ InputTransformer })).toEqual({
      alarm: 'fraud-b-errors',
      text: 'fraud-b-errors of r',
      state: alarm.detail.state,
      gone: null,
    });
  });
  test('fails for a name without a path, and for a template that makes no JSON', () => {
    expect(() => input({ InputTransformer: { InputTemplate: '<no>' } })).toThrow(/no path defines/);
    expect(() => input({ InputTransformer: { InputTemplate: '{' } })).toThrow(/does not make JSON/);
  });
});

function account(delivery?: Delivery) {
  const clock = new Clock();
  const got: { at: number; n: number; to: string }[] = [];
  const bus = new EventBridge({
    clock,
    random: randomStream(5, 'events'),
    region: 'eu-west-1',
    account: '123456789012',
    delivery,
    deliver: ({ Arn }, input) => got.push({ at: clock.now() - EPOCH, n: input.n, to: Arn }),
  });
  return { clock, bus, got };
}

describe('delivery', () => {
  const rule = { Name: 'r', EventPattern: { source: ['me'] }, Targets: [{ Id: 't', Arn: 'f', InputPath: '$.detail' }] };
  const send = (delivery?: Delivery) => {
    const { clock, bus, got } = account(delivery);
    bus.putRule(rule);
    for (let n = 0; n < 20; n++) bus.publish({ source: 'me', 'detail-type': 'd', detail: { n } });
    bus.publish({ source: 'you', 'detail-type': 'd', detail: { n: 99 } });
    clock.advanceTo(EPOCH + 300_000);
    return got.map(({ n }) => n);
  };
  const inOrder = Array.from({ length: 20 }, (_, n) => n);
  test('once and in order, to those who asked', () => {
    expect(send()).toEqual(inOrder);
  });
  test('never, twice, and out of order, as it is told', () => {
    expect(send({ times: 0, outOfOrder: false })).toEqual([]);
    expect(send({ times: 2, outOfOrder: false }).length).toBe(40);
    const shuffled = send({ times: 1, outOfOrder: true });
    expect(shuffled).not.toEqual(inOrder);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(inOrder);
    expect(send({ times: 1, outOfOrder: true })).toEqual(shuffled);
  });
  test('a disabled rule and a deleted one are silent', () => {
    const { clock, bus, got } = account();
    bus.putRule({ ...rule, State: 'DISABLED' });
    bus.publish({ source: 'me', 'detail-type': 'd', detail: { n: 1 } });
    bus.putRule(rule);
    bus.deleteRule('r');
    bus.publish({ source: 'me', 'detail-type': 'd', detail: { n: 2 } });
    clock.advanceTo(EPOCH + 60_000);
    expect(got).toEqual([]);
  });
  test('an event has its envelope', () => {
    const { bus } = account();
    expect(bus.publish({ source: 'me', 'detail-type': 'd', detail: {} })).toEqual({
      version: '0',
      id: '00000000-0000-4000-8000-000000000001',
      account: '123456789012',
      time: '2026-01-01T00:00:00Z',
      region: 'eu-west-1',
      resources: [],
      source: 'me',
      'detail-type': 'd',
      detail: {},
    });
  });
});

describe('PutEvents', () => {
  const put = (entry: Json) => account().bus.invoke('PutEvents', { Entries: [entry] });
  test('puts, and says which entries were refused', () => {
    const { bus } = account();
    const Entries = [
      { Source: 'me', DetailType: 'd', Detail: '{"n":1}' },
      { Source: 'me', DetailType: 'd', Detail: '{' },
    ];
    const reply = bus.invoke('PutEvents', { Entries });
    expect([reply.FailedEntryCount, reply.Entries[0].EventId, reply.Entries[1].ErrorCode]).toEqual([
      1,
      bus.events[0].id,
      'MalformedDetail',
    ]);
    expect(bus.events[0].detail).toEqual({ n: 1 });
  });
  test.each<[string, Json, string]>([
    ['no source', { DetailType: 'd', Detail: '{}' }, 'InvalidArgument'],
    ["AWS's own source", { Source: 'aws.states', DetailType: 'd', Detail: '{}' }, 'NotAuthorizedForSourceException'],
    [
      'a bus that is not there',
      { Source: 'me', DetailType: 'd', Detail: '{}', EventBusName: 'x' },
      'ResourceNotFoundException',
    ],
  ])('refuses %s', (_, entry, code) => {
    expect(put(entry).Entries[0].ErrorCode).toBe(code);
  });
  test('refuses eleven entries', () => {
    expect(() => account().bus.invoke('PutEvents', { Entries: new Array(11).fill({}) })).toThrow(/length from 1 to 10/);
  });
});
