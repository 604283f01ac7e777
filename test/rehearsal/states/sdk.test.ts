import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  GetExecutionHistoryCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { awsJson } from '../../../rehearsal/lambda/aws-json';
import { EPOCH } from '../../../rehearsal/time/clock';
import { clientOptions, wired } from '../services/wired';
import { account, only, types } from './machine';

const wait = only({ Type: 'Wait', Seconds: 60 });

test('the real SDK starts, describes, reads and stops executions', async () => {
  const world = account();
  const client = new SFNClient({ ...clientOptions, requestHandler: wired(awsJson, world.sfn) });
  const stateMachineArn = world.create(wait);
  const started = await client.send(new StartExecutionCommand({ stateMachineArn, name: 'n', input: '{"a":1}' }));
  expect(started.startDate).toEqual(new Date(EPOCH));
  const { executionArn } = started;
  const running = await client.send(new DescribeExecutionCommand({ executionArn }));
  expect([running.status, running.stopDate, running.input]).toEqual(['RUNNING', undefined, '{"a":1}']);
  world.clock.advanceTo(EPOCH + 30_000);
  await client.send(new StopExecutionCommand({ executionArn, error: 'Aborted', cause: 'by hand' }));
  const stopped = await client.send(new DescribeExecutionCommand({ executionArn }));
  expect([stopped.status, stopped.stopDate, stopped.error]).toEqual(['ABORTED', new Date(EPOCH + 30_000), 'Aborted']);
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events?.map(({ type }) => type)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionAborted']);
  expect(events?.[2].executionAbortedEventDetails).toMatchObject({ error: 'Aborted', cause: 'by hand' });
  await expect(
    client.send(new StartExecutionCommand({ stateMachineArn, name: 'n', input: '{"a":1}' })),
  ).rejects.toBeInstanceOf(ExecutionAlreadyExists);
});

test('and sends a task token back', async () => {
  const world = account({ 'lambda:Invoke': () => ({ Payload: null }) });
  const client = new SFNClient({ ...clientOptions, requestHandler: wired(awsJson, world.sfn) });
  const Resource = 'arn:aws:states:::lambda:invoke.waitForTaskToken';
  const execution = world.start(only({ Type: 'Task', Resource, Parameters: { 'Payload.$': '$$.Task.Token' } }));
  const [taskToken] = world.sfn.tokens.waiting;
  await client.send(new SendTaskSuccessCommand({ taskToken, output: '{"approved":true}' }));
  expect([execution.status, execution.output, types(execution).includes('TaskSubmitted')]).toEqual([
    'SUCCEEDED',
    { approved: true },
    true,
  ]);
});
