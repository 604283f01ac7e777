import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

// A bundle holds less of the SDK than its packages do: what is left out of it must not be missed.

const event = { action: 'begin', endpoint: 'fraud', rolloutId: 'r', epoch: 1 };
const script = `require('./dist/lambda/keep-record').handler(${JSON.stringify(event)}).then(
  () => ({}),
  (error) => ({ name: error.name, message: error.message, status: error.$metadata?.httpStatusCode, fault: error.$fault }),
).then((said) => console.log(JSON.stringify(said)));`;

/** Begins a rollout with a handler as it is shipped, where DynamoDB gives `answers`, the last one again and again. */
async function ask(...answers: (readonly [status: number, body: object])[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const [status, body] = answers[Math.min(asked.length, answers.length - 1)] ?? [500, {}];
    asked.push(
      `${request.headers['x-amz-target']} ${/Credential=(\w+)/.exec(`${request.headers.authorization}`)?.[1]}`,
    );
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const env = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'OFTHEROLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_MAX_ATTEMPTS: '2',
    RECORD_TABLE: 'record',
  };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env });
    return { asked, said: JSON.parse(stdout) as object };
  } finally {
    server.close();
  }
}

const refused = (name: string) =>
  [400, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: `said ${name}` }] as const;
const get = 'DynamoDB_20120810.GetItem OFTHEROLE';

test('a handler asks with the credentials of its environment', async () => {
  expect((await ask([200, {}])).asked).toEqual([get]);
});

test('fails with the name, the words and the status of an error that no door knows', async () => {
  const { asked, said } = await ask(refused('ResourceNotFoundException'));
  expect(asked).toEqual([get]);
  const words = { name: 'ResourceNotFoundException', message: 'said ResourceNotFoundException' };
  expect(said).toEqual({ ...words, status: 400, fault: 'client' });
});

test.each(['ProvisionedThroughputExceededException', 'ThrottlingException', 'ReplicatedWriteConflictException'])(
  'asks again after %s',
  async (name) => {
    expect((await ask(refused(name), [200, {}])).asked).toEqual([get, get]);
  },
);

test('fails with the last error when it has asked as often as its environment says', async () => {
  const { asked, said } = await ask(refused('ProvisionedThroughputExceededException'));
  expect(asked).toEqual([get, get]);
  expect(said).toMatchObject({ name: 'ProvisionedThroughputExceededException', status: 400 });
});
