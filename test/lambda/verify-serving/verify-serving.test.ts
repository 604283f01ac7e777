import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ServingState } from '../../../lambda/aws/sagemaker';
import { isServing } from '../../../lambda/verify-serving/serving';
import { verifyServing } from '../../../lambda/verify-serving/verify-serving';

const event = {
  RequestType: 'Update',
  RequestId: 'request-1',
  ResponseURL: 'https://answers.example/1',
  StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Fraud/1',
  LogicalResourceId: 'FraudVerify',
  PhysicalResourceId: 'FraudVerify',
  ResourceProperties: { EndpointName: 'fraud', EndpointConfigName: 'config-2' },
};
const serves = (config: string): ServingState => ({ status: 'InService', config });

/** Runs the job against what SageMaker says, look by look; the last word is repeated. */
async function answerTo(looks: readonly (ServingState | Error)[], sent: object = event, lostAnswers = 0) {
  let now = 0;
  let looked = 0;
  let lost = 0;
  const answers: string[] = [];
  await verifyServing({
    describe: async () => {
      const look = looks[Math.min(looked++, looks.length - 1)];
      if (look instanceof Error) throw look;
      return look;
    },
    respond: async (_url, body) => {
      if (lost++ < lostAnswers) throw new Error('socket hang up');
      answers.push(body);
    },
    wait: async (milliseconds) => {
      now += milliseconds;
    },
    now: () => now,
  })(sent as typeof event);
  expect(answers).toHaveLength(1);
  return { ...JSON.parse(answers[0]), bytes: Buffer.byteLength(answers[0]), looked, seconds: now / 1000 };
}

describe('verify-serving', () => {
  test('succeeds when the requested config is seen to serve twice', async () => {
    expect(await answerTo([serves('config-2')])).toMatchObject({ Status: 'SUCCESS', looked: 2, seconds: 10 });
  });

  test('fails when SageMaker went back to the old config, and names both', async () => {
    const { Status, Reason } = await answerTo([serves('config-1')]);
    expect(Status).toBe('FAILED');
    expect(Reason).toContain('config-1 serves, config-2 was requested');
  });

  test('looks again when one read was stale, in either direction', async () => {
    expect(await answerTo([serves('config-1'), serves('config-2')])).toMatchObject({ Status: 'SUCCESS', looked: 3 });
    expect(await answerTo([serves('config-2'), serves('config-1')])).toMatchObject({ Status: 'FAILED', looked: 3 });
  });

  test('waits while a deployment is pending', async () => {
    const pending = { status: 'Updating', config: 'config-1', pendingConfig: 'config-2' };
    expect(await answerTo([pending, pending, serves('config-2')])).toMatchObject({ Status: 'SUCCESS', looked: 4 });
  });

  test.each<[string, ServingState | Error]>([
    ['a deployment that stays pending', { status: 'InService', config: 'config-2', pendingConfig: 'config-3' }],
    ['an endpoint that stays in update', { status: 'Updating', config: 'config-2' }],
    ['a status nobody knows', { status: 'Wonderful', config: 'config-2' }],
    ['the upper case of an event', { status: 'IN_SERVICE', config: 'config-2' }],
    ['an empty description', {}],
    ['in service with no config', { status: 'InService' }],
    ['throttling', Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })],
    ['a refusal', Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' })],
  ])('fails, after four minutes of looking, on %s', async (_what, look) => {
    const { Status, Reason, seconds } = await answerTo([look]);
    expect(Status).toBe('FAILED');
    expect(Reason).toContain('it is not known what serves fraud');
    expect(seconds).toBe(240);
  });

  test.each(['Failed', 'OutOfService', 'UpdateRollbackFailed', 'Deleting'])('fails at once on %s', async (status) => {
    const failed = await answerTo([{ status, config: 'config-2', failureReason: 'no capacity' }]);
    expect(failed).toMatchObject({ Status: 'FAILED', looked: 2 });
    expect(failed.Reason).toBe(`the endpoint is ${status}: no capacity`);
  });

  test('lets a delete pass without asking SageMaker', async () => {
    expect(await answerTo([new Error('gone')], { ...event, RequestType: 'Delete' })).toMatchObject({
      Status: 'SUCCESS',
      looked: 0,
    });
  });

  test('verifies the old config in a reverse update', async () => {
    const reverse = { ...event, ResourceProperties: { EndpointName: 'fraud', EndpointConfigName: 'config-1' } };
    expect(await answerTo([serves('config-1')], reverse)).toMatchObject({ Status: 'SUCCESS' });
  });

  test.each([{}, { EndpointName: 'fraud' }, { EndpointName: '', EndpointConfigName: '' }, { EndpointName: 1 }])(
    'fails on properties %j',
    async (properties) => {
      expect(await answerTo([serves('config-2')], { ...event, ResourceProperties: properties })).toMatchObject({
        Status: 'FAILED',
        looked: 0,
      });
    },
  );

  test('keeps its physical id from create to update', async () => {
    const { PhysicalResourceId: _, ...create } = event;
    const { PhysicalResourceId } = await answerTo([serves('config-2')], { ...create, RequestType: 'Create' });
    const moved = await answerTo([serves('config-2')], { ...event, PhysicalResourceId });
    expect(moved.PhysicalResourceId).toBe(PhysicalResourceId);
  });

  test('keeps its answer below 4096 bytes', async () => {
    const { bytes } = await answerTo([{ status: 'Failed', failureReason: '災'.repeat(10_000) }]);
    expect(bytes).toBeLessThanOrEqual(4096);
  });

  test('repeats an answer that was lost, and fails for Lambda to try again when it stays lost', async () => {
    expect(await answerTo([serves('config-2')], event, 2)).toMatchObject({ Status: 'SUCCESS' });
    await expect(answerTo([serves('config-2')], event, 3)).rejects.toThrow('socket hang up');
  });

  test('says yes to one state only', () => {
    const word = fc.option(fc.constantFrom('InService', 'Updating', 'Failed', 'config-1', 'config-2', ''), {
      nil: undefined,
    });
    const state = fc.record({ status: word, config: word, pendingConfig: word, failureReason: word });
    fc.assert(
      fc.property(state, ({ status, config, pendingConfig, failureReason }) => {
        const { kind } = isServing('config-2', { status, config, pendingConfig, failureReason });
        expect(kind === 'yes').toBe(status === 'InService' && config === 'config-2' && pendingConfig === undefined);
      }),
    );
  });
});
