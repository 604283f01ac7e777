import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeEndpointCommand, SageMakerClient, UpdateEndpointCommand } from '@aws-sdk/client-sagemaker';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evidence } from '../../../bin/commands/evidence';
import { history } from '../../../bin/commands/history';
import { status } from '../../../bin/commands/status';
import { championOf } from '../../../rehearsal/champion';
import { knobSettings } from '../../../rehearsal/knobs';
import { RehearsalInProgress, RehearsalServer, SERVED } from '../../../rehearsal/serve';
import type { Json } from '../../../rehearsal/services';
import { brief, versionOf } from '../engine/deployment';
import { good } from '../fixtures/scenarios';

const challenger = versionOf('2', { strategy: brief });
const begin = () =>
  RehearsalInProgress.begin({
    champion: championOf(challenger),
    challenger,
    scenario: good,
    seed: 1,
    knobs: knobSettings(),
  });
const broken: unknown[] = [];

/** A rehearsal, and how SDKs reach it. */
async function served() {
  const rehearsal = await begin();
  const server = await RehearsalServer.listen(0, Promise.resolve(rehearsal), (error) => broken.push(error));
  const client = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'OnCall', secretAccessKey: 'none' },
    maxAttempts: 1,
  };
  let text = '';
  const around = {
    clients: client as never,
    write: (more: string) => {
      text += more;
    },
    tell: () => {},
    live: false,
    colors: false,
    width: 80,
    now: () => 0,
    sleep: async () => {},
  };
  return { rehearsal, server, client, around, said: () => text };
}

let it: Awaited<ReturnType<typeof served>>;
beforeAll(async () => {
  it = await served();
});
afterAll(() => {
  it.server.close();
  expect(broken).toEqual([]);
});
const post = (path: string, init: RequestInit = { method: 'POST' }) => fetch(`${it.server.url}${path}`, init);
const read = async (answer: Response): Promise<Json> => answer.json();
/** As an SDK signs; the signature itself is not looked at. */
const signed = (service: string, region = 'us-east-1') =>
  `AWS4-HMAC-SHA256 Credential=OnCall/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;

describe('a rehearsal that is served', () => {
  test('has exactly the APIs that the commands ask', async () => {
    const asked = new Set<string>();
    it.rehearsal.engine.world.wire.onAccess(({ action, roleArn }) => {
      if (roleArn.endsWith(':role/OnCall')) asked.add(action);
    });
    await status('fraud', {}, it.around);
    await history('fraud', {}, it.around);
    await evidence('fraud', undefined, {}, it.around);
    expect([...asked].sort()).toEqual([...SERVED].sort());
  });

  test('does not change by being looked at', async () => {
    const seen = await Promise.all(
      [20, 0].map(async (looks) => {
        const { rehearsal, server, around, said } = await served();
        const before = rehearsal.now;
        for (let i = 0; i < looks; i++) await status('fraud', {}, { ...around, write: () => {} });
        expect(rehearsal.now).toBe(before);
        await rehearsal.advance(60 * 60_000);
        await evidence('fraud', undefined, {}, around);
        server.close();
        return said();
      }),
    );
    expect(seen[0]).toBe(seen[1]);
    expect(JSON.parse(seen[0])).toMatchObject({ outcome: 'promoted' });
  });

  test('goes on by exactly as much as it is told, one after another', async () => {
    const before = it.rehearsal.now;
    const [one, two] = await Promise.all([
      post('/advance', { method: 'POST', body: 'PT1M' }),
      post('/advance', { method: 'POST', body: '90' }),
    ]);
    const times = [await read(one), await read(two)].map(({ now }) => Date.parse(now) - before);
    expect(times.sort((a, b) => a - b).at(-1)).toBe(150_000);
    const { now, messages } = await read(await post('/advance', { method: 'GET' }));
    expect([Date.parse(now) - before, messages]).toEqual([150_000, []]);
    expect(one.headers.get('date')).toMatch(/^Thu, 01 Jan 2026 /);
  });

  test('answers in the version of JSON that it was asked in', async () => {
    const ask = async (service: string, target: string, version: string, input: object) => {
      const headers = {
        authorization: signed(service),
        'x-amz-target': target,
        'content-type': `application/x-amz-json-${version}`,
      };
      const answer = await post('/', { method: 'POST', headers, body: JSON.stringify(input) });
      expect(answer.headers.get('content-type')).toBe(headers['content-type']);
      return read(answer);
    };
    const { Parameter } = await ask('ssm', 'AmazonSSM.GetParameter', '1.1', { Name: '/cdk-sagemaker-rollouts/fraud' });
    const { table: TableName } = JSON.parse(Parameter.Value);
    const Key = { pk: { S: 'ENDPOINT#fraud' }, sk: { S: 'LOCK' } };
    const { Item } = await ask('dynamodb', 'DynamoDB_20120810.GetItem', '1.0', { TableName, Key });
    expect(Item.rolloutId.S).toMatch(/^r-/);
    // And an SDK reads it.
    const bySdk = await new DynamoDBClient(it.client).send(new GetItemCommand({ TableName, Key }));
    expect(bySdk.Item).toEqual(Item);
  });

  test('says of what it cannot find what the service says', async () => {
    await expect(new SSMClient(it.client).send(new GetParameterCommand({ Name: '/x' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
      $metadata: { httpStatusCode: 400 },
    });
    const endpoint = new DescribeEndpointCommand({ EndpointName: 'frod' });
    await expect(new SageMakerClient(it.client).send(endpoint)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Could not find endpoint'),
    });
  });
});

describe('fails in the shape of the service for', () => {
  const cbor = { protocol: SmithyRpcV2CborProtocol };
  test.each<[string, () => Promise<unknown>, string]>([
    [
      'dynamodb:DeleteItem',
      () => new DynamoDBClient(it.client).send(new DeleteItemCommand({ TableName: 't', Key: { pk: { S: 'x' } } })),
      'UnknownOperationException',
    ],
    [
      'sagemaker:UpdateEndpoint',
      () =>
        new SageMakerClient(it.client).send(
          new UpdateEndpointCommand({ EndpointName: 'fraud', EndpointConfigName: 'x' }),
        ),
      'UnknownOperationException',
    ],
    [
      'ssm:PutParameter',
      () =>
        new SSMClient(it.client).send(new PutParameterCommand({ Name: '/cdk-sagemaker-rollouts/fraud', Value: 'x' })),
      'UnknownOperationException',
    ],
    [
      'states:StartExecution',
      () => new SFNClient(it.client).send(new StartExecutionCommand({ stateMachineArn: 'x' })),
      'UnknownOperationException',
    ],
    [
      'monitoring:DescribeAlarms',
      () => new CloudWatchClient(it.client).send(new DescribeAlarmsCommand({})),
      'UnknownOperationException',
    ],
    [
      'monitoring:DescribeAlarms',
      () => new CloudWatchClient({ ...it.client, ...cbor }).send(new DescribeAlarmsCommand({})),
      'UnknownOperationException',
    ],
    [
      'cloudformation:DescribeStacks',
      () => new CloudFormationClient(it.client).send(new DescribeStacksCommand({})),
      'InvalidAction',
    ],
    ['sts:GetCallerIdentity', () => new STSClient(it.client).send(new GetCallerIdentityCommand({})), 'InvalidAction'],
    ['sns:Publish', () => new SNSClient(it.client).send(new PublishCommand({ Message: 'x' })), 'InvalidAction'],
    ['s3:GET /', () => new S3Client(it.client).send(new ListBucketsCommand({})), 'NotImplemented'],
  ])('%s', async (action, ask, name) => {
    const before = it.rehearsal.now;
    await expect(ask()).rejects.toMatchObject({
      name,
      message: `rollouts serve does not serve ${action}: it has ${SERVED.join(', ')} and function URLs`,
      $metadata: { httpStatusCode: 400 },
    });
    expect(it.rehearsal.now).toBe(before);
  });

  const put = { pk: { S: 'ENDPOINT#fraud' }, sk: { S: 'LOCK' } };

  test.each<[string, Record<string, string>, string, string]>([
    ['an API in REST and JSON', { authorization: signed('lambda') }, 'UnknownOperationException', '{}'],
    ['who has not signed', { 'x-amz-target': 'AmazonSSM.GetParameter' }, 'MissingAuthenticationTokenException', '{}'],
    [
      'what is signed for another service',
      { authorization: signed('ssm'), 'x-amz-target': 'DynamoDB_20120810.GetParameter' },
      'SerializationException',
      '{}',
    ],
    [
      'a write under the name of a read',
      { authorization: signed('dynamodb'), 'x-amz-target': 'DynamoDB_20120810.Query.PutItem' },
      'UnknownOperationException',
      JSON.stringify({ TableName: 't', Item: put }),
    ],
    [
      'a read under the name of a write',
      { authorization: signed('dynamodb'), 'x-amz-target': 'DynamoDB_20120810.PutItem.Query' },
      'SerializationException',
      JSON.stringify({ TableName: 't', Item: put }),
    ],
    [
      'a body that is no JSON',
      { authorization: signed('ssm'), 'x-amz-target': 'AmazonSSM.GetParameter' },
      'SerializationException',
      '{',
    ],
    [
      'another region',
      { authorization: signed('ssm', 'eu-west-1'), 'x-amz-target': 'AmazonSSM.GetParameter' },
      'ValidationException',
      '{}',
    ],
  ])('%s', async (_, headers, code, body) => {
    const answer = await post('/2015-03-31/functions', { method: 'POST', headers, body });
    expect([answer.headers.get('x-amzn-errortype'), (await read(answer)).__type]).toEqual([code, code]);
  });

  test.each([
    'AmazonSSM.GetParameter',
    'DynamoDB_20120810.GetItem',
    'DynamoDB_20120810.Query',
    'SageMaker.DescribeEndpoint',
  ])('%s of nothing that has a name', async (target) => {
    const services: Record<string, string> = { Amazon: 'ssm', Dynamo: 'dynamodb', SageMa: 'sagemaker' };
    const headers = { authorization: signed(services[target.slice(0, 6)]), 'x-amz-target': target };
    const strange = { TableName: 3, EndpointName: {}, Name: null };
    for (const body of ['{}', '[]', 'null', '"x"', '3', '', JSON.stringify(strange)]) {
      const answer = await read(await post('/', { method: 'POST', headers, body }));
      expect(answer.__type).toBe('ValidationException');
    }
  });

  test('too much at once', async () => {
    const answer = await post('/', { method: 'POST', body: 'x'.repeat((1 << 20) + 1) });
    expect([answer.status, (await read(answer)).code]).toEqual([413, 'TooLarge']);
  });

  test('another method than time has', async () => {
    expect((await read(await post('/advance', { method: 'DELETE' }))).code).toBe('MethodNotAllowed');
  });
});

test('fails the rehearsal when the world itself breaks, and answers with nothing', async () => {
  const failures: unknown[] = [];
  const rehearsal = await begin();
  const server = await RehearsalServer.listen(0, Promise.resolve(rehearsal), (error) => failures.push(error));
  rehearsal.engine.clock.fail(new Error('a defect'));
  const answer = await fetch(`${server.url}/advance`, { method: 'POST', body: '10m' });
  expect([answer.status, await answer.text()]).toEqual([500, '']);
  expect(failures).toMatchObject([{ message: 'a defect' }]);
  server.close();
});
