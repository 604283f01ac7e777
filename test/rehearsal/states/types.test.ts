import { describe, expect, test } from 'vitest';
import type { Json } from '../../../rehearsal/services/service';
import { EPOCH } from '../../../rehearsal/time/clock';
import { account, lambda, only, types } from './machine';

const output = async (state: Json, input: Json = {}) => {
  const done = await account().run(only(state), input);
  return done.status === 'SUCCEEDED' ? done.output : `${done.error}: ${done.cause}`;
};

describe('Pass', () => {
  test.each<[string, Json, Json]>([
    ['gives on its input', {}, { a: { b: 1 } }],
    ['gives its Result', { Result: [0] }, [0]],
    ['a Result of zero is zero', { Result: 0 }, 0],
    ['takes InputPath', { InputPath: '$.a' }, { b: 1 }],
    ['a null InputPath is an empty object', { InputPath: null }, {}],
    ['fills Parameters', { Parameters: { 'x.$': '$.a.b', y: '$.a' } }, { x: 1, y: '$.a' }],
    ['puts the result where ResultPath says', { Result: 5, ResultPath: '$.a.c' }, { a: { b: 1, c: 5 } }],
    ['makes what is missing on the way', { Result: 5, ResultPath: '$.x.y' }, { a: { b: 1 }, x: { y: 5 } }],
    ['a null ResultPath keeps the raw input', { Result: 5, ResultPath: null }, { a: { b: 1 } }],
    [
      'ResultPath goes into the raw input, not the filtered',
      { InputPath: '$.a', ResultPath: '$.r' },
      { a: { b: 1 }, r: { b: 1 } },
    ],
    ['takes OutputPath last', { Result: 5, ResultPath: '$.a.c', OutputPath: '$.a' }, { b: 1, c: 5 }],
  ])('%s', async (_, state, expected) => {
    expect(await output({ Type: 'Pass', ...state }, { a: { b: 1 } })).toEqual(expected);
  });
  test('fails for a path to nothing, naming state and event', async () => {
    expect(await output({ Type: 'Pass', InputPath: '$.no' })).toBe(
      "States.Runtime: An error occurred while executing the state 'S' (entered at the event id #2). Invalid path '$.no': no such place in the input",
    );
    expect(await output({ Type: 'Pass', Parameters: { 'x.$': '$.no' } })).toContain(
      "States.ParameterPathFailure: An error occurred while executing the state 'S' (entered at the event id #2). The JSONPath '$.no' specified for the field 'x.$' could not be found in the input '{}'",
    );
  });
  test('fails when ResultPath goes through something that is no object', async () => {
    expect(await output({ Type: 'Pass', Result: 1, ResultPath: '$.a.b' }, { a: 'text' })).toContain(
      'States.ResultPathMatchFailure',
    );
  });
});

describe('Choice', () => {
  const go = async (rule: Json, input: Json) => {
    const done = await account().run(
      {
        StartAt: 'C',
        States: {
          C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Y' }], Default: 'N' },
          Y: { Type: 'Succeed' },
          N: { Type: 'Succeed' },
        },
      },
      input,
    );
    if (done.status !== 'SUCCEEDED') return done.error;
    return types(done).length > 0 && done.history.some(({ details }) => details.name === 'Y');
  };
  const v = (rule: Json) => ({ Variable: '$.v', ...rule });
  test.each<[string, Json, Json, boolean | string]>([
    ['equal strings', v({ StringEquals: 'a' }), { v: 'a' }, true],
    ['a number is not a string', v({ StringEquals: '1' }), { v: 1 }, false],
    ['numbers', v({ NumericGreaterThanEquals: 2 }), { v: 2 }, true],
    ['zero equals zero', v({ NumericEquals: 0 }), { v: 0 }, true],
    ['NaN cannot be written, text is no number', v({ NumericLessThan: 5 }), { v: 'NaN' }, false],
    ['booleans', v({ BooleanEquals: false }), { v: false }, true],
    [
      'timestamps by instant, not by text',
      v({ TimestampEquals: '2026-01-01T01:00:00+01:00' }),
      { v: '2026-01-01T00:00:00Z' },
      true,
    ],
    ['a timestamp that is none', v({ TimestampLessThan: '2026-01-01T00:00:00Z' }), { v: 'soon' }, false],
    ['glob', v({ StringMatches: 'a*c' }), { v: 'abbc' }, true],
    ['an escaped star', v({ StringMatches: 'a\\*' }), { v: 'ab' }, false],
    ['a dot in a glob is a dot', v({ StringMatches: 'a.c' }), { v: 'abc' }, false],
    ['another path', v({ NumericEqualsPath: '$.w' }), { v: 3, w: 3 }, true],
    ['present', v({ IsPresent: true }), { v: null }, true],
    ['not present', v({ IsPresent: false }), {}, true],
    ['null', v({ IsNull: true }), { v: null }, true],
    ['not numeric', v({ IsNumeric: false }), { v: '1' }, true],
    ['timestamp form', v({ IsTimestamp: true }), { v: '2026-01-01' }, false],
    ['and', { And: [v({ IsNumeric: true }), v({ NumericLessThan: 5 })] }, { v: 7 }, false],
    ['or', { Or: [v({ NumericEquals: 1 }), v({ NumericEquals: 7 })] }, { v: 7 }, true],
    ['not', { Not: v({ NumericEquals: 7 }) }, { v: 7 }, false],
    ['a variable that is not there ends the execution', v({ StringEquals: 'a' }), {}, 'States.Runtime'],
  ])('%s', async (_, rule, input, expected) => {
    expect(await go(rule, input)).toBe(expected);
  });
  test('fails when nothing holds and there is no Default', async () => {
    const machine = {
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', Choices: [{ Variable: '$.v', IsPresent: true, Next: 'Y' }] },
        Y: { Type: 'Succeed' },
      },
    };
    const done = await account().run(machine);
    expect([done.status, done.error]).toEqual(['FAILED', 'States.NoChoiceMatched']);
    expect(types(done)).toEqual(['ExecutionStarted', 'ChoiceStateEntered', 'ExecutionFailed']);
  });
});

describe('Wait', () => {
  test.each<[string, Json, number]>([
    ['seconds', { Seconds: 86_400 }, 86_400],
    ['zero seconds', { Seconds: 0 }, 0],
    ['seconds from the input', { SecondsPath: '$.s' }, 90],
    ['a timestamp', { Timestamp: '2026-01-01T01:00:00Z' }, 3600],
    ['a timestamp from the input', { TimestampPath: '$.t' }, 7200],
    ['a timestamp that is over', { Timestamp: '2025-01-01T01:00:00Z' }, 0],
  ])('%s', async (_, state, seconds) => {
    const done = await account().run(only({ Type: 'Wait', ...state }), { s: 90, t: '2026-01-01T02:00:00Z' });
    expect([done.status, done.stoppedAt]).toEqual(['SUCCEEDED', EPOCH + seconds * 1000]);
  });
  test.each([['90'], [-1], [1.5], [null]])('fails for %j seconds', async (s) => {
    expect(await output({ Type: 'Wait', SecondsPath: '$.s' }, { s })).toContain('States.Runtime');
  });
});

describe('Succeed and Fail', () => {
  test('Succeed gives its output', async () => {
    expect(await output({ Type: 'Succeed', OutputPath: '$.a' }, { a: 1 })).toBe(1);
  });
  test('Fail gives error and cause, and has no exit', async () => {
    const done = await account().run(only({ Type: 'Fail', Error: 'E', CausePath: "States.Format('for {}', $.x)" }), {
      x: 'me',
    });
    expect([done.status, done.error, done.cause]).toEqual(['FAILED', 'E', 'for me']);
    expect(types(done)).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
  });
});

describe('Parallel', () => {
  const branch = (state: Json, name: string) => ({ StartAt: name, States: { [name]: { End: true, ...state } } });
  test('gives the outputs in the order of the branches, whichever was first', async () => {
    const done = await account().run(
      only({
        Type: 'Parallel',
        Branches: [
          branch({ Type: 'Wait', Seconds: 10, OutputPath: '$.a' }, 'A'),
          branch({ Type: 'Pass', Result: 'b' }, 'B'),
        ],
      }),
      { a: 'a' },
    );
    expect(done.output).toEqual(['a', 'b']);
    expect(types(done)).toEqual([
      'ExecutionStarted',
      'ParallelStateEntered',
      'ParallelStateStarted',
      'WaitStateEntered',
      'PassStateEntered',
      'PassStateExited',
      'WaitStateExited',
      'ParallelStateSucceeded',
      'ParallelStateExited',
      'ExecutionSucceeded',
    ]);
  });
  test('fails with its first branch, and the other goes no further', async () => {
    const { calls, run } = account({ 'lambda:Invoke': () => ({ Payload: 1 }) });
    const late = {
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: 10, Next: 'T' }, T: { Type: 'Task', Resource: lambda, End: true } },
    };
    const machine = only({
      Type: 'Parallel',
      Branches: [late, branch({ Type: 'Fail', Error: 'E', End: undefined }, 'F')],
      Catch: [{ ErrorEquals: ['E'], Next: 'P', ResultPath: '$.e' }],
    });
    machine.States.P = { Type: 'Pass', End: true };
    const caught = await run(machine);
    expect(caught.output).toEqual({ e: { Error: 'E' } });
    expect(types(caught)).toEqual([
      'ExecutionStarted',
      'ParallelStateEntered',
      'ParallelStateStarted',
      'WaitStateEntered',
      'FailStateEntered',
      'WaitStateAborted',
      'ParallelStateFailed',
      'ParallelStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
    expect(calls).toEqual([]);
  });
});

describe('Map', () => {
  const map = (rest: Json, body: Json = { Type: 'Pass' }) =>
    only({ Type: 'Map', ItemProcessor: { StartAt: 'I', States: { I: { End: true, ...body } } }, ...rest });
  test('runs its body for each item, with index and value in the context', async () => {
    const done = await account().run(
      map({
        ItemsPath: '$.list',
        ItemSelector: { 'i.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value', 'k.$': '$.k' },
      }),
      { list: ['a', 'b'], k: 9 },
    );
    expect(done.output).toEqual([
      { i: 0, v: 'a', k: 9 },
      { i: 1, v: 'b', k: 9 },
    ]);
    expect(types(done)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapIterationStarted',
      'MapIterationStarted',
      'PassStateEntered',
      'PassStateExited',
      'MapIterationSucceeded',
      'PassStateEntered',
      'PassStateExited',
      'MapIterationSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
  });
  test('an empty list is an empty result', async () => {
    const done = await account().run(map({}), []);
    expect([done.status, done.output]).toEqual(['SUCCEEDED', []]);
  });
  test.each([
    [1, 40],
    [3, 20],
    [0, 10],
  ])('MaxConcurrency %i lets four waits of ten seconds take %i', async (MaxConcurrency, seconds) => {
    const done = await account().run(map({ MaxConcurrency }, { Type: 'Wait', Seconds: 10 }), [1, 2, 3, 4]);
    expect(done.stoppedAt).toBe(EPOCH + seconds * 1000);
    expect(done.output).toEqual([1, 2, 3, 4]);
  });
  test('at most forty iterations run at once', async () => {
    const done = await account().run(
      map({}, { Type: 'Wait', Seconds: 10 }),
      Array.from({ length: 41 }, (_, i) => i),
    );
    expect(done.stoppedAt).toBe(EPOCH + 20_000);
  });
  test('fails with its first iteration and ends the others', async () => {
    const body = {
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', Choices: [{ Variable: '$', NumericEquals: 1, Next: 'F' }], Default: 'W' },
        F: { Type: 'Fail', Error: 'E' },
        W: { Type: 'Wait', Seconds: 10, End: true },
      },
    };
    const done = await account().run(only({ Type: 'Map', ItemProcessor: body }), [0, 1]);
    expect([done.error, done.stoppedAt]).toEqual(['E', EPOCH]);
    expect(types(done).slice(-5)).toEqual([
      'MapIterationFailed',
      'WaitStateAborted',
      'MapIterationAborted',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
  });
  test('fails when the items are no list', async () => {
    expect((await account().run(map({}), { a: 1 })).error).toBe('States.Runtime');
  });
});
