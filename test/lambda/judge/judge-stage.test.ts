import { App, aws_cloudwatch as cloudwatch, Duration, Stack } from 'aws-cdk-lib';
import {
  AlarmGate,
  BusinessMetricGate,
  ComparedMetric,
  ErrorRateGate,
  ErrorSignal,
  type Gate,
  GateContext,
  LatencyGate,
} from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { judgeStage } from '../../../lambda/judge/judge-stage';
import { fakePorts, MINUTE, START, type Tell, twoModels } from './fake-world';
import { stageEvent } from './stage-event';

const QUIET = { 'a-errors': 'OK', 'b-errors': 'OK' };
const stack = new Stack(new App(), 'Gates');

/** What the engine hands over: the definition after its journey as JSON. */
const bound = (...gates: Gate[]) =>
  gates.map((gate) => {
    const { definition } = gate.bind(stack, new GateContext({ endpointName: 'fraud', gateCount: gates.length }));
    return JSON.parse(JSON.stringify(definition)) as unknown;
  });

const conversions = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Conversions' });
const allGates = () =>
  bound(
    new ErrorRateGate(),
    new LatencyGate({ ceiling: Duration.millis(250) }),
    new BusinessMetricGate({ metric: ComparedMetric.byVariant(conversions), relativeMargin: 0.1 }),
  );

const champion = { requests: 4500, errorRate: 0.01, slowRate: 0.003, conversionRate: 0.3 };
const equal = { ...champion, requests: 1500 };
const run = (tell: Tell, event: unknown, levels: Record<string, string> = QUIET) => {
  const world = fakePorts(tell, levels);
  return judgeStage(world.ports)(event).then((answer) => ({ answer, ...world }));
};
const kinds = (gates: readonly { id: string; kind: string }[]) => Object.fromEntries(gates.map((g) => [g.id, g.kind]));

describe('judge asks every gate that lib binds', () => {
  test('an equal model passes all gates, and the answer points to the evidence', async () => {
    const { answer, saved, told } = await run(twoModels({ a: champion, b: equal }), stageEvent(600, allGates()));
    expect(kinds(answer.gates)).toEqual({
      alarms: 'pass',
      ErrorRate: 'pass',
      Latency: 'pass',
      BusinessMetric: 'pass',
      trafficSplit: 'pass',
    });
    expect(answer).toMatchObject({ schemaVersion: 1, kind: 'pass', sharedOutage: false, evidence: 'item-1' });
    expect(saved[0].key).toEqual({
      endpoint: 'fraud',
      rollout: 'r-1',
      stage: 'stage-25',
      at: START + 600 * MINUTE,
      by: 'judge',
    });
    expect(told).toHaveLength(1);
  });

  test.each([
    ['ErrorRate', { errorRate: 0.05 }],
    ['Latency', { slowRate: 0.1 }],
    ['BusinessMetric', { conversionRate: 0.2 }],
  ])('fails by %s when that is what is worse', async (gate, worse) => {
    const { answer } = await run(twoModels({ a: champion, b: { ...equal, ...worse } }), stageEvent(600, allGates()));
    expect(answer.kind).toBe('fail');
    expect(Object.entries(kinds(answer.gates)).filter(([, kind]) => kind === 'fail')).toEqual([[gate, 'fail']]);
  });

  test('five times the errors are found within the first minutes that count', async () => {
    const { answer } = await run(
      twoModels({ a: champion, b: { ...equal, errorRate: 0.05 } }),
      stageEvent(7, bound(new ErrorRateGate())),
    );
    expect(answer.kind).toBe('fail');
  });

  test('model failures are what went wrong without what callers did wrong', async () => {
    const gates = bound(new ErrorRateGate({ signal: ErrorSignal.MODEL_FAILURES }));
    const { answer } = await run(twoModels({ a: champion, b: equal }), stageEvent(600, gates));
    expect(kinds(answer.gates)['ErrorRate']).toBe('pass');
  });

  test('an early look holds', async () => {
    const { answer } = await run(twoModels({ a: champion, b: equal }), stageEvent(4, allGates()));
    expect(answer.kind).toBe('hold');
  });

  test('the same tick asked twice answers and records the same', async () => {
    const event = stageEvent(600, allGates());
    const [first, second] = [
      await run(twoModels({ a: champion, b: equal }), event),
      await run(twoModels({ a: champion, b: equal }), event),
    ];
    expect(JSON.stringify(second.saved)).toBe(JSON.stringify(first.saved));
    expect(second.answer).toEqual(first.answer);
  });
});

describe('judge reads only what can be trusted', () => {
  test('asks for each series once, whatever number of gates wants it', async () => {
    const gates = bound(new ErrorRateGate(), new ErrorRateGate({ gateName: 'Strict', absoluteMargin: 0.001 }));
    const { asked } = await run(twoModels({ a: champion, b: equal }), stageEvent(600, gates));
    // Invocations and 5xx of two variants; the split of traffic reads Invocations again.
    expect(asked.flat()).toHaveLength(4);
  });

  test('leaves out the minutes around a change of weights, in which a new fleet is cold', async () => {
    const cold = (minute: number) => ({
      ...equal,
      errorRate: minute < 3 || (minute >= 300 && minute < 303) ? 0.9 : 0.01,
    });
    const shares = [
      { at: new Date(START).toISOString(), percent: 25 },
      { at: new Date(START + 300 * MINUTE + 20_000).toISOString(), percent: 25.0001 },
    ];
    const event = stageEvent(600, bound(new ErrorRateGate()), { shares });
    const { answer } = await run(twoModels({ a: champion, b: cold }), event);
    expect(answer.kind).toBe('pass');
  });

  test('a minute that has not settled does not count', async () => {
    const late = (minute: number) => ({ ...equal, errorRate: minute >= 598 ? 1 : 0.01 });
    const { answer } = await run(twoModels({ a: champion, b: late }), stageEvent(600, bound(new ErrorRateGate())));
    expect(answer.kind).toBe('pass');
  });

  test('a broken split of traffic holds, because two arms that differ in traffic differ in callers', async () => {
    const { answer } = await run(
      twoModels({ a: champion, b: { ...equal, requests: 3000 } }),
      stageEvent(600, bound(new ErrorRateGate())),
    );
    expect(answer.kind).toBe('hold');
    expect(answer.reason).toContain('traffic split is broken');
  });

  test('callers who choose the variant themselves are held to no share', async () => {
    const event = stageEvent(600, bound(new ErrorRateGate()), { split: 'caller' });
    const { answer } = await run(twoModels({ a: champion, b: { ...equal, requests: 3000 } }), event);
    expect(answer.kind).toBe('pass');
  });

  test('a challenger that has gone silent holds', async () => {
    const silent = (minute: number) => ({ ...equal, requests: minute > 500 ? 0 : 1500 });
    const { answer } = await run(twoModels({ a: champion, b: silent }), stageEvent(600, bound(new ErrorRateGate())));
    expect(answer.kind).toBe('hold');
    expect(answer.reason).toContain('no data of every arm');
  });

  test('a metric without its zeros is not believed: quiet minutes would be left out, and flatter a small arm', async () => {
    const rare = twoModels({ a: champion, b: { ...equal, errorRate: 0.0005 } });
    const onlyEvents: Tell = (metric, at) => {
      const value = rare(metric, at);
      return metric.metricName === 'Invocation5XXErrors' && value === 0 ? undefined : value;
    };
    expect((await run(rare, stageEvent(600, bound(new ErrorRateGate())))).answer.kind).toBe('pass');
    const { answer } = await run(onlyEvents, stageEvent(600, bound(new ErrorRateGate())));
    expect(answer.kind).toBe('hold');
    expect(answer.reason).toContain('publish zeros too');
  });

  test('the metric of slow requests steps in where CloudWatch does not count above a bound', async () => {
    const slow = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Conversions' });
    const without = new LatencyGate({ ceiling: Duration.millis(250) });
    const withOwn = new LatencyGate({ ceiling: Duration.millis(250), breaches: ComparedMetric.byVariant(slow) });
    const noTc: Tell = (metric, at) =>
      metric.statistic.startsWith('TC(')
        ? undefined
        : twoModels({ a: champion, b: { ...equal, conversionRate: 0.003 } })(metric, at);
    expect((await run(noTc, stageEvent(600, bound(without)))).answer.kind).toBe('hold');
    expect((await run(noTc, stageEvent(600, bound(withOwn)))).answer.kind).toBe('pass');
  });
});

describe('judge in the watch', () => {
  const watch = (gates: readonly unknown[], overrides = {}) =>
    stageEvent(600, gates, {
      phase: 'watch',
      champion: null,
      shares: [{ at: new Date(START).toISOString(), percent: 100 }],
      ...overrides,
    });

  test('asks what can be judged without a champion, and leaves out what cannot', async () => {
    const gates = bound(
      new ErrorRateGate({ maximumRate: 0.02 }),
      new LatencyGate({ ceiling: Duration.millis(250) }),
      new BusinessMetricGate({ metric: ComparedMetric.byVariant(conversions) }),
    );
    const { answer } = await run(twoModels({ a: champion, b: equal }), watch(gates));
    expect(kinds(answer.gates)).toEqual({ alarms: 'pass', ErrorRate: 'pass', Latency: 'pass' });
  });

  test('finds harm that begins after hours of health', async () => {
    const late = (minute: number) => ({ ...equal, errorRate: minute > 580 ? 0.08 : 0.01 });
    const gates = bound(new ErrorRateGate({ maximumRate: 0.02 }));
    expect((await run(twoModels({ a: champion, b: late }), watch(gates))).answer.kind).toBe('fail');
  });

  test('compares with the champion where a share was held back for it', async () => {
    const overrides = {
      champion: { variant: 'a', config: null },
      shares: [{ at: new Date(START).toISOString(), percent: 95 }],
    };
    const { answer } = await run(twoModels({ a: champion, b: equal }), watch(allGates(), overrides));
    expect(kinds(answer.gates)).toMatchObject({ ErrorRate: 'pass', BusinessMetric: 'pass' });
  });
});

describe('judge reads alarms by level', () => {
  const gates = () => bound(new ErrorRateGate());
  const tell = twoModels({ a: champion, b: equal });

  test('an ALARM of the challenger fails at once', async () => {
    const { answer } = await run(tell, stageEvent(600, gates()), { ...QUIET, 'b-errors': 'ALARM' });
    expect(answer).toMatchObject({ kind: 'fail', sharedOutage: false });
  });

  test.each(['INSUFFICIENT_DATA', 'absent', 'ok', ''])('the level %j holds', async (level) => {
    const { answer } = await run(tell, stageEvent(600, gates()), { ...QUIET, 'b-errors': level });
    expect(answer.kind).toBe('hold');
  });

  test('an alarm that does not exist holds by name', async () => {
    const { answer } = await run(tell, stageEvent(600, gates()), { 'a-errors': 'OK' });
    expect(answer.reason).toContain('alarm b-errors was not found');
  });

  test("the champion's own alarm blames nobody", async () => {
    const { answer } = await run(tell, stageEvent(600, gates()), { ...QUIET, 'a-errors': 'ALARM' });
    expect(answer).toMatchObject({ kind: 'pass', sharedOutage: false });
  });

  test('alarms of both versions are a shared outage: hold, and blame nobody', async () => {
    const both = { 'a-errors': 'ALARM', 'b-errors': 'ALARM' };
    const { answer } = await run(tell, stageEvent(600, gates()), both);
    expect(answer).toMatchObject({ kind: 'hold', sharedOutage: true });
    expect(answer.reason).toContain('shared outage');
  });

  test('in a shared outage a gate that compares both versions still finds the worse one', async () => {
    const both = { 'a-errors': 'ALARM', 'b-errors': 'ALARM' };
    const worse = twoModels({ a: champion, b: { ...equal, errorRate: 0.3 } });
    expect((await run(worse, stageEvent(600, gates()), both)).answer.kind).toBe('fail');
  });

  test('a gate of alarms reads its own', async () => {
    const alarm = cloudwatch.Alarm.fromAlarmArn(
      stack,
      'Refunds',
      'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:refunds',
    );
    const event = stageEvent(600, bound(new AlarmGate({ alarms: [alarm] })));
    expect((await run(tell, event, { ...QUIET, refunds: 'OK' })).answer.kind).toBe('pass');
    expect((await run(tell, event, { ...QUIET, refunds: 'ALARM' })).answer.kind).toBe('fail');
  });

  test('before live traffic there are alarms only', async () => {
    const { answer } = await run(tell, stageEvent(600, allGates(), { phase: 'shadow' }));
    expect(kinds(answer.gates)).toEqual({ alarms: 'pass' });
  });

  test('nothing to ask is no pass', async () => {
    const event = stageEvent(600, [], { alarms: { challenger: [], champion: [] } });
    expect((await run(tell, event)).answer.kind).toBe('hold');
  });
});

describe('judge when the world is broken', () => {
  const tell = twoModels({ a: champion, b: equal });
  const event = () => stageEvent(600, allGates());
  const denied = async (): Promise<never> => {
    throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
  };
  const ask = (overrides: Parameters<typeof fakePorts>[2], levels: Record<string, string> = QUIET) =>
    judgeStage(fakePorts(tell, levels, overrides).ports)(event());

  test('throttled metrics hold and say so', async () => {
    const answer = await ask({ metrics: { read: denied } });
    expect(answer.kind).toBe('hold');
    expect(answer.reason).toContain('ThrottlingException: Rate exceeded');
  });

  test('throttled metrics do not hide an alarm', async () => {
    const answer = await ask({ metrics: { read: denied } }, { ...QUIET, 'b-errors': 'ALARM' });
    expect(answer.kind).toBe('fail');
  });

  test('unreadable alarms hold', async () => {
    expect((await ask({ alarms: { levels: denied } })).kind).toBe('hold');
  });

  test('a pass whose evidence cannot be kept is no pass', async () => {
    const answer = await ask({ evidence: { save: denied } });
    expect(answer).toMatchObject({ kind: 'hold', evidence: null });
    expect(answer.reason).toContain('evidence could not be recorded');
  });

  test('a failure does not wait for its evidence', async () => {
    const answer = await ask({ evidence: { save: denied } }, { ...QUIET, 'b-errors': 'ALARM' });
    expect(answer).toMatchObject({ kind: 'fail', evidence: null });
  });

  test('a tick from the future holds', async () => {
    expect((await ask({ now: () => START })).reason).toContain('our clock says');
  });
});
