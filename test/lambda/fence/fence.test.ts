import { beforeEach, describe, expect, test } from 'vitest';
import type { Spec } from '../../../decision';
import type { CustomResourceEvent } from '../../../lambda/aws/cloudformation';
import { answerCloudFormation } from '../../../lambda/fence/answer-cloudformation';
import type { FencePorts } from '../../../lambda/fence/ports';
import { MemoryRecord } from './memory-record';

interface Answer {
  readonly Status: string;
  readonly Reason?: string;
  readonly Data?: { readonly Action: string; readonly RolloutId: string };
}

const spec = (digest: string): Spec => ({
  schemaVersion: 1,
  endpoint: 'fraud',
  digest,
  modelName: 'm',
  variant: {},
  initialInstanceCount: 2,
  tags: [],
  plan: { schemaVersion: 1, strategy: 'staged', phases: [], onUndecided: 'stay', retainPrevious: true },
  gates: [],
  alarms: { a: ['fraud-a'], b: ['fraud-b'] },
  adoptExistingEndpoint: false,
});

describe('the fence and the handover', () => {
  let record: MemoryRecord;
  let started: { machine: string; name: string; input: object }[];
  let owner: Awaited<ReturnType<FencePorts['owner']>>;
  let ports: FencePorts;
  let quota: number | undefined;
  let goesBack: boolean;
  let answers: Answer[];

  beforeEach(() => {
    record = new MemoryRecord();
    started = [];
    answers = [];
    owner = 'engine';
    goesBack = false;
    ports = {
      record,
      owner: async () => owner,
      executions: {
        start: async (machine, name, input) => {
          if (!started.some((each) => each.name === name)) started.push({ machine, name, input });
          return `arn:${name}`;
        },
      },
      quota: async () => quota,
      goesBack: async () => goesBack,
      respond: async (_, body) => void answers.push(JSON.parse(body)),
      rolloutMachine: 'rollout',
      rollbackMachine: 'rollback',
      now: () => 0,
    };
    record.items.set('ENDPOINT#fraud/CHAMPION', { digest: 'v1', variant: 'a' });
    record.items.set('ENDPOINT#fraud/SPEC', { digest: 'v1' });
  });

  async function send(RequestId: string, ResourceProperties: object, RequestType = 'Update'): Promise<Answer> {
    const event = { RequestType, RequestId, ResponseURL: '', StackId: 's', LogicalResourceId: 'l', ResourceProperties };
    await answerCloudFormation(ports)(event as CustomResourceEvent);
    return answers[answers.length - 1];
  }

  /** Both custom resources of one deployment, the second only when the first succeeds, as CloudFormation does. */
  async function deploy(request: string, digest: string): Promise<Answer> {
    const fence = await send(request, { Step: 'fence', Endpoint: 'fraud', Digest: digest, Adopt: 'false' });
    if (fence.Status !== 'SUCCESS') return fence;
    const Spec = JSON.stringify(spec(digest));
    const handover = await send(`${request}-h`, { Step: 'handover', Endpoint: 'fraud', ...fence.Data, Spec });
    return handover.Status === 'SUCCESS' ? fence : handover;
  }

  test('a new version takes the lock for the free variant, and starts one execution', async () => {
    expect(await deploy('1', 'v2')).toMatchObject({ Data: { Action: 'start', RolloutId: 'r-1' } });
    expect(record.locked).toMatchObject({
      rolloutId: 'r-1',
      epoch: 1,
      champion: 'a',
      challenger: 'b',
      executionArn: 'arn:r-1',
    });
    expect(started).toEqual([
      { machine: 'rollout', name: 'r-1', input: { endpoint: 'fraud', rolloutId: 'r-1', epoch: 1 } },
    ]);
    expect(record.items.get('ALARM#fraud-b/OWNER')).toEqual({ endpoint: 'fraud', variant: 'b' });
    expect(record.items.get('ROLLOUT#r-1/OWNER')).toEqual({ endpoint: 'fraud', rolloutId: 'r-1' });
  });

  describe('with a peak of 9 instances', () => {
    const ask = () => {
      const properties = { Step: 'fence', Endpoint: 'fraud', Digest: 'v2', Adopt: 'false' };
      return send('1', { ...properties, InstanceType: 'ml.m5.xlarge', PeakInstances: '9' });
    };
    const unknown = () => [...record.items.values()].find(({ event }) => event === 'QuotaUnknown')?.['detail'];

    test('starts where the quota holds them', async () => {
      quota = 9;
      expect(await ask()).toMatchObject({ Data: { Action: 'start' } });
      expect(unknown()).toBeUndefined();
    });

    test('is refused where it does not, and takes no lock', async () => {
      quota = 8;
      expect(await ask()).toMatchObject({
        Status: 'FAILED',
        Reason: expect.stringMatching(
          /'ml.m5.xlarge for endpoint usage' must be at least 9, .* is 8; .*\[QuotaTooSmall\]$/,
        ),
      });
      expect(record.locked.rolloutId).toBe('');
    });

    test('starts where nobody knows the quota, and the record says so', async () => {
      quota = undefined;
      expect(await ask()).toMatchObject({ Data: { Action: 'start' } });
      expect(unknown()).toBe("quota 'ml.m5.xlarge for endpoint usage' is not known");
    });

    test('starts where the quota may not be read, and the record says so', async () => {
      ports = { ...ports, quota: () => Promise.reject(new Error('not authorized')) };
      expect(await ask()).toMatchObject({ Data: { Action: 'start' } });
      expect(unknown()).toMatch(/could not be read: not authorized$/);
    });

    test('a quota that is no number is refused', async () => {
      quota = Number.NaN;
      expect(await ask()).toMatchObject({ Status: 'FAILED' });
    });
  });

  test('the same deployment twice is one rollout', async () => {
    await deploy('1', 'v2');
    expect(await deploy('1', 'v2')).toMatchObject({ Status: 'SUCCESS' });
    expect(await deploy('2', 'v2')).toMatchObject({ Data: { Action: 'nothing' } });
    expect(started).toHaveLength(1);
  });

  test('a third version is refused, and its reverse update succeeds without a change', async () => {
    await deploy('1', 'v2');
    const refused = await deploy('2', 'v3');
    expect(refused).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('[RolloutUnderWay]') });
    expect(await deploy('3', 'v2')).toMatchObject({ Status: 'SUCCESS', Data: { Action: 'nothing' } });
    expect(started).toHaveLength(1);
  });

  test('a revert starts the way back once, and succeeds', async () => {
    await deploy('1', 'v2');
    await record.note({ endpoint: 'fraud', rolloutId: 'r-1', epoch: 1 }, { phase: 'running' });
    expect(await deploy('2', 'v1')).toMatchObject({ Status: 'SUCCESS', Data: { Action: 'abort' } });
    expect(started[1]).toMatchObject({
      machine: 'rollback',
      input: { trigger: { kind: 'revert', endpoint: 'fraud' } },
    });
  });

  test('a deployment that failed before its handover gives the lock back', async () => {
    await send('1', { Step: 'fence', Endpoint: 'fraud', Digest: 'v2', Adopt: 'false' });
    expect(record.locked.rolloutId).toBe('r-1');
    expect(await deploy('2', 'v1')).toMatchObject({ Status: 'SUCCESS' });
    expect(record.locked).toMatchObject({ rolloutId: '', epoch: 1 });
    expect(started).toEqual([]);
  });

  test('a version that was rolled back does not start again', async () => {
    record.items.set('ENDPOINT#fraud/VERSION#v2', { status: 'rolledBack' });
    expect(await deploy('1', 'v2')).toMatchObject({ Status: 'SUCCESS', Data: { Action: 'nothing' } });
    expect(started).toEqual([]);
  });

  test('an open retrospective blocks', async () => {
    record.items.set('ENDPOINT#fraud/RETRO#r-0', { status: 'open', rolloutId: 'r-0' });
    expect(await deploy('1', 'v2')).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('r-0') });
  });

  test('the first version is created, on the name that it keeps', async () => {
    record.items.clear();
    owner = 'none';
    expect(await deploy('1', 'v1')).toMatchObject({ Data: { Action: 'create' } });
    expect(record.locked).toMatchObject({ champion: 'a', challenger: 'a' });
  });

  describe('a first version', () => {
    const handover = { Step: 'handover', Endpoint: 'fraud', RolloutId: 'r-1', Action: 'create' };

    beforeEach(async () => {
      record.items.clear();
      owner = 'none';
      await deploy('1', 'v1');
    });

    test('is answered by its rollout, not by the handover', () => {
      expect(answers).toHaveLength(1);
      const common = { StackId: 's', RequestId: '1-h', LogicalResourceId: 'l', PhysicalResourceId: 'l' };
      expect(record.items.get('ROLLOUT#r-1/WAITING')).toEqual({ url: '', common: JSON.stringify(common) });
      expect(started).toMatchObject([{ machine: 'rollout', name: 'r-1' }]);
    });

    test('whose rollout has ended is answered at once: a reverse update hands it over again', async () => {
      const begun = record.items.get('ENDPOINT#fraud/ROLLOUT#r-1');
      record.items.set('ENDPOINT#fraud/ROLLOUT#r-1', { ...begun, outcome: 'promoted' });
      expect(await send('3', { ...handover, Spec: JSON.stringify(spec('v1')) })).toMatchObject({ Status: 'SUCCESS' });
      expect([answers.length, started.length]).toEqual([2, 1]);
    });

    test('is given up with its stack while it is on its way', async () => {
      record.locked = { ...record.locked, phase: 'running' };
      expect(await send('9', handover, 'Delete')).toMatchObject({ Status: 'SUCCESS' });
      expect(started).toMatchObject([{}, { machine: 'rollback', input: { trigger: { kind: 'revert' } } }]);
    });

    test('stays when its stack goes and it serves', async () => {
      record.locked = { ...record.locked, rolloutId: '' };
      expect(await send('9', handover, 'Delete')).toMatchObject({ Status: 'SUCCESS' });
      expect(started).toHaveLength(1);
    });
  });

  test('a Delete of what serves touches nothing', async () => {
    await deploy('1', 'v2');
    const before = structuredClone(record.locked);
    const fence = { Step: 'fence', Endpoint: 'fraud', Digest: 'v1' };
    expect(await send('9', fence, 'Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(record.locked).toEqual(before);
    expect(started).toHaveLength(1);
  });

  test.each(['reserved', 'running', 'held'])('a Delete takes back what is %s, once it has begun', async (phase) => {
    await deploy('1', 'v2');
    await record.note({ endpoint: 'fraud', rolloutId: 'r-1', epoch: 1 }, { phase });
    const fence = { Step: 'fence', Endpoint: 'fraud', Digest: 'v2' };
    expect(await send('9', fence, 'Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(started).toMatchObject([{}, { machine: 'rollback', input: { trigger: { kind: 'revert' } } }]);
  });

  test('a Delete before the handover gives back what was reserved for it, and nothing of another version', async () => {
    const fence = { Step: 'fence', Endpoint: 'fraud', Digest: 'v2', Adopt: 'false' };
    await send('1', fence, 'Create');
    await send('8', { ...fence, Digest: 'v3' }, 'Delete');
    expect(record.locked.rolloutId).toBe('r-1');
    expect(await send('9', fence, 'Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(record.locked.rolloutId).toBe('');
    expect(started).toEqual([]);
  });

  describe('while CloudFormation goes back', () => {
    const back = (digest: string) => {
      goesBack = true;
      const fence = { Step: 'fence', Endpoint: 'fraud', Digest: digest, Adopt: 'false' };
      return send('9', { ...fence, InstanceType: 'ml.m5.xlarge', PeakInstances: '9' });
    };

    test('nothing is started, and no lock is taken', async () => {
      expect(await back('v0')).toMatchObject({ Status: 'SUCCESS', Data: { Action: 'nothing', RolloutId: '' } });
      expect(record.locked.rolloutId).toBe('');
    });

    test('nothing is refused, whatever is open and however small the quota', async () => {
      quota = 1;
      record.items.set('ENDPOINT#fraud/RETRO#r-0', { status: 'open', rolloutId: 'r-0' });
      expect(await back('v0')).toMatchObject({ Status: 'SUCCESS', Data: { Action: 'nothing' } });
    });

    test('the rollout that was just handed over is taken back', async () => {
      await deploy('1', 'v2');
      await record.note({ endpoint: 'fraud', rolloutId: 'r-1', epoch: 1 }, { phase: 'running' });
      expect(await back('v1')).toMatchObject({ Status: 'SUCCESS', Data: { Action: 'abort' } });
    });
  });

  test.each([
    ['properties of another kind', { Step: 'promote' }],
    ['a digest that is missing', { Step: 'fence', Endpoint: 'fraud', Adopt: 'false' }],
    ['a spec that is no JSON', { Step: 'handover', Endpoint: 'fraud', RolloutId: 'r-1', Action: 'start', Spec: '{' }],
    [
      'a spec of another version',
      { Step: 'handover', Endpoint: 'fraud', RolloutId: 'r-1', Action: 'start', Spec: '{"schemaVersion":2}' },
    ],
    [
      'a rollout that lost its lock',
      { Step: 'handover', Endpoint: 'fraud', RolloutId: 'r-9', Action: 'start', Spec: JSON.stringify(spec('v2')) },
    ],
  ])('fails on %s', async (_, properties) => {
    expect(await send('1', properties)).toMatchObject({ Status: 'FAILED' });
    expect(started).toEqual([]);
  });

  test('fails when the owner cannot be told', async () => {
    ports = { ...ports, owner: async () => Promise.reject(new Error('Rate exceeded')) };
    expect(await deploy('1', 'v2')).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('Rate exceeded'),
    });
    expect(record.locked.rolloutId).toBe('');
  });
});
