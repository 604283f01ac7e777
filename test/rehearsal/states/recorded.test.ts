// Histories as AWS wrote them, from the recordings that rehearsal/sources.json names: [previousEventId, type], ids from 1.
import { expect, test } from 'vitest';
import { AwsError } from '../../../rehearsal/services/aws-error';
import { EPOCH } from '../../../rehearsal/time/clock';
import { account, only } from './machine';

const told = (execution: { history: readonly { previousEventId: number; type: string }[] }) =>
  execution.history.map(({ previousEventId, type }) => [previousEventId, type]);

const failing = (rest: object) => ({
  StartAt: 'StartState',
  States: {
    StartState: { Type: 'Pass', Result: { arr: [1] }, Next: 'MapState' },
    MapState: {
      Type: 'Map',
      ItemsPath: '$.arr',
      MaxConcurrency: 1,
      ItemProcessor: only({ Type: 'Fail', Error: 'HandleItemFailError', Cause: 'HandleItemFailCause' }),
      Next: 'Final',
      ...rest,
    },
    Final: { Type: 'Pass', End: true },
  },
});
const untilFailure = [
  [0, 'ExecutionStarted'],
  [0, 'PassStateEntered'],
  [2, 'PassStateExited'],
  [3, 'MapStateEntered'],
  [4, 'MapStateStarted'],
  [5, 'MapIterationStarted'],
  [6, 'FailStateEntered'],
  [7, 'MapIterationFailed'],
];

test('a Map whose failure is caught', async () => {
  const done = await account().run(failing({ Catch: [{ ErrorEquals: ['HandleItemFailError'], Next: 'Final' }] }));
  expect(told(done)).toEqual([
    ...untilFailure,
    [7, 'MapStateFailed'],
    [9, 'MapStateExited'],
    [10, 'PassStateEntered'],
    [11, 'PassStateExited'],
    [12, 'ExecutionSucceeded'],
  ]);
  expect(done.output).toEqual({ Error: 'HandleItemFailError', Cause: 'HandleItemFailCause' });
});

test('a Map that is retried twice: it fails once, at the end', async () => {
  const done = await account().run(failing({ Retry: [{ ErrorEquals: ['HandleItemFailError'], MaxAttempts: 2 }] }));
  expect(told(done)).toEqual([
    ...untilFailure,
    [7, 'MapStateStarted'],
    [9, 'MapIterationStarted'],
    [10, 'FailStateEntered'],
    [11, 'MapIterationFailed'],
    [11, 'MapStateStarted'],
    [13, 'MapIterationStarted'],
    [14, 'FailStateEntered'],
    [15, 'MapIterationFailed'],
    [15, 'MapStateFailed'],
    [17, 'ExecutionFailed'],
  ]);
});

test('a Map over two items, one after the other', async () => {
  const done = await account().run(
    only({
      Type: 'Map',
      MaxConcurrency: 1,
      ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } },
    }),
    [1, 2],
  );
  expect(told(done)).toEqual([
    [0, 'ExecutionStarted'],
    [0, 'MapStateEntered'],
    [2, 'MapStateStarted'],
    [3, 'MapIterationStarted'],
    [4, 'PassStateEntered'],
    [5, 'PassStateExited'],
    [6, 'MapIterationSucceeded'],
    [6, 'MapIterationStarted'],
    [8, 'PassStateEntered'],
    [9, 'PassStateExited'],
    [10, 'MapIterationSucceeded'],
    [11, 'MapStateSucceeded'],
    [11, 'MapStateExited'],
    [13, 'ExecutionSucceeded'],
  ]);
});

test('an execution that was stopped while it waited', () => {
  const world = account();
  const execution = world.start(only({ Type: 'Wait', Seconds: 60 }));
  const executionArn = execution.props.arn;
  world.sfn.invoke('StopExecution', { executionArn });
  expect(told(execution)).toEqual([
    [0, 'ExecutionStarted'],
    [0, 'WaitStateEntered'],
    [0, 'ExecutionAborted'],
  ]);
  const { events } = world.sfn.invoke('GetExecutionHistory', { executionArn, reverseOrder: true });
  expect(events[0]).toEqual({
    id: 3,
    previousEventId: 0,
    timestamp: EPOCH / 1000,
    type: 'ExecutionAborted',
    executionAbortedEventDetails: {},
  });
});

test('the details of a call that AWS refused', () => {
  const refuse = () => {
    throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
  };
  const world = account({ 'dynamodb:PutItem': refuse });
  const Resource = 'arn:aws:states:::dynamodb:putItem';
  const execution = world.start(only({ Type: 'Task', Resource }), { TableName: 't' });
  const { events } = world.sfn.invoke('GetExecutionHistory', { executionArn: execution.props.arn });
  const identity = { resource: 'putItem', resourceType: 'dynamodb' };
  expect(events[2].taskScheduledEventDetails).toEqual({
    ...identity,
    parameters: '{"TableName":"t"}',
    region: 'eu-west-1',
  });
  expect(events[3].taskStartedEventDetails).toEqual(identity);
  expect(events[4].taskFailedEventDetails).toEqual({
    ...identity,
    error: 'DynamoDB.ResourceNotFoundException',
    cause: expect.stringMatching(
      /^Requested resource not found \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: [\w-]+; Proxy: null\)$/,
    ),
  });
});
