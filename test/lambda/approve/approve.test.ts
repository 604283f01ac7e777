import { beforeEach, describe, expect, test } from 'vitest';
import { hearPerson } from '../../../lambda/approve/hear-person';
import type { ApprovePorts } from '../../../lambda/approve/ports';
import { MemoryRecord } from '../fence/memory-record';

const ann = 'arn:aws:sts::111111111111:assumed-role/OnCall/ann';
const bob = 'arn:aws:sts::111111111111:assumed-role/OnCall/bob';
const spec = {
  schemaVersion: 1,
  endpoint: 'fraud',
  digest: 'd2',
  modelName: 'm2',
  plan: { phases: [{ kind: 'stage', percent: 25, bake: 'PT1H', deadline: 'PT2H' }] },
  alarms: { a: [], b: ['alarm-b'] },
  approval: { approvers: ['arn:aws:iam::111111111111:role/teams/ml/OnCall'], when: [{ kind: 'always' }] },
  adoptExistingEndpoint: false,
};

describe('what people say of a rollout', () => {
  let record: MemoryRecord;
  let started: [string, string, object][];
  let told: string[];
  let ports: ApprovePorts;

  beforeEach(() => {
    record = new MemoryRecord();
    record.locked = {
      ...record.locked,
      rolloutId: 'r-1',
      epoch: 4,
      phase: 'running',
      digest: 'd2',
      champion: 'a',
      challenger: 'b',
      executionArn: 'arn:r-1',
    };
    record.items.set('ENDPOINT#fraud/SPEC', { digest: 'd2', spec: JSON.stringify(spec) });
    record.items.set('ENDPOINT#fraud/CHAMPION', { digest: 'd1', variant: 'a' });
    record.items.set('ENDPOINT#fraud/ROLLOUT#r-1', { rolloutId: 'r-1', digest: 'd2', spec: JSON.stringify(spec) });
    record.items.set('ROLLOUT#r-1/PHASE#000', { startedAt: '2026-01-01T00:00:00.000Z', kind: 'stage', percent: 25 });
    started = [];
    told = [];
    ports = {
      record,
      executions: {
        start: async (arn, name, input) => {
          started.push([arn, name, input]);
          return `${arn}/${name}`;
        },
      },
      owner: async () => 'engine',
      notify: async (subject, text) => void told.push(`${subject}\n${text}`),
      rolloutMachine: 'arn:rollout',
      rollbackMachine: 'arn:rollback',
      now: () => Date.parse('2026-01-01T02:00:00Z'),
    };
  });

  const pending = () =>
    record.items.set('ENDPOINT#fraud/APPROVAL#r-1#0', { status: 'pending', rolloutId: 'r-1', phaseIndex: 0 });
  const says = async (action: string, { who = ann, ...more }: { who?: string; [name: string]: unknown } = {}) => {
    const body = JSON.stringify({ schemaVersion: 1, action, endpoint: 'fraud', reason: 'looks good', ...more });
    const requestContext = { requestId: 'q-1', authorizer: { iam: { userArn: who } } };
    const { statusCode, body: answer } = await hearPerson(ports)({ requestContext, body });
    return { statusCode, ...(JSON.parse(answer) as { said?: string; code?: string; message?: string }) };
  };

  describe('approval', () => {
    test('is written down with who gave it, as IAM knows them, and why', async () => {
      pending();
      expect(await says('approve')).toMatchObject({ statusCode: 200 });
      expect(record.items.get('ENDPOINT#fraud/APPROVAL#r-1#0')).toMatchObject({
        status: 'approved',
        by: ann,
        at: '2026-01-01T02:00:00.000Z',
        reason: 'looks good',
      });
      expect(told[0]).toMatch(/^fraud: ApprovalGiven\nann as OnCall: looks good/);
    });

    test('may be refused', async () => {
      pending();
      expect(await says('reject')).toMatchObject({ statusCode: 200, said: expect.stringMatching(/refused/) });
      expect(record.items.get('ENDPOINT#fraud/APPROVAL#r-1#0')).toMatchObject({ status: 'rejected' });
    });

    test.each([
      ['another role', 'arn:aws:sts::111111111111:assumed-role/Intern/ann'],
      ['the same role in another account', 'arn:aws:sts::222222222222:assumed-role/OnCall/ann'],
      ['a user of that name', 'arn:aws:iam::111111111111:user/OnCall'],
      ['an ARN that nobody can read', 'OnCall'],
    ])('fails for %s', async (_, who) => {
      pending();
      expect(await says('approve', { who })).toMatchObject({ statusCode: 403, code: 'NotAnApprover' });
      expect(record.items.get('ENDPOINT#fraud/APPROVAL#r-1#0')).toMatchObject({ status: 'pending' });
    });

    test('fails for who started the rollout, who may still refuse it', async () => {
      pending();
      const rollout = record.items.get('ENDPOINT#fraud/ROLLOUT#r-1') as object;
      record.items.set('ENDPOINT#fraud/ROLLOUT#r-1', { ...rollout, startedBy: ann });
      expect(await says('approve')).toMatchObject({ statusCode: 403, code: 'OwnRollout' });
      expect(await says('approve', { who: bob })).toMatchObject({ statusCode: 200 });
      pending();
      expect(await says('reject')).toMatchObject({ statusCode: 200 });
    });

    test('fails before it is asked for, and once somebody has decided', async () => {
      expect(await says('approve')).toMatchObject({ statusCode: 409, code: 'NothingPending' });
      pending();
      await says('reject');
      expect(await says('approve', { who: bob })).toMatchObject({ statusCode: 409, code: 'NothingPending' });
      expect(record.items.get('ENDPOINT#fraud/APPROVAL#r-1#0')).toMatchObject({ status: 'rejected', by: ann });
    });

    test('fails where no approvers are named', async () => {
      pending();
      const { approval, ...rest } = spec;
      record.items.set('ENDPOINT#fraud/ROLLOUT#r-1', { spec: JSON.stringify(rest) });
      expect(await says('approve')).toMatchObject({ statusCode: 403, message: expect.stringMatching(/one of nobody/) });
    });
  });

  describe('the way back', () => {
    test('of a rollback is started by a person, of an abort by a revert', async () => {
      expect(await says('rollback')).toMatchObject({ statusCode: 200 });
      expect(await says('abort')).toMatchObject({ statusCode: 200 });
      const at = '2026-01-01T02:00:00.000Z';
      const trigger = { name: 'ann as OnCall', at, endpoint: 'fraud' };
      expect(started).toEqual([
        ['arn:rollback', 'person-q-1', { trigger: { kind: 'person', ...trigger } }],
        ['arn:rollback', 'person-q-1', { trigger: { kind: 'revert', ...trigger } }],
      ]);
    });

    test('of one that has not begun is to give its lock back', async () => {
      record.locked = { ...record.locked, phase: 'reserved', executionArn: '' };
      expect(await says('abort')).toMatchObject({ statusCode: 200 });
      expect([record.locked.rolloutId, started]).toEqual(['', []]);
    });

    test('may be taken over by a person who rolls back, and is left alone by one who aborts', async () => {
      record.locked = { ...record.locked, phase: 'rollingBack' };
      await says('abort');
      expect(started).toEqual([]);
      await says('rollback');
      expect(started).toHaveLength(1);
    });

    test('fails where no rollout is under way, or another one than is meant', async () => {
      expect(await says('rollback', { rolloutId: 'r-0' })).toMatchObject({ statusCode: 409, code: 'NoRollout' });
      record.locked = { ...record.locked, rolloutId: '' };
      expect(await says('rollback')).toMatchObject({
        statusCode: 409,
        message: 'endpoint fraud has no rollout under way',
      });
      expect(started).toEqual([]);
    });
  });

  describe('resuming', () => {
    test('goes on with the held phase, once for two who ask', async () => {
      record.items.set('ROLLOUT#r-1/PHASE#001', { startedAt: '2026-01-01T01:00:00.000Z', kind: 'stage', percent: 50 });
      record.items.set('ROLLOUT#r-1/EVENT#1', { event: 'RolloutHeld' });
      record.locked = { ...record.locked, phase: 'held' };
      expect(await says('resume')).toMatchObject({ statusCode: 200 });
      expect(started).toEqual([
        ['arn:rollout', 'r-1-resumed-1', { endpoint: 'fraud', rolloutId: 'r-1', epoch: 4, phaseIndex: 1 }],
      ]);
      expect(record.locked).toMatchObject({ phase: 'running', executionArn: 'arn:rollout/r-1-resumed-1' });
      expect(record.items.get('ROLLOUT#r-1/PHASE#001')).toMatchObject({
        startedAt: '2026-01-01T01:00:00.000Z',
        resumedAt: '2026-01-01T02:00:00.000Z',
      });
      expect(record.items.get('ROLLOUT#r-1-resumed-1/OWNER')).toEqual({ endpoint: 'fraud', rolloutId: 'r-1' });
      expect(await says('resume')).toMatchObject({ statusCode: 409, code: 'NotHeld' });
    });
  });

  test('resuming what preflight has held waives what it found, and begins with the first phase', async () => {
    record.items.delete('ROLLOUT#r-1/PHASE#000');
    record.locked = { ...record.locked, phase: 'held' };
    expect(await says('resume')).toMatchObject({ statusCode: 200 });
    expect(started).toEqual([
      ['arn:rollout', 'r-1-resumed-0', { endpoint: 'fraud', rolloutId: 'r-1', epoch: 4, phaseIndex: 0 }],
    ]);
    expect(record.items.get('ROLLOUT#r-1/PREFLIGHT')).toMatchObject({ waivedAt: '2026-01-01T02:00:00.000Z' });
    expect(record.items.has('ROLLOUT#r-1/PHASE#000')).toBe(false);
  });

  describe('retrying', () => {
    beforeEach(() => {
      record.locked = { ...record.locked, rolloutId: '', phase: '' };
      record.items.set('ENDPOINT#fraud/VERSION#d2', { status: 'rolledBack' });
    });

    test('starts the rejected version through the same door, and knows who did', async () => {
      expect(await says('retry')).toMatchObject({ statusCode: 200 });
      expect(started.map(([arn, name]) => [arn, name])).toEqual([['arn:rollout', 'r-q-1']]);
      expect(record.locked).toMatchObject({ rolloutId: 'r-q-1', champion: 'a', challenger: 'b', digest: 'd2' });
      expect(record.items.get('ENDPOINT#fraud/ROLLOUT#r-q-1')).toMatchObject({ startedBy: ann });
      expect(record.items.get('ENDPOINT#fraud/VERSION#d2')).toMatchObject({ status: 'retried' });
    });

    test.each<[string, string, () => void]>([
      [
        'a retrospective is open',
        'RetrospectiveOpen',
        () => record.items.set('ENDPOINT#fraud/RETRO#r-1', { status: 'open', rolloutId: 'r-1' }),
      ],
      [
        'a rollout is under way',
        'RolloutUnderWay',
        () => {
          record.locked = { ...record.locked, rolloutId: 'r-2', phase: 'running', digest: 'd3' };
        },
      ],
      ['the version serves', 'NothingToRetry', () => record.items.set('ENDPOINT#fraud/CHAMPION', { digest: 'd2' })],
      ['nothing was ever handed over', 'NothingToRetry', () => record.items.delete('ENDPOINT#fraud/SPEC')],
    ])('fails while %s', async (_, code, arrange) => {
      arrange();
      expect(await says('retry')).toMatchObject({ statusCode: 409, code });
      expect(started).toEqual([]);
    });
  });

  test('a retrospective is closed once, by whom, and with what was learned', async () => {
    const retro = 'ENDPOINT#fraud/RETRO#r-1';
    record.items.set(retro, { status: 'open', rolloutId: 'r-1' });
    expect(await says('closeRetrospective', { reason: 'feature store lagged' })).toMatchObject({ statusCode: 200 });
    expect(record.items.get(retro)).toMatchObject({ status: 'closed', closedBy: ann, notes: 'feature store lagged' });
    expect(await says('closeRetrospective')).toMatchObject({ statusCode: 409, code: 'NoRetrospective' });
  });

  test.each<[string, object]>([
    ['no identity', { requestContext: { requestId: 'q' }, body: '{}' }],
    [
      'a body that is no JSON',
      { requestContext: { requestId: 'q', authorizer: { iam: { userArn: ann } } }, body: '{' },
    ],
    [
      'an action that nobody knows',
      {
        requestContext: { requestId: 'q', authorizer: { iam: { userArn: ann } } },
        body: JSON.stringify({ schemaVersion: 1, action: 'promote', endpoint: 'fraud', reason: 'x' }),
      },
    ],
  ])('fails with %s', async (_, event) => {
    const { statusCode, body } = await hearPerson(ports)(event);
    expect([statusCode, JSON.parse(body).code]).toEqual([409, 'EventUnreadable']);
  });

  test('fails without a reason, and what breaks is said to be broken', async () => {
    expect(await says('rollback', { reason: ' ' })).toMatchObject({ statusCode: 409, code: 'EventUnreadable' });
    ports = { ...ports, executions: { start: () => Promise.reject(new Error('throttled')) } };
    expect(await says('rollback')).toMatchObject({ statusCode: 500, message: 'throttled' });
  });
});
