import { beforeEach, describe, expect, test } from 'vitest';
import type { Item } from '../../../lambda/aws/rollout-record';
import { keepRecord } from '../../../lambda/keep-record/keep-record';
import type { RecordPorts } from '../../../lambda/keep-record/ports';
import type { SeizeAnswer } from '../../../lambda/keep-record/seize';
import { MemoryRecord } from '../fence/memory-record';

const spec = {
  schemaVersion: 1,
  digest: 'v2',
  modelName: 'm2',
  plan: {
    strategy: 'staged',
    phases: [
      { kind: 'before', deadline: 'PT1H' },
      { kind: 'stage', percent: 25, bake: 'PT1H', deadline: 'PT2H' },
      { kind: 'watch', bake: 'PT1H', holdbackPercent: 0 },
    ],
  },
  alarms: { a: ['alarm-a'], b: ['alarm-b'] },
};
const claim = { endpoint: 'fraud', rolloutId: 'r-1', epoch: 4 };

describe('keepRecord', () => {
  let record: MemoryRecord;
  let levels: Map<string, string>;
  let told: string[];
  let answered: [url: string, body: object][];
  let ports: RecordPorts;
  let clock: number;

  beforeEach(() => {
    record = new MemoryRecord();
    record.locked = {
      ...record.locked,
      rolloutId: 'r-1',
      epoch: 4,
      phase: 'running',
      digest: 'v2',
      champion: 'a',
      challenger: 'b',
      executionArn: 'arn:r-1',
    };
    record.items.set('ENDPOINT#fraud/ROLLOUT#r-1', { digest: 'v2', action: 'start', spec: JSON.stringify(spec) });
    record.items.set('ROLLOUT#r-1/OWNER', { endpoint: 'fraud' });
    record.items.set('ALARM#alarm-a/OWNER', { endpoint: 'fraud', variant: 'a' });
    record.items.set('ALARM#alarm-b/OWNER', { endpoint: 'fraud', variant: 'b' });
    levels = new Map([
      ['alarm-a', 'OK'],
      ['alarm-b', 'ALARM'],
    ]);
    told = [];
    answered = [];
    clock = 0;
    ports = {
      record,
      alarms: { levels: async () => levels },
      notify: async (subject) => void told.push(subject),
      respond: async (url, body) => void answered.push([url, JSON.parse(body)]),
      now: () => clock,
    };
  });

  const keep = (event: object) => keepRecord(ports)(event);
  const seize = (trigger: object, by = 'x-1') =>
    keep({ action: 'seize', by, trigger: { at: '2026-01-01T00:00:00Z', ...trigger } }) as Promise<SeizeAnswer>;
  const alarm = { kind: 'alarm', name: 'alarm-b' };

  test('arms the alarms before the first live traffic, and not before', async () => {
    await keep({ action: 'phase', ...claim, phaseIndex: 0 });
    expect(record.locked.armed).toBe('');
    expect(await keep({ action: 'phase', ...claim, phaseIndex: 1 })).toEqual({
      kind: 'stage',
      percent: 25,
      last: false,
      next: 2,
      at: '1970-01-01T00:00:00.000Z',
    });
    expect(record.locked.armed).toBe('b');
    expect(await keep({ action: 'phase', ...claim, phaseIndex: 2 })).toMatchObject({ last: true });
    expect(record.locked.phase).toBe('watching');
  });

  test('keeps the time at which a phase began, however often it is asked', async () => {
    const entered = { action: 'entered', ...claim, phaseIndex: 1, fullCount: 4 };
    clock = 1_000;
    const first = await keep(entered);
    clock = 9_000;
    expect(await keep(entered)).toEqual(first);
    expect(record.locked.fullCount).toBe(4);
    expect(told).toEqual(['fraud: TrafficShifted']);
  });

  test('of five triggers at once one takes the rollout back', async () => {
    record.locked = { ...record.locked, armed: 'b' };
    const triggers = [
      alarm,
      alarm,
      { kind: 'gate', name: 'ErrorRate', endpoint: 'fraud' },
      { kind: 'execution', name: 'r-1' },
      { kind: 'revert', name: 'CloudFormation', endpoint: 'fraud' },
    ];
    const answers = await Promise.all(triggers.map((trigger, i) => seize(trigger, `x-${i}`)));
    expect(answers.filter(({ seized }) => seized)).toHaveLength(1);
    expect(record.locked).toMatchObject({ epoch: 5, phase: 'rollingBack' });
    expect(told).toEqual(['fraud: RollbackStarted']);
  });

  test('a repeated step of the execution that has it gets the same answer', async () => {
    record.locked = { ...record.locked, armed: 'b' };
    const first = await seize(alarm);
    expect(await seize(alarm)).toEqual(first);
    expect(first).toMatchObject({ seized: true, epoch: 5, executionArn: 'arn:r-1', outcome: 'rolledBack' });
  });

  const gateSaid = 'metrics: ErrorRate: 1.4 % against 0.1 %';
  const thrown = JSON.stringify({ errorType: 'NotServing', errorMessage: 'SageMaker went back', trace: [] });
  const child = JSON.stringify({ ExecutionArn: 'arn:bake', Error: 'Undecidable', Cause: 'it could not be looked at' });
  const unknown = 'execution r-1 was stopped, timed out or failed';
  test.each<[string, object, string]>([
    ['what a gate has said', { because: gateSaid }, gateSaid],
    ['what a function threw', { error: { Error: 'NotServing', Cause: thrown } }, 'SageMaker went back'],
    ['what stopped another execution', { error: { Error: 'X', Cause: child } }, 'it could not be looked at'],
    ['the name of an error without words', { error: { Error: 'States.Timeout', Cause: '' } }, 'States.Timeout'],
    ['that of one without a cause', { error: { Error: 'States.Timeout' } }, 'States.Timeout'],
    ['that nobody said anything', {}, unknown],
    ['that nobody said anything clear', { error: 'what?' }, unknown],
  ])('the reason of a rollout that ends badly is %s', async (_, more, reason) => {
    expect(await seize({ kind: 'execution', name: 'r-1', ...more })).toMatchObject({ seized: true, reason });
  });

  test('a person may take over from a way back that is stuck', async () => {
    await seize({ kind: 'execution', name: 'r-1' }, 'x-1');
    expect(await seize({ kind: 'person', name: 'ada', endpoint: 'fraud' }, 'x-2')).toMatchObject({
      seized: true,
      epoch: 6,
    });
  });

  test.each<[string, object, (lock: MemoryRecord) => void]>([
    ['an alarm of a variant that is not armed', alarm, () => undefined],
    [
      "the champion's own alarm",
      { kind: 'alarm', name: 'alarm-a' },
      (r) => {
        r.locked = { ...r.locked, armed: 'b' };
      },
    ],
    ['an alarm that nobody knows', { kind: 'alarm', name: 'else' }, () => undefined],
    [
      'an execution of another rollout',
      { kind: 'execution', name: 'r-0' },
      (r) => {
        r.items.set('ROLLOUT#r-0/OWNER', { endpoint: 'fraud' });
      },
    ],
    [
      'anything when no rollout runs',
      { kind: 'person', name: 'ada', endpoint: 'fraud' },
      (r) => {
        r.locked = { ...r.locked, rolloutId: '' };
      },
    ],
  ])('ends quietly on %s', async (_, trigger, prepare) => {
    prepare(record);
    const before = record.locked;
    expect(await seize(trigger)).toMatchObject({ seized: false });
    expect(record.locked).toEqual(before);
  });

  test('knows a rollout by the name of the execution that resumed it', async () => {
    record.items.set('ROLLOUT#r-1-resumed-1/OWNER', { endpoint: 'fraud', rolloutId: 'r-1' });
    expect(await seize({ kind: 'execution', name: 'r-1-resumed-1' })).toMatchObject({ seized: true, rolloutId: 'r-1' });
  });

  const serves = { kind: 'alarm', name: 'alarm-a' };
  test.each<[string, Item, boolean]>([
    ['while a rollout brings in another', { armed: 'b' }, true],
    ['before that has traffic', { armed: '' }, true],
    ['while it gets its traffic back', { armed: 'b', phase: 'rollingBack', seizedBy: 'x-0' }, true],
    ['when no rollout runs', { rolloutId: '', armed: '', champion: '', challenger: '' }, true],
    ['when the other variant serves', { rolloutId: '', armed: '', champion: '', challenger: '', other: 'b' }, false],
  ])('people are told that the version that serves is sick %s', async (_, { other = 'a', ...lock }: Item, is) => {
    record.locked = { ...record.locked, ...lock };
    record.items.set('ENDPOINT#fraud/CHAMPION', { variant: other, digest: 'v1', rolloutId: 'r-0' });
    const before = record.locked;
    expect(await seize(serves)).toMatchObject({ seized: false, reason: 'the alarms of variant a are not armed' });
    expect(record.locked).toEqual(before);
    expect(told).toEqual(is ? ['fraud: ChampionSuffers'] : []);
    const kept = `ROLLOUT#${record.locked.rolloutId === '' ? 'r-0' : 'r-1'}/EVENT#1970-01-01T00:00:00.000Z#ChampionSuffers`;
    expect(record.items.has(kept)).toBe(is);
  });

  test('a ringing alarm of an endpoint that was taken over and never rolled out tells nobody', async () => {
    record.locked = { ...record.locked, rolloutId: '', champion: '' };
    expect(await seize(serves)).toMatchObject({ seized: false });
    expect(told).toEqual([]);
  });

  test('when both variants suffer, nobody is blamed, and people are told', async () => {
    record.locked = { ...record.locked, armed: 'b' };
    levels.set('alarm-a', 'ALARM');
    expect(await seize(alarm)).toMatchObject({ seized: false, reason: 'both variants suffer' });
    expect(told).toEqual(['fraud: SharedOutage']);
  });

  test("when the champion's alarms cannot be read, the challenger goes", async () => {
    record.locked = { ...record.locked, armed: 'b' };
    ports = { ...ports, alarms: { levels: async () => Promise.reject(new Error('Rate exceeded')) } };
    expect(await seize(alarm)).toMatchObject({ seized: true });
  });

  test('a trigger that cannot be looked up is told to people without the record', async () => {
    ports = { ...ports, record: new Proxy(record, { get: () => () => Promise.reject(new Error('no table')) }) };
    const at = '2026-01-01T00:00:00Z';
    const reason = JSON.stringify({ errorMessage: 'no table' });
    const said: string[] = [];
    ports = { ...ports, notify: async (subject, text) => void said.push(subject, text) };
    await keep({ action: 'unheard', trigger: { kind: 'alarm', name: 'alarm-b', at }, reason });
    await keep({ action: 'unheard', trigger: { kind: 'person', name: 'ada', at, endpoint: 'fraud' }, reason });
    const detail = (who: string) =>
      `${who} asked for a way back at ${at}, and the record does not answer: no table; traffic stays as it is until it does`;
    expect(said).toEqual([
      'alarm-b: RollbackUnheard',
      detail('alarm alarm-b'),
      'fraud: RollbackUnheard',
      `${detail('person ada')}\n\nnpx rollouts status fraud`,
    ]);
  });

  test('a way back that is stuck calls people, also where the record is what does not answer', async () => {
    record.put = async () => Promise.reject(new Error('no table'));
    await keep({ action: 'stuck', ...claim, reason: 'no table' });
    expect(told).toEqual(['fraud: RollbackStuck']);
  });

  test('a promotion makes the challenger champion, and gives the lock back', async () => {
    await keep({ action: 'end', ...claim, outcome: 'promoted', reason: 'all gates pass' });
    expect(record.items.get('ENDPOINT#fraud/CHAMPION')).toMatchObject({ variant: 'b', digest: 'v2' });
    expect(record.items.get('ENDPOINT#fraud/VERSION#v2')).toMatchObject({ status: 'live' });
    expect(record.locked).toMatchObject({ rolloutId: '', epoch: 4 });
  });

  test('what is the champion is promoted: a promotion that was half written is finished, not held', async () => {
    const before = { variant: 'a', digest: 'v1', modelName: 'm1', since: '' };
    record.items.set('ENDPOINT#fraud/CHAMPION', before);
    let lost = true;
    const put = record.put.bind(record);
    record.put = async (pk, sk, item, once) => {
      const done = await put(pk, sk, item, once);
      if (lost && sk === 'CHAMPION') throw new Error('the reply is lost');
      return done;
    };
    await expect(keep({ action: 'end', ...claim, outcome: 'promoted', reason: 'all gates pass' })).rejects.toThrow();
    lost = false;
    expect(await keep({ action: 'end', ...claim, outcome: 'held', reason: 'the reply is lost' })).toEqual({
      outcome: 'promoted',
    });
    expect(record.items.get('ENDPOINT#fraud/ROLLOUT#r-1')).toMatchObject({ outcome: 'promoted' });
    expect(record.locked.rolloutId).toBe('');
  });

  test('a version that is taken back in the moment of its promotion is champion no more', async () => {
    const before = { variant: 'a', digest: 'v1', modelName: 'm1', since: '' };
    record.items.set('ENDPOINT#fraud/CHAMPION', before);
    ports = { ...ports, notify: async () => Promise.reject(new Error('no topic')) };
    await expect(keep({ action: 'end', ...claim, outcome: 'promoted', reason: '' })).rejects.toThrow('no topic');
    expect(record.items.get('ENDPOINT#fraud/CHAMPION')).toMatchObject({ variant: 'b', rolloutId: 'r-1' });
    ports = { ...ports, notify: async () => {} };
    await keep({ action: 'end', ...claim, outcome: 'rolledBack', reason: 'alarm' });
    expect(record.items.get('ENDPOINT#fraud/CHAMPION')).toEqual(before);
  });

  test('a rollback rejects the version and opens a retrospective', async () => {
    await keep({ action: 'end', ...claim, outcome: 'rolledBack', reason: 'alarm' });
    expect(record.items.get('ENDPOINT#fraud/VERSION#v2')).toMatchObject({ status: 'rolledBack' });
    expect(record.items.get('ENDPOINT#fraud/RETRO#r-1')).toMatchObject({ status: 'open', rolloutId: 'r-1' });
    expect(record.items.has('ENDPOINT#fraud/CHAMPION')).toBe(false);
  });

  test('a held rollout keeps the lock: a person decides', async () => {
    await keep({ action: 'end', ...claim, outcome: 'held', reason: 'no data' });
    expect(record.locked).toMatchObject({ rolloutId: 'r-1', phase: 'held' });
    expect(record.items.has('ENDPOINT#fraud/RETRO#r-1')).toBe(false);
  });

  describe('a first version that CloudFormation waits for', () => {
    beforeEach(() => {
      record.items.set('ENDPOINT#fraud/ROLLOUT#r-1', { digest: 'v2', action: 'create', spec: JSON.stringify(spec) });
      record.items.set('ROLLOUT#r-1/WAITING', { url: 'https://answer', common: '{"RequestId":"q"}' });
    });

    const end = (outcome: string) => keep({ action: 'end', ...claim, outcome, reason: 'why', exposed: false });

    test('has only the phase before the launch', async () => {
      expect(await keep({ action: 'begin', ...claim })).toEqual({ create: true, before: true });
      expect(await keep({ action: 'phase', ...claim, phaseIndex: 0 })).toMatchObject({ kind: 'before', last: true });
    });

    test.each([
      ['promoted', { Status: 'SUCCESS', Data: {} }],
      ['failed', { Status: 'FAILED', Reason: 'the first version is failed: why [NotServing]' }],
      ['held', { Status: 'FAILED', Reason: 'the first version is held: why [NotServing]' }],
      ['aborted', { Status: 'FAILED', Reason: 'the first version is aborted: why [NotServing]' }],
      ['rolledBack', { Status: 'FAILED', Reason: 'the first version is failed: why [NotServing]' }],
    ])('that is %s is answered once', async (outcome, said) => {
      await end(outcome);
      if (outcome !== 'held') await end(outcome);
      expect(answered).toEqual([['https://answer', { RequestId: 'q', ...said }]]);
      expect(record.items.get('ROLLOUT#r-1/WAITING')).toEqual({ answeredAt: '1970-01-01T00:00:00.000Z' });
    });

    test('ends all the same where the answer finds nobody', async () => {
      let asked = 0;
      ports = { ...ports, respond: async () => Promise.reject(new Error(`${++asked}`)) };
      expect(await end('promoted')).toEqual({ outcome: 'promoted' });
      expect([asked, record.locked.rolloutId]).toEqual([3, '']);
    });
  });

  test('an end whose reply was lost is the same end', async () => {
    const end = { action: 'end', ...claim, outcome: 'rolledBack', reason: 'alarm' };
    await keep(end);
    expect(await keep(end)).toEqual({ outcome: 'rolledBack' });
  });

  test.each(['begin', 'phase', 'entered', 'end'])(
    'fails to %s for anybody but the holder of the lock',
    async (action) => {
      record.locked = { ...record.locked, epoch: 5 };
      const event = { action, ...claim, phaseIndex: 1, fullCount: 1, outcome: 'promoted', reason: '' };
      await expect(keep(event)).rejects.toMatchObject({ name: 'EpochLost' });
      expect(record.items.has('ENDPOINT#fraud/CHAMPION')).toBe(false);
      expect(record.locked.rolloutId).toBe('r-1');
    },
  );

  test('fails on an outcome that nobody knows', () => {
    expect(() => keep({ action: 'end', ...claim, outcome: 'great', reason: '' })).toThrow();
  });
});
