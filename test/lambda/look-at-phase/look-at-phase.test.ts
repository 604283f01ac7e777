import { beforeEach, describe, expect, test } from 'vitest';
import { type LiveEndpoint, readGateEvent } from '../../../decision';
import { readEvent as readJudgeEvent } from '../../../lambda/judge/event';
import { readEvent as readJudgeDataEvent } from '../../../lambda/judge-data/event';
import { askedOf } from '../../../lambda/look-at-phase/asked';
import { remembered } from '../../../lambda/look-at-phase/begun-phases';
import { decide } from '../../../lambda/look-at-phase/decide';
import { type DecideEvent, type LookEvent, readEvent } from '../../../lambda/look-at-phase/event';
import { look } from '../../../lambda/look-at-phase/look';
import { MemoryRecord } from '../fence/memory-record';

const gate = { kind: 'alarm', id: 'Queue', alarms: ['queue'] };
const offline = {
  kind: 'offline',
  id: 'Offline',
  challenger: { bucket: 'b', key: 'k' },
  champion: null,
  checks: [{ check: 'limit', metric: 'p99', value: '$.p99', samples: null, rule: { kind: 'ceiling', maximum: 1 } }],
};
const spec = {
  schemaVersion: 1,
  digest: 'd2d2d2d2',
  plan: {
    phases: [
      { kind: 'before', deadline: 'PT1H' },
      { kind: 'stage', percent: 25, bake: 'PT1H', deadline: 'PT2H', approval: true },
      { kind: 'watch', bake: 'PT1H', holdbackPercent: 0 },
      { kind: 'shadow', samplingPercent: 10, minimumRequests: 10_000, bake: 'PT48H', deadline: 'PT96H' },
    ],
  },
  gates: [
    { name: 'Queue', evaluator: 'judge', phases: ['stage', 'watch'], definition: gate },
    { name: 'Offline', evaluator: 'judge-data', phases: ['before', 'shadow'], definition: offline },
    {
      name: 'Mine',
      evaluator: 'function',
      phases: ['stage'],
      definition: { id: 'Mine', functionArn: 'arn:mine', parameters: { x: 1 } },
    },
  ],
  alarms: { a: ['alarm-a'], b: ['alarm-b'] },
};
const variant = (name: string, weight: number, count = 4) => ({
  name,
  currentWeight: weight,
  desiredWeight: weight,
  currentCount: count,
  desiredCount: count,
});

describe('a look at a phase', () => {
  let record: MemoryRecord;
  let live: LiveEndpoint | undefined;
  const at = '2026-01-01T01:00:00.000Z';
  const place = { endpoint: 'fraud', rolloutId: 'r-1', epoch: 4, phaseIndex: 1, bake: 'bake-1', at };

  beforeEach(() => {
    record = new MemoryRecord();
    record.locked = { ...record.locked, rolloutId: 'r-1', epoch: 4, champion: 'a', challenger: 'b', fullCount: 4 };
    record.items.set('ENDPOINT#fraud/ROLLOUT#r-1', { spec: JSON.stringify(spec) });
    for (const [index, kind, percent] of [
      ['000', 'before', 0],
      ['001', 'stage', 25],
    ] as const) {
      record.items.set(`ROLLOUT#r-1/PHASE#${index}`, { startedAt: '2026-01-01T00:00:00.000Z', kind, percent });
    }
    live = {
      status: 'InService',
      configName: 'fraud-d2d2d2d2-4-split',
      pending: false,
      variants: [variant('a', 75), variant('b', 25)],
      shadows: [],
    };
  });

  let told: string[] = [];
  let counted: unknown[] = [];
  const ports = () => ({
    record,
    ...remembered(record),
    judge: 'arn:judge',
    judgeData: 'arn:data',
    describe: async () => live,
    notify: async (subject: string, text: string) => void told.push(`${subject}\n${text}`),
    now: () => Date.parse(at),
    count: (...look: unknown[]) => void counted.push(look),
  });
  const looked = (change: Partial<LookEvent> = {}) =>
    look(ports(), readEvent({ action: 'look', ...place, ...change }) as LookEvent);
  const decided = (change: object) =>
    decide(
      ports(),
      readEvent({ action: 'decide', ...place, drift: null, short: null, answers: [], ...change }) as DecideEvent,
    );
  const pass = { kind: 'pass', reason: 'good' };

  test('asks in a stage the judge and the functions of its gates, in the words that the judge reads', async () => {
    const { questions, drift } = await looked();
    expect(questions.map(({ functionArn }) => functionArn)).toEqual(['arn:judge', 'arn:mine']);
    expect(readJudgeEvent(questions[0].event)).toMatchObject({
      phase: 'stage',
      challenger: { variant: 'b' },
      champion: { variant: 'a' },
      alarms: { challenger: ['alarm-b'], champion: ['alarm-a'] },
      gates: [gate],
    });
    expect(drift).toBeNull();
  });

  test('asks before anything is launched only those who read reports', async () => {
    const { questions, drift } = await looked({ phaseIndex: 0 });
    expect(questions.map(({ functionArn }) => functionArn)).toEqual(['arn:data']);
    expect(drift).toBeNull();
    expect(readJudgeDataEvent(questions[0].event)).toMatchObject({ phase: 'before', shadow: null, gates: [offline] });
  });

  test("asks a user's function in the words of its contract", async () => {
    const { questions } = await looked();
    expect(readGateEvent(questions[1].event)).toMatchObject({ gate: 'Mine', phase: 'stage', parameters: { x: 1 } });
  });

  test('tells who reads captures what the shadow was promised', async () => {
    record.items.set('ROLLOUT#r-1/PHASE#002', { startedAt: at, kind: 'watch', percent: 100 });
    record.items.set('ROLLOUT#r-1/PHASE#003', { startedAt: '2026-01-01T00:00:00.000Z', kind: 'shadow', percent: 0 });
    const { questions } = await looked({ phaseIndex: 3 });
    const shadow = { samplingPercent: 10, minimumRequests: 10_000, minimumHours: 48 };
    expect(readJudgeDataEvent(questions[0].event)).toMatchObject({ phase: 'shadow', shadow });
  });

  test('has nobody to compare with in the watch', async () => {
    record.items.set('ROLLOUT#r-1/PHASE#002', { startedAt: at, kind: 'watch', percent: 100 });
    live = { ...(live as LiveEndpoint), variants: [variant('a', 0), variant('b', 100)] };
    const { questions, drift } = await looked({ phaseIndex: 2 });
    expect(readJudgeEvent(questions[0].event)).toMatchObject({ phase: 'watch', champion: null, gates: [gate] });
    expect(drift).toBeNull();
  });

  test.each<[string, () => void]>([
    [
      'the endpoint is gone',
      () => {
        live = undefined;
      },
    ],
    [
      'another config serves',
      () => {
        live = { ...(live as LiveEndpoint), configName: 'console' };
      },
    ],
    [
      'weights were changed by hand',
      () => {
        live = { ...(live as LiveEndpoint), variants: [variant('a', 1), variant('b', 1)] };
      },
    ],
    [
      'the endpoint is busy',
      () => {
        live = { ...(live as LiveEndpoint), status: 'SystemUpdating' };
      },
    ],
    [
      'a third variant serves',
      () => {
        live = { ...(live as LiveEndpoint), variants: [variant('a', 75), variant('b', 25), variant('c', 0)] };
      },
    ],
  ])('sees drift when %s', async (_, spoil) => {
    spoil();
    expect((await looked()).drift).toEqual(expect.any(String));
  });

  test('fails for anybody but the holder of the lock', async () => {
    record.locked = { ...record.locked, epoch: 5 };
    await expect(looked()).rejects.toMatchObject({ name: 'EpochLost' });
    await expect(decided({ answers: [pass] })).rejects.toMatchObject({ name: 'EpochLost' });
  });

  test('waits for a person, passes with a yes, fails with a no', async () => {
    expect(await decided({ answers: [pass] })).toMatchObject({ answer: 'continue', waitSeconds: 300, ticks: 1 });
    record.items.set('ENDPOINT#fraud/APPROVAL#r-1#1', { status: 'approved' });
    expect(await decided({ answers: [pass] })).toMatchObject({ answer: 'pass' });
    record.items.set('ENDPOINT#fraud/APPROVAL#r-1#1', { status: 'rejected' });
    expect(await decided({ answers: [pass] })).toMatchObject({ answer: 'fail' });
  });

  test('asks a person once, when all else is shown, with the command that answers', async () => {
    told = [];
    await decided({ answers: [{ kind: 'hold', reason: 'no data' }] });
    expect(told).toEqual([]);
    for (const _ of [1, 2]) await decided({ answers: [pass] });
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(
      /^fraud: ApprovalNeeded\nthe plan asks for approval; metrics: good\n[\s\S]*rollouts approve fraud/,
    );
    expect(record.items.get('ENDPOINT#fraud/APPROVAL#r-1#1')).toMatchObject({ status: 'pending', phaseIndex: 1 });
  });

  test('says who has said what, in the order in which they were asked', async () => {
    const { reason } = await decided({ answers: [pass, { kind: 'fail', reason: '5 of 100 cases break a rule' }] });
    expect(reason).toBe('Mine: 5 of 100 cases break a rule');
    expect((await decided({ answers: [{ kind: 'fail', reason: 'ErrorRate: too many' }, pass] })).reason).toBe(
      'metrics: ErrorRate: too many',
    );
    for (const phaseIndex of [0, 1, 2, 3]) {
      record.items.set(`ROLLOUT#r-1/PHASE#00${phaseIndex}`, { startedAt: '2026-01-01T00:00:00.000Z' });
      const { questions } = await looked({ phaseIndex });
      const spec = await ports().specOf('fraud', 'r-1');
      const called = { 'arn:judge': 'metrics', 'arn:data': 'data', 'arn:mine': 'Mine' } as Record<string, string>;
      const asked = spec === undefined ? [] : askedOf(spec, spec.plan.phases[phaseIndex].kind);
      expect(asked).toEqual(questions.map(({ functionArn }) => called[functionArn]));
    }
  });

  test('looks again in a minute while the champion lacks instances', async () => {
    expect(await decided({ answers: [pass], short: 'x' })).toMatchObject({ waitSeconds: 60, driftTicks: 0 });
  });

  describe('of what is scaled', () => {
    const scaled = { ...spec, scaling: { minimum: 2, maximum: 12, policy: {} } };
    const having = (a: number, b: number, change: Partial<LiveEndpoint> = {}) => {
      const variants = [variant('a', 75, a), variant('b', 25, b)];
      live = { ...(live as LiveEndpoint), variants, ...change };
    };
    beforeEach(() => void record.items.set('ENDPOINT#fraud/ROLLOUT#r-1', { spec: JSON.stringify(scaled) }));

    test('nothing is raised while the champion has what it needs', async () => {
      having(4, 1);
      expect(await looked()).toMatchObject({ short: null, raiseTo: 0, drift: null });
    });

    test('the champion is raised when the challenger has grown, also while instances are launched', async () => {
      having(4, 2, { status: 'Updating' });
      const short = 'the champion has 4 of 5 instances that take everything back';
      expect(await looked()).toMatchObject({ short, raiseTo: 5, drift: null });
    });

    test('the champion is raised again when it has fewer than were noted', async () => {
      having(3, 1);
      expect(await looked()).toMatchObject({ short: expect.stringContaining('3 of 4'), raiseTo: 4 });
    });

    test('what has grown by itself is noted', async () => {
      having(5, 1);
      expect(await looked()).toMatchObject({ short: expect.stringContaining('5 of 7'), raiseTo: 7 });
    });

    test('before the challenger has traffic nothing is raised', async () => {
      having(9, 1);
      expect(await looked({ phaseIndex: 0 })).toMatchObject({ short: null, raiseTo: 0 });
    });
  });

  test('raises nothing that is not scaled', async () => {
    live = { ...(live as LiveEndpoint), variants: [variant('a', 75, 1), variant('b', 25, 9)] };
    expect(await looked()).toMatchObject({ short: null, raiseTo: 0 });
  });

  test('counts each look by its verdict', async () => {
    counted = [];
    await decided({ answers: [pass] });
    await decided({ answers: [pass, { kind: 'fail', reason: 'bad' }] });
    expect(counted).toEqual([
      ['fraud', 'pass', at],
      ['fraud', 'fail', at],
    ]);
  });

  test('has all of its time again once it was resumed', async () => {
    const late = { answers: [pass], at: '2026-01-01T02:30:00.000Z' };
    expect(await decided(late)).toMatchObject({ answer: 'hold' });
    const begun = record.items.get('ROLLOUT#r-1/PHASE#001') as object;
    record.items.set('ROLLOUT#r-1/PHASE#001', { ...begun, resumedAt: '2026-01-01T02:20:00.000Z' });
    expect(await decided(late)).toMatchObject({ answer: 'continue' });
    expect(await decided({ ...late, at: '2026-01-01T04:20:00.000Z' })).toMatchObject({ answer: 'hold' });
  });

  test.each<[string, object, string]>([
    ['one gate fails', { answers: [pass, { kind: 'fail', reason: '5 % errors' }] }, 'fail'],
    ['one gate holds', { answers: [pass, { kind: 'hold', reason: 'no data' }] }, 'continue'],
    ['one gate says a word that nobody knows', { answers: [pass, { kind: 'PASS', reason: '' }] }, 'continue'],
    ['one gate answers a number', { answers: [pass, { kind: 7, reason: null }] }, 'continue'],
    ['nobody was asked', { answers: [] }, 'continue'],
    ['the champion lacks instances', { answers: [pass], short: 'x' }, 'continue'],
    [
      'the champion lacks instances at the deadline',
      { answers: [pass], short: 'x', at: '2026-01-01T02:00:00.000Z' },
      'hold',
    ],
    [
      'a gate fails while the champion lacks instances',
      { answers: [{ kind: 'fail', reason: 'x' }], short: 'x' },
      'fail',
    ],
    ['there is drift', { answers: [pass], drift: 'x' }, 'continue'],
    ['there has been drift for five ticks', { answers: [pass], drift: 'x', driftTicks: 4 }, 'hold'],
    ['a gate fails in drift', { answers: [{ kind: 'fail', reason: 'x' }], drift: 'x', driftTicks: 4 }, 'fail'],
    [
      'it is undecided at the deadline',
      { answers: [pass, { kind: 'hold', reason: 'x' }], at: '2026-01-01T02:00:00.000Z' },
      'hold',
    ],
  ])('when %s: %s', async (_, change, answer) => {
    record.items.set('ENDPOINT#fraud/APPROVAL#r-1#1', { status: 'approved' });
    expect((await decided(change)).answer).toBe(answer);
  });
});
