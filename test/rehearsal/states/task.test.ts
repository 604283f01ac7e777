import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../rehearsal/services/aws-error';
import type { Json } from '../../../rehearsal/services/service';
import { EPOCH } from '../../../rehearsal/time/clock';
import { account, lambda, machineArn, only, types } from './machine';

const invoke = 'arn:aws:states:::lambda:invoke';
const describeEndpoint = 'arn:aws:states:::aws-sdk:sagemaker:describeEndpoint';
const task = (rest: Json) => only({ Type: 'Task', Resource: lambda, ...rest });
const fails = (times: number, code: string, message = 'no') => {
  let left = times;
  return () => {
    if (left-- > 0) throw new AwsError(code, message);
    return { EndpointStatus: 'InService' };
  };
};

describe('functions', () => {
  test('a plain function gives its payload, with events of its own', async () => {
    const { run, calls } = account({ 'lambda:Invoke': (input) => ({ Payload: { got: input.Payload } }) });
    const done = await run(task({}), { x: 1 });
    expect(done.output).toEqual({ got: { x: 1 } });
    expect(calls[0]).toMatchObject({ service: 'lambda', operation: 'Invoke', input: { FunctionName: lambda } });
    expect(types(done)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });
  test('lambda:invoke gives the reply of the API', async () => {
    const { run } = account({
      'lambda:Invoke': (input) => ({ StatusCode: 200, Payload: input.Payload, ExecutedVersion: '3' }),
    });
    const done = await run(
      task({ Resource: invoke, Parameters: { FunctionName: lambda, 'Payload.$': '$.p' }, OutputPath: '$.Payload' }),
      { p: [1] },
    );
    expect(done.output).toEqual([1]);
  });
  test('an exception of the function keeps its name, and its whole answer is the cause', async () => {
    const payload = { errorType: 'WeightNotApplied', errorMessage: 'still 5', trace: [] };
    const { run } = account({ 'lambda:Invoke': () => ({ FunctionError: 'Unhandled', Payload: payload }) });
    const done = await run(task({ Resource: invoke }));
    expect([done.error, done.cause]).toEqual(['WeightNotApplied', JSON.stringify(payload)]);
  });
  test('a handler that takes time takes virtual time', async () => {
    const world = account({
      'lambda:Invoke': () => world.clock.sleep(1500).then(() => ({ Payload: 'late' })),
    });
    const done = await world.run(task({}));
    expect([done.output, done.stoppedAt]).toEqual(['late', EPOCH + 1500]);
  });
});

describe('errors of AWS', () => {
  test('an error that no model names comes under the base exception, as recorded', async () => {
    const { run } = account({
      'sagemaker:DescribeEndpoint': fails(1, 'ValidationException', 'Could not find endpoint'),
    });
    const machine = task({
      Resource: describeEndpoint,
      Catch: [{ ErrorEquals: ['SageMaker.SageMakerException'], Next: 'P', ResultPath: '$.e' }],
    });
    machine.States.P = { Type: 'Pass', End: true };
    const done = await run(machine);
    expect(done.output.e.Cause).toMatch(
      /^Could not find endpoint \(Service: SageMaker, Status Code: 400, Request ID: [\w-]{36}\)$/,
    );
    expect(done.history.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'TaskStateEntered'],
      [3, 2, 'TaskScheduled'],
      [4, 3, 'TaskStarted'],
      [5, 4, 'TaskFailed'],
      [6, 5, 'TaskStateExited'],
      [7, 6, 'PassStateEntered'],
      [8, 7, 'PassStateExited'],
      [9, 8, 'ExecutionSucceeded'],
    ]);
  });
  test.each([
    [
      'aws-sdk:sagemaker:updateEndpoint',
      'sagemaker:UpdateEndpoint',
      'ResourceLimitExceeded',
      'SageMaker.ResourceLimitExceededException',
    ],
    [
      'aws-sdk:sagemaker:updateEndpoint',
      'sagemaker:UpdateEndpoint',
      'ThrottlingException',
      'SageMaker.SageMakerException',
    ],
    [
      'aws-sdk:sagemaker:updateEndpoint',
      'sagemaker:UpdateEndpoint',
      'AccessDeniedException',
      'SageMaker.SageMakerException',
    ],
    [
      'aws-sdk:dynamodb:putItem',
      'dynamodb:PutItem',
      'ConditionalCheckFailedException',
      'DynamoDb.ConditionalCheckFailedException',
    ],
    ['aws-sdk:dynamodb:putItem', 'dynamodb:PutItem', 'ValidationException', 'DynamoDb.DynamoDbException'],
    ['dynamodb:putItem', 'dynamodb:PutItem', 'ResourceNotFoundException', 'DynamoDB.ResourceNotFoundException'],
    ['dynamodb:putItem', 'dynamodb:PutItem', 'ValidationException', 'DynamoDB.AmazonDynamoDBException'],
    ['aws-sdk:s3:listObjectsV2', 's3:ListObjectsV2', 'NoSuchBucket', 'S3.NoSuchBucketException'],
    [
      'aws-sdk:cloudwatch:describeAlarms',
      'cloudwatch:DescribeAlarms',
      'InternalServiceFault',
      'CloudWatch.InternalServiceException',
    ],
    ['lambda:invoke', 'lambda:Invoke', 'TooManyRequestsException', 'Lambda.TooManyRequestsException'],
    ['lambda:invoke', 'lambda:Invoke', 'AccessDeniedException', 'Lambda.AWSLambdaException'],
  ])('%s: %s %s is %s', async (integration, key, code, expected) => {
    const { run } = account({ [key]: fails(1, code) });
    expect((await run(task({ Resource: `arn:aws:states:::${integration}` }))).error).toBe(expected);
  });
  test('an API of camelCase is spoken to in PascalCase', async () => {
    const { run, calls } = account();
    const done = await run(
      task({ Resource: 'arn:aws:states:::states:startExecution', Parameters: { StateMachineArn: machineArn('gone') } }),
    );
    expect(calls[0].input).toEqual({ stateMachineArn: machineArn('gone') });
    expect(done.error).toBe('StepFunctions.StateMachineDoesNotExistException');
    expect(done.cause).toMatch(
      /^State Machine Does Not Exist: '.*' \(Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; /,
    );
  });
  test('points of time in a reply are text', async () => {
    const { run } = account({ 'sagemaker:DescribeEndpoint': () => ({ LastModifiedTime: 1767225600, Runtime: 5 }) });
    const done = await run(task({ Resource: describeEndpoint }));
    expect(done.output).toEqual({ LastModifiedTime: '2026-01-01T00:00:00.000Z', Runtime: 5 });
  });
  test('a fault of the double is no error of AWS: it stops the run', async () => {
    const world = account({
      'lambda:Invoke': () => {
        throw new TypeError('broken double');
      },
    });
    await expect(world.run(task({ Retry: [{ ErrorEquals: ['States.ALL'] }] }))).rejects.toThrow('broken double');
  });
});

describe('Retry', () => {
  const sdk = (Retry: Json, times: number) => {
    const world = account({ 'sagemaker:DescribeEndpoint': fails(times, 'ThrottlingException') });
    return world.run(task({ Resource: describeEndpoint, Retry }));
  };
  test('waits 1, 2 and 4 seconds by default, and gives up after three', async () => {
    const done = await sdk([{ ErrorEquals: ['States.ALL'] }], 3);
    expect([done.status, done.stoppedAt]).toEqual(['SUCCEEDED', EPOCH + 7000]);
    expect((await sdk([{ ErrorEquals: ['States.ALL'] }], 4)).status).toBe('FAILED');
  });
  test('a retry is scheduled anew inside the same stay', async () => {
    expect(types(await sdk([{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1 }], 1))).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });
  test('MaxDelaySeconds holds the back-off, MaxAttempts 0 forbids it', async () => {
    const capped = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 4, BackoffRate: 3, MaxDelaySeconds: 5 }];
    expect((await sdk(capped, 3)).stoppedAt).toBe(EPOCH + 14_000);
    expect((await sdk([{ ErrorEquals: ['States.ALL'], MaxAttempts: 0 }], 1)).status).toBe('FAILED');
  });
  test('full jitter stays within the delay and is the same for the same seed', async () => {
    const jitter = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 10, JitterStrategy: 'FULL', MaxAttempts: 1 }];
    const [a, b] = [await sdk(jitter, 1), await sdk(jitter, 1)];
    expect(a.stoppedAt).toBe(b.stoppedAt);
    expect(a.stoppedAt).toBeGreaterThan(EPOCH);
    expect(a.stoppedAt).toBeLessThan(EPOCH + 10_000);
  });
  test('each retrier counts its own attempts', async () => {
    let n = 0;
    const codes = ['ThrottlingException', 'ResourceInUse', 'ThrottlingException', 'ResourceInUse'];
    const world = account({
      'sagemaker:DescribeEndpoint': () => {
        if (n < codes.length) throw new AwsError(codes[n++], 'no');
        return {};
      },
    });
    const retrier = (name: string) => ({ ErrorEquals: [name], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 1 });
    const done = await world.run(
      task({
        Resource: describeEndpoint,
        Retry: [retrier('SageMaker.SageMakerException'), retrier('SageMaker.ResourceInUseException')],
      }),
    );
    expect([done.status, done.stoppedAt]).toEqual(['SUCCEEDED', EPOCH + 4000]);
  });
  test('the context counts the retries', async () => {
    const seen: Json[] = [];
    const world = account({
      'lambda:Invoke': (input) => {
        seen.push(input.Payload);
        return { FunctionError: 'Unhandled', Payload: { errorType: 'E' } };
      },
    });
    await world.run(
      task({ Parameters: { 'n.$': '$$.State.RetryCount' }, Retry: [{ ErrorEquals: ['E'], MaxAttempts: 2 }] }),
    );
    expect(seen).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });
  test('nothing retries or catches States.Runtime', async () => {
    const machine = task({
      InputPath: '$.no',
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }],
    });
    const done = await account().run(machine);
    expect([done.error, done.stoppedAt]).toEqual(['States.Runtime', EPOCH]);
  });
});

describe('time-outs', () => {
  const never = { 'lambda:Invoke': () => new Promise(() => {}) };
  test('a task that takes too long ends in States.Timeout, which States.TaskFailed does not mean', async () => {
    const machine = task({
      TimeoutSeconds: 60,
      Resource: invoke,
      Catch: [
        { ErrorEquals: ['States.TaskFailed'], Next: 'Wrong' },
        { ErrorEquals: ['States.Timeout'], Next: 'Right' },
      ],
    });
    machine.States.Wrong = { Type: 'Fail' };
    machine.States.Right = { Type: 'Pass', End: true };
    const done = await account(never).run(machine);
    expect([done.status, done.output, done.stoppedAt]).toEqual([
      'SUCCEEDED',
      { Error: 'States.Timeout' },
      EPOCH + 60_000,
    ]);
    expect(types(done)).toContain('TaskTimedOut');
  });
  test('the seconds may come from the input', async () => {
    const done = await account(never).run(task({ TimeoutSecondsPath: '$.t' }), { t: 5 });
    expect([done.error, done.stoppedAt, types(done).at(-2)]).toEqual([
      'States.Timeout',
      EPOCH + 5000,
      'LambdaFunctionTimedOut',
    ]);
  });
  test('a reply that comes after the time-out is ignored', async () => {
    const world = account({ 'lambda:Invoke': () => world.clock.sleep(9000).then(() => ({ Payload: 1 })) });
    const machine = task({ TimeoutSeconds: 5, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'W' }] });
    machine.States.W = { Type: 'Wait', Seconds: 60, End: true };
    const done = await world.run(machine);
    expect(types(done).filter((type) => type.startsWith('LambdaFunctionSucceeded'))).toEqual([]);
    expect(done.stoppedAt).toBe(EPOCH + 65_000);
  });
  test('the machine itself times out', async () => {
    const done = await account().run({ ...only({ Type: 'Wait', Seconds: 100 }), TimeoutSeconds: 30 });
    expect([done.status, done.error, done.stoppedAt, types(done).at(-1)]).toEqual([
      'TIMED_OUT',
      'States.Timeout',
      EPOCH + 30_000,
      'ExecutionTimedOut',
    ]);
  });
});

describe('task tokens', () => {
  const waits = (rest: Json = {}) =>
    task({
      Resource: `${invoke}.waitForTaskToken`,
      Parameters: { FunctionName: 'f', Payload: { 'token.$': '$$.Task.Token' } },
      ...rest,
    });
  const waiting = () => account({ 'lambda:Invoke': () => ({ StatusCode: 200, Payload: null }) });
  test('the task ends with what is sent back', async () => {
    const world = waiting();
    const execution = world.start(waits());
    const token = world.calls[0].input.Payload.token;
    expect(world.sfn.tokens.waiting).toEqual([token]);
    world.clock.after(60_000, () => world.sfn.invoke('SendTaskSuccess', { taskToken: token, output: '{"ok":true}' }));
    const done = await world.settle(execution);
    expect([done.output, done.stoppedAt]).toEqual([{ ok: true }, EPOCH + 60_000]);
    expect(types(done).slice(2, 6)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
    expect(() => world.sfn.invoke('SendTaskSuccess', { taskToken: token, output: '1' })).toThrow(/Task Timed Out/);
    expect(() => world.sfn.invoke('SendTaskSuccess', { taskToken: 'made up', output: '1' })).toThrow(/Invalid Token/);
  });
  test('a failure that is sent back has its own name', async () => {
    const world = waiting();
    const execution = world.start(waits());
    world.sfn.invoke('SendTaskFailure', {
      taskToken: world.sfn.tokens.waiting[0],
      error: 'Refused',
      cause: 'by a person',
    });
    const done = await world.settle(execution);
    expect([done.status, done.error, done.cause]).toEqual(['FAILED', 'Refused', 'by a person']);
  });
  test('output that is no JSON is refused, and the token goes on waiting', () => {
    const world = waiting();
    world.start(waits());
    const [taskToken] = world.sfn.tokens.waiting;
    expect(() => world.sfn.invoke('SendTaskSuccess', { taskToken, output: '{' })).toThrow(/Invalid Output/);
    expect(world.sfn.tokens.waiting).toEqual([taskToken]);
  });
  test('a heartbeat that is missed ends it in States.Timeout, by either name', async () => {
    const world = waiting();
    const machine = waits({
      HeartbeatSeconds: 10,
      TimeoutSeconds: 600,
      Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'P' }],
    });
    machine.States.P = { Type: 'Pass', End: true };
    const execution = world.start(machine);
    const [taskToken] = world.sfn.tokens.waiting;
    for (const at of [8000, 16_000]) world.clock.after(at, () => world.sfn.invoke('SendTaskHeartbeat', { taskToken }));
    const done = await world.settle(execution);
    expect([done.output, done.stoppedAt]).toEqual([{ Error: 'States.Timeout' }, EPOCH + 26_000]);
    expect(types(done).slice(2, 6)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskTimedOut']);
  });
});

describe('nested executions', () => {
  const child = only({ Type: 'Wait', Seconds: 30 });
  const parent = (pattern: string, rest: Json = {}) =>
    task({
      Resource: `arn:aws:states:::states:startExecution${pattern}`,
      Parameters: { StateMachineArn: machineArn('child'), Name: 'c', 'Input.$': '$' },
      ...rest,
    });
  test('.sync:2 waits for the child and gives its output as data', async () => {
    const world = account();
    world.create(child, 'child');
    const done = await world.run(parent('.sync:2'), { x: 1 });
    expect(done.output).toMatchObject({ Status: 'SUCCEEDED', Output: { x: 1 }, Name: 'c' });
    expect(done.stoppedAt).toBe(EPOCH + 30_000);
    expect(types(done).slice(2, 6)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
  });
  test('.sync gives it as text, and without it nobody waits', async () => {
    const world = account();
    world.create(child, 'child');
    expect((await world.run(parent('.sync'), { x: 1 })).output.Output).toBe('{"x":1}');
    const other = account();
    other.create(child, 'child');
    const done = await other.run(parent(''));
    expect([done.stoppedAt, done.output.ExecutionArn]).toEqual([
      EPOCH,
      'arn:aws:states:eu-west-1:123456789012:execution:child:c',
    ]);
  });
  test('a child that fails is States.TaskFailed, told in the cause', async () => {
    const world = account();
    world.create(only({ Type: 'Fail', Error: 'Bad' }), 'child');
    const done = await world.run(parent('.sync:2'));
    expect(done.error).toBe('States.TaskFailed');
    expect(JSON.parse(done.cause ?? '')).toMatchObject({ Status: 'FAILED', Error: 'Bad' });
  });
  test('the child is stopped when its parent is, and when the task times out', async () => {
    const world = account();
    world.create(child, 'child');
    const execution = world.start(parent('.sync:2'));
    execution.stop('Operator');
    expect(world.sfn.started.map(({ status }) => status)).toEqual(['ABORTED', 'ABORTED']);
    const other = account();
    other.create(child, 'child');
    await other.run(parent('.sync:2', { TimeoutSeconds: 5 }));
    expect(other.sfn.started.map(({ status }) => status)).toEqual(['FAILED', 'ABORTED']);
  });
  test('a child that ended by itself is not stopped', async () => {
    const world = account();
    world.create(child, 'child');
    await world.run(parent('.sync:2'));
    expect(world.calls.map(({ operation }) => operation)).toEqual(['StartExecution']);
  });
});

describe('sizes', () => {
  const big = 'x'.repeat(262_144);
  test('a result above 256 KiB is States.DataLimitExceeded, and can be caught', async () => {
    const machine = task({ Resource: invoke, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'P' }] });
    machine.States.P = { Type: 'Pass', End: true };
    const done = await account({ 'lambda:Invoke': () => ({ Payload: big }) }).run(machine);
    expect(done.output).toEqual({
      Error: 'States.DataLimitExceeded',
      Cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });
  test('bytes are counted, not characters', async () => {
    const letters = 'é'.repeat(131_071);
    const at = (payload: string) => account({ 'lambda:Invoke': () => ({ Payload: payload }) }).run(task({}));
    expect((await at(letters)).status).toBe('SUCCEEDED');
    expect((await at(`${letters}é`)).error).toBe('States.DataLimitExceeded');
  });
});
