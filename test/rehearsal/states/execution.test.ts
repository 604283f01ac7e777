import { describe, expect, test } from 'vitest';
import type { Json } from '../../../rehearsal/services/service';
import { executionStatusEvent, MAXIMUM_EVENTS } from '../../../rehearsal/states';
import { EPOCH } from '../../../rehearsal/time/clock';
import { account, lambda, machineArn, only, types } from './machine';

const chain = {
  StartAt: 'A',
  States: {
    A: { Type: 'Task', Resource: lambda, Next: 'P', Retry: [{ ErrorEquals: ['E'] }] },
    P: { Type: 'Parallel', Next: 'M', Branches: [only({ Type: 'Wait', Seconds: 5 })], ResultPath: '$' },
    M: {
      Type: 'Map',
      ItemProcessor: { StartAt: 'T', States: { T: { Type: 'Task', Resource: lambda, End: true } } },
      Next: 'W',
    },
    W: { Type: 'Wait', Seconds: 60, End: true },
  },
};

test('stopped after any event, an execution does nothing more', async () => {
  const replies = { 'lambda:Invoke': () => ({ Payload: 1 }) };
  const whole = await account(replies).run(chain);
  expect(whole.status).toBe('SUCCEEDED');
  for (let at = 1; at < whole.history.length; at++) {
    const world = account(replies, {
      onEvent: (execution, event) => {
        if (event.id === at) execution.stop('Operator', 'by hand');
      },
    });
    const done = world.start(chain);
    world.clock.advanceTo(EPOCH + 3_600_000);
    expect([done.status, done.error, done.cause], `after event ${at}`).toEqual(['ABORTED', 'Operator', 'by hand']);
    const before = whole.history.slice(0, at).map(({ type }) => type);
    expect(types(done)).toEqual([...before, 'ExecutionAborted']);
    const starts = before.filter((type) => type === 'LambdaFunctionStarted').length;
    // The event of the start comes first: stopped right there, the call is never made.
    const made = starts - (before.at(-1) === 'LambdaFunctionStarted' ? 1 : 0);
    expect(world.calls.length).toBe(made);
  }
});

test('a history of 25,000 events ends the execution, by an event that is the last of them', async () => {
  const done = await account()
    .run({
      StartAt: 'A',
      States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Wait', Seconds: 1, Next: 'A' } },
    })
    .catch((error) => error);
  expect([done.status, done.error, done.history.length]).toEqual(['FAILED', 'States.Runtime', MAXIMUM_EVENTS]);
  expect(done.cause).toContain('maximum number of history events (25000)');
  expect(done.stoppedAt).toBe(EPOCH + 6249 * 1000);
});

test('a loop that takes no time does not grow the stack', async () => {
  const done = await account()
    .run({ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } } })
    .catch((error) => error);
  expect(done.history.length).toBe(MAXIMUM_EVENTS);
});

test('the context object tells execution, state and machine', async () => {
  const parameters = {
    'id.$': '$$.Execution.Id',
    'name.$': '$$.Execution.Name',
    'input.$': '$$.Execution.Input.x',
    'start.$': '$$.Execution.StartTime',
    'role.$': '$$.Execution.RoleArn',
    'state.$': '$$.State.Name',
    'entered.$': '$$.State.EnteredTime',
    'machine.$': '$$.StateMachine.Name',
  };
  const done = await account().run(only({ Type: 'Pass', Parameters: parameters }), { x: 1 });
  expect(done.output).toEqual({
    id: 'arn:aws:states:eu-west-1:123456789012:execution:m:run',
    name: 'run',
    input: 1,
    start: '2026-01-01T00:00:00.000Z',
    role: 'arn:aws:iam::123456789012:role/machine',
    state: 'S',
    entered: '2026-01-01T00:00:00.000Z',
    machine: 'm',
  });
});

describe('the API', () => {
  const wait = only({ Type: 'Wait', Seconds: 10 });
  const opened = () => {
    const world = account();
    const stateMachineArn = world.create(wait);
    const start = (name: string, input?: string) =>
      world.sfn.invoke('StartExecution', { stateMachineArn, name, input }).executionArn as string;
    return { ...world, stateMachineArn, start };
  };
  test('the same name and input is the same execution while it runs, and an error afterwards', () => {
    const world = opened();
    const first = world.start('n', '{"a":1}');
    expect(world.start('n', '{ "a": 1 }')).toBe(first);
    expect(() => world.start('n', '{"a":2}')).toThrow(/Execution Already Exists: 'arn:.*:m:n'/);
    world.clock.advanceTo(EPOCH + 20_000);
    expect(() => world.start('n', '{"a":1}')).toThrow(expect.objectContaining({ code: 'ExecutionAlreadyExists' }));
    expect(world.sfn.started.length).toBe(1);
  });
  test.each<[string, () => unknown, string]>([
    ['a name with a colon', () => opened().start('a:b'), 'InvalidName'],
    ['a name of 81 characters', () => opened().start('a'.repeat(81)), 'InvalidName'],
    ['input that is no JSON', () => opened().start('n', '{'), 'InvalidExecutionInput'],
    ['input above 256 KiB', () => opened().start('n', JSON.stringify('x'.repeat(262_144))), 'ValidationException'],
    [
      'a machine that is not there',
      () => account().sfn.invoke('StartExecution', { stateMachineArn: 'x' }),
      'StateMachineDoesNotExist',
    ],
    [
      'an execution that is not there',
      () => account().sfn.invoke('DescribeExecution', { executionArn: 'x' }),
      'ExecutionDoesNotExist',
    ],
    ['an operation that is not there', () => account().sfn.invoke('RedriveExecution', {}), 'UnknownOperationException'],
    ['a machine that is', () => opened().create(wait), 'StateMachineAlreadyExists'],
    [
      'a definition that is no JSON',
      () => account().sfn.invoke('CreateStateMachine', { name: 'x', definition: '{' }),
      'InvalidDefinition',
    ],
  ])('refuses %s', (_, act, code) => {
    expect(act).toThrow(expect.objectContaining({ code }));
  });
  test('describes, lists, stops', () => {
    const world = opened();
    const executionArn = world.start('n', '{"a":1}');
    world.start('o');
    world.sfn.invoke('StopExecution', { executionArn, error: 'E', cause: 'why' });
    expect(world.sfn.invoke('DescribeExecution', { executionArn })).toMatchObject({
      status: 'ABORTED',
      input: '{"a":1}',
      error: 'E',
      cause: 'why',
      stopDate: EPOCH / 1000,
    });
    const { stateMachineArn } = world;
    const running = world.sfn.invoke('ListExecutions', { stateMachineArn, statusFilter: 'RUNNING' });
    expect(running.executions.map(({ name }: Json) => name)).toEqual(['o']);
  });
  test('a started execution goes on with the version it was started with', async () => {
    const world = opened();
    const { stateMachineVersionArn } = world.sfn.invoke('PublishStateMachineVersion', world);
    expect(world.sfn.invoke('PublishStateMachineVersion', world).stateMachineVersionArn).toBe(stateMachineVersionArn);
    world.sfn.invoke('UpdateStateMachine', {
      ...world,
      definition: JSON.stringify(only({ Type: 'Fail', Error: 'New' })),
    });
    const at = (stateMachineArn: string, name: string) =>
      world.sfn.execution(world.sfn.invoke('StartExecution', { stateMachineArn, name }).executionArn);
    const pinned = at(stateMachineVersionArn, 'old');
    expect((await world.settle(pinned)).status).toBe('SUCCEEDED');
    expect((await world.settle(at(machineArn('m'), 'new'))).error).toBe('New');
    expect(stateMachineVersionArn).toBe(`${machineArn('m')}:1`);
  });
  test('history comes in pages, in either order, with payloads as text', () => {
    const world = opened();
    const executionArn = world.start('n', '{"a":1}');
    world.clock.advanceTo(EPOCH + 20_000);
    const page = world.sfn.invoke('GetExecutionHistory', { executionArn, maxResults: 3 });
    expect(page.events[1]).toEqual({
      id: 2,
      previousEventId: 0,
      timestamp: EPOCH / 1000,
      type: 'WaitStateEntered',
      stateEnteredEventDetails: { name: 'S', input: '{"a":1}', inputDetails: { truncated: false } },
    });
    const rest = world.sfn.invoke('GetExecutionHistory', { executionArn, maxResults: 3, nextToken: page.nextToken });
    expect([rest.events.length, rest.nextToken]).toEqual([1, undefined]);
    const last = world.sfn.invoke('GetExecutionHistory', {
      executionArn,
      reverseOrder: true,
      includeExecutionData: false,
    });
    expect(last.events[0]).toEqual({
      id: 4,
      previousEventId: 3,
      timestamp: EPOCH / 1000 + 10,
      type: 'ExecutionSucceeded',
    });
  });
  test('a page of zero is a page of a hundred', async () => {
    const world = account();
    const loop = { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 1, Next: 'A' } } };
    const execution = world.start(loop);
    world.clock.advanceTo(EPOCH + 3_600_000);
    const { events } = world.sfn.invoke('GetExecutionHistory', { executionArn: execution.props.arn, maxResults: 0 });
    expect(events.length).toBe(100);
  });
  test('tells the world when an execution starts and how it ends', async () => {
    const told: Json[] = [];
    const world = account({}, { onStatusChange: (execution) => told.push(executionStatusEvent(execution).detail) });
    await world.run(only({ Type: 'Fail', Error: 'E', Cause: 'c' }));
    expect(told.map(({ status, error, stopDate }) => [status, error, stopDate])).toEqual([
      ['RUNNING', null, null],
      ['FAILED', 'E', EPOCH],
    ]);
  });
});
