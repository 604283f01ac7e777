import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PolicyStatement } from '../../../rehearsal/iam';
import { awsJson } from '../../../rehearsal/lambda/aws-json';
import { AwsWire } from '../../../rehearsal/lambda/aws-wire';
import { LambdaFunction } from '../../../rehearsal/lambda/lambda-function';
import { WorldLog } from '../../../rehearsal/log';
import { AwsError } from '../../../rehearsal/services/aws-error';
import { Clock, EPOCH } from '../../../rehearsal/time/clock';
import { randomStream } from '../../../rehearsal/time/random';

const directory = mkdtempSync(join(tmpdir(), 'sandbox-'));

beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('./fixtures/describe.ts', import.meta.url))],
    outfile: join(directory, 'index.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    supported: { 'dynamic-import': false },
  });
});
afterAll(() => rmSync(directory, { recursive: true }));

const ENDPOINT = 'arn:aws:sagemaker:us-east-1:111111111111:endpoint/fraud';
const ALLOW: PolicyStatement = { Effect: 'Allow', Action: 'sagemaker:DescribeEndpoint', Resource: ENDPOINT };

/** A function in front of a SageMaker that answers with whatever the test says. */
function practice(answer: () => object, statements: readonly PolicyStatement[] = [ALLOW], seed = 1) {
  const clock = new Clock();
  const log = new WorldLog(clock);
  const wire = new AwsWire(log, randomStream(seed, 'aws-latency'));
  wire.addProtocol(awsJson);
  let calls = 0;
  const invoke = () => {
    calls++;
    return answer();
  };
  wire.addService(Object.assign({ name: 'sagemaker', invoke }, { resourcesOf: () => [ENDPOINT] }));
  const lambda = new LambdaFunction(
    {
      name: 'verify',
      arn: 'arn:aws:lambda:us-east-1:111111111111:function:verify',
      directory,
      handler: 'index.handler',
      timeoutSeconds: 60,
      memoryMegabytes: 128,
      environment: { GREETING: 'hello' },
    },
    {
      clock,
      log,
      random: randomStream(seed, 'lambda'),
      wire: wire.as({
        roleArn: 'arn:aws:iam::111111111111:role/verify',
        session: 'verify',
        policies: () => [{ Statement: statements }],
      }),
    },
  );
  return { clock, log, calls: () => calls, invoke: (event: object) => clock.run(lambda.invoke(event)) };
}

const inService = () => ({ EndpointName: 'fraud', EndpointStatus: 'InService', CreationTime: 1_700_000_000 });

describe('a bundle in the sandbox', () => {
  test('reaches the embedded service through the real SDK', async () => {
    const { invoke } = practice(inService);
    const result = await invoke({ name: 'fraud' });
    expect(result).toMatchObject({
      ok: true,
      payload: { EndpointStatus: 'InService', created: '2023-11-14T22:13:20.000Z', env: 'hello', size: 21 },
    });
  });

  test('lives in virtual time: a sleep of 50 seconds passes in the clock and in its own Date', async () => {
    const { invoke, clock } = practice(inService);
    const result = await invoke({ name: 'fraud', sleep: 50_000 });
    expect(result.ok && result.payload.took).toBeGreaterThanOrEqual(50_000);
    expect(result.ok && result.payload.left).toBeLessThan(10_000);
    expect(clock.now() - EPOCH).toBeLessThan(52_000);
  });

  test('finds no file of this machine', async () => {
    const result = await practice(inService).invoke({ name: 'fraud' });
    expect(result.ok && result.payload.disk).toBe('ENOENT');
  });

  test('has the same randomness for the same seed, another for another', async () => {
    const random = async (seed: number) => {
      const result = await practice(inService, [ALLOW], seed).invoke({ name: 'fraud' });
      return result.ok && result.payload.random;
    };
    expect(await random(1)).toEqual(await random(1));
    expect(await random(1)).not.toEqual(await random(2));
  });

  test("prints into the world's log", async () => {
    const { invoke, log } = practice(inService);
    await invoke({ name: 'fraud' });
    expect(log.events).toContainEqual(expect.objectContaining({ event: 'Printed', detail: 'asking for fraud' }));
  });

  test('retries a throttled call in virtual time', async () => {
    let left = 2;
    const { invoke, calls } = practice(() => {
      if (left-- > 0) throw new AwsError('ThrottlingException', 'Rate exceeded');
      return inService();
    });
    expect(await invoke({ name: 'fraud' })).toMatchObject({ ok: true, payload: { EndpointStatus: 'InService' } });
    expect(calls()).toBe(3);
  });

  test('fails with the name and the message of a service error', async () => {
    const { invoke } = practice(() => {
      throw new AwsError('ValidationException', 'Could not find endpoint "x".');
    });
    expect(await invoke({ name: 'x' })).toEqual({
      ok: false,
      errorType: 'ValidationException',
      errorMessage: 'Could not find endpoint "x".',
    });
  });

  test('fails with a denial in the words of IAM when its role does not grant the call', async () => {
    const { invoke, calls } = practice(inService, []);
    expect(await invoke({ name: 'fraud' })).toEqual({
      ok: false,
      errorType: 'AccessDeniedException',
      errorMessage:
        'User: arn:aws:sts::111111111111:assumed-role/verify/verify is not authorized to perform: ' +
        `sagemaker:DescribeEndpoint on resource: ${ENDPOINT} ` +
        'because no identity-based policy allows the sagemaker:DescribeEndpoint action',
    });
    expect(calls()).toBe(0);
  });

  test('fails with a time-out when it takes longer than it may', async () => {
    const { invoke } = practice(inService);
    expect(await invoke({ name: 'fraud', sleep: 61_000 })).toEqual({
      ok: false,
      errorType: 'Sandbox.Timedout',
      errorMessage: 'Task timed out after 60.00 seconds',
    });
  });
});
