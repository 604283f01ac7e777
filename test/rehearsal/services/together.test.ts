import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PolicyStatement } from '../../../rehearsal/iam';
import { awsJson } from '../../../rehearsal/lambda/aws-json';
import { AwsWire } from '../../../rehearsal/lambda/aws-wire';
import { LambdaFunction } from '../../../rehearsal/lambda/lambda-function';
import { WorldLog } from '../../../rehearsal/log';
import { DynamoDb, Lambda, queryWire, S3, Sns, s3Wire } from '../../../rehearsal/services';
import { StepFunctions } from '../../../rehearsal/states';
import { Clock } from '../../../rehearsal/time/clock';
import { randomStream } from '../../../rehearsal/time/random';

const directory = mkdtempSync(join(tmpdir(), 'together-'));
beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('./fixtures/record.ts', import.meta.url))],
    outfile: join(directory, 'index.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    supported: { 'dynamic-import': false },
  });
});
afterAll(() => rmSync(directory, { recursive: true }));

const at = (service: string, resource: string) => `arn:aws:${service}:us-east-1:111111111111:${resource}`;
const topic = at('sns', 'told');
const fn = at('lambda', 'function:record');
const machineRole = 'arn:aws:iam::111111111111:role/machine';
const granted: readonly PolicyStatement[] = [
  { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::data/*' },
  { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::data' },
  { Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: at('dynamodb', 'table/record') },
  { Effect: 'Allow', Action: 'sns:Publish', Resource: topic },
];
const invokes: PolicyStatement = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: fn };

/** A state machine in front of a bundled handler, with every service behind it and IAM between all of them. */
function practice(functionPolicy = granted, machinePolicy: readonly PolicyStatement[] = [invokes]) {
  const clock = new Clock();
  const log = new WorldLog(clock);
  const wire = new AwsWire(log, randomStream(1, 'aws-latency'));
  for (const protocol of [awsJson, queryWire, s3Wire]) wire.addProtocol(protocol);
  const s3 = new S3(clock);
  const sns = new Sns(clock);
  const db = new DynamoDb(at('dynamodb', '').slice(0, -1));
  const lambda = new Lambda(at('lambda', '').slice(0, -1), (arn) => (arn === fn ? bundle : undefined));
  for (const service of [s3, sns, db, lambda]) wire.addService(service);
  s3.put('data', 'in/a.txt', 'evidence');
  sns.createTopic(topic);
  db.createTable('record', {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  });
  const bundle = new LambdaFunction(
    {
      name: 'record',
      arn: fn,
      directory,
      handler: 'index.handler',
      timeoutSeconds: 30,
      memoryMegabytes: 256,
      environment: { TOPIC: topic },
    },
    {
      clock,
      log,
      random: randomStream(1, 'lambda'),
      wire: wire.as({
        roleArn: 'arn:aws:iam::111111111111:role/record',
        session: 'record',
        policies: () => [{ Statement: functionPolicy }],
      }),
    },
  );
  const sfn = new StepFunctions({
    clock,
    random: randomStream(1, 'states'),
    region: 'us-east-1',
    account: '111111111111',
    call: ({ roleArn, ...call }) =>
      wire.call(call, { roleArn, session: 'run', policies: () => [{ Statement: machinePolicy }] }),
  });
  const Call = (End: boolean, holder: string) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: fn, Payload: { bucket: 'data', holder } },
    ResultSelector: { 'answer.$': '$.Payload' },
    ResultPath: `$.${holder}`,
    ...(End ? { End } : { Next: 'Second' }),
  });
  const definition = { StartAt: 'First', States: { First: Call(false, 'one'), Second: Call(true, 'two') } };
  const { stateMachineArn } = sfn.invoke('CreateStateMachine', {
    name: 'm',
    roleArn: machineRole,
    definition: JSON.stringify(definition),
  });
  const run = () => {
    const execution = sfn.execution(sfn.invoke('StartExecution', { stateMachineArn }).executionArn);
    return clock.run(new Promise<typeof execution>((resolve) => execution.whenDone(resolve)));
  };
  return { run, s3, sns, db, log };
}

test('a machine, a bundle with the real SDK, and four services make one world', async () => {
  const world = practice();
  const done = await world.run();
  expect([done.status, done.cause]).toEqual(['SUCCEEDED', undefined]);
  expect(done.output).toEqual({ one: { answer: { won: true, epoch: '1' } }, two: { answer: { won: false } } });
  expect(world.s3.invoke('GetObject', { Bucket: 'data', Key: 'out/one' }).Body.toString()).toBe('EVIDENCE');
  expect(world.sns.published).toMatchObject([{ subject: 'taken', message: 'one & co' }]);
  expect(world.db.table('record').all).toEqual([{ pk: { S: 'fraud' }, holder: { S: 'one' }, epoch: { N: '1' } }]);
  expect(done.stoppedAt).toBeGreaterThan(done.startedAt);
  const again = await practice().run();
  expect(again.history.map(({ at }) => at)).toEqual(done.history.map(({ at }) => at));
});

test.each([
  ['s3:ListBucket', 'arn:aws:s3:::data'],
  ['s3:GetObject', 'arn:aws:s3:::data/in/a.txt'],
  ['dynamodb:UpdateItem', at('dynamodb', 'table/record')],
  ['sns:Publish', topic],
])('a role without %s is denied, and the machine fails by the name of the error', async (action, resource) => {
  const deny: PolicyStatement = { Effect: 'Deny', Action: action, Resource: '*' };
  const done = await practice([...granted, deny]).run();
  expect(done.status).toBe('FAILED');
  expect(done.cause).toContain(
    `is not authorized to perform: ${action} on resource: ${resource} with an explicit deny`,
  );
});

test('a machine whose role may not invoke fails before the function runs', async () => {
  const world = practice(granted, []);
  const done = await world.run();
  expect([done.error, world.sns.published]).toEqual(['Lambda.AWSLambdaException', []]);
  expect(done.cause).toContain('assumed-role/machine/run is not authorized to perform: lambda:InvokeFunction');
});
