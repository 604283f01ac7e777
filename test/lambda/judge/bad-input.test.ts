import { App, aws_cloudwatch as cloudwatch, Duration, Stack } from 'aws-cdk-lib';
import {
  BusinessMetricGate,
  ComparedMetric,
  ErrorRateGate,
  type Gate,
  GateContext,
  LatencyGate,
} from 'cdk-sagemaker-rollouts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeStage } from '../../../lambda/judge/judge-stage';
import { fakePorts, MINUTE, START, type Tell, twoModels } from './fake-world';
import { stageEvent } from './stage-event';

const QUIET = { 'a-errors': 'OK', 'b-errors': 'OK' };
const MINUTES = 400;
const stack = new Stack(new App(), 'Gates');
const conversions = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Conversions' });
const champion = { requests: 4500, errorRate: 0.01, slowRate: 0.003, conversionRate: 0.3 };
const healthy = twoModels({ a: champion, b: { ...champion, requests: 1500 } });

const gates: Record<string, Gate> = {
  ErrorRate: new ErrorRateGate(),
  Latency: new LatencyGate({ ceiling: Duration.millis(250) }),
  BusinessMetric: new BusinessMetricGate({ metric: ComparedMetric.byVariant(conversions), relativeMargin: 0.1 }),
};
const bound = (name: string): unknown =>
  JSON.parse(JSON.stringify(gates[name].bind(stack, new GateContext({ endpointName: 'fraud' })).definition));
const eventOf = (name: string, overrides = {}) => stageEvent(MINUTES, [bound(name)], overrides);

/** One bad input: what is asked, and what the reason must say. */
interface Row {
  readonly name: string;
  readonly ask: () => ReturnType<ReturnType<typeof judgeStage>>;
  readonly says: RegExp;
}
const ask =
  (
    tell: Tell,
    event: unknown,
    levels: Record<string, string> = QUIET,
    overrides: Parameters<typeof fakePorts>[2] = {},
  ) =>
  () =>
    judgeStage(fakePorts(tell, levels, overrides).ports)(event);

/** The same world with one series changed in some minutes. */
const changed = (
  variant: 'a' | 'b',
  is: (statistic: string, metricName: string) => boolean,
  value: unknown,
  minutes: (minute: number) => boolean,
): Tell => {
  return (metric, at) => {
    const hit = metric.dimensions['VariantName'] === variant && is(metric.statistic, metric.metricName);
    return hit && minutes((at - START) / MINUTE) ? (value as number) : healthy(metric, at);
  };
};

const series: readonly [gate: string, what: string, is: (statistic: string, name: string) => boolean][] = [
  ['ErrorRate', 'errors', (_s, name) => name === 'Invocation5XXErrors'],
  ['ErrorRate', 'requests', (_s, name) => name === 'Invocations'],
  ['Latency', 'slow requests', (s) => s.startsWith('TC(')],
  ['Latency', 'requests', (s, name) => name === 'ModelLatency' && s === 'SampleCount'],
  ['BusinessMetric', 'conversions', (s, name) => name === 'Conversions' && s === 'Sum'],
  ['BusinessMetric', 'sessions', (s, name) => name === 'Conversions' && s === 'SampleCount'],
];
const arms = (gate: string): readonly ('a' | 'b')[] => (gate === 'Latency' ? ['b'] : ['a', 'b']);
const garbage: readonly unknown[] = [Number.NaN, -1, Infinity, -Infinity, 1e300, '12', null, {}, [], true];
const spots: readonly [string, (minute: number) => boolean][] = [
  ['in one minute', (m) => m === 200],
  ['in every minute', () => true],
  ['in the last minutes', (m) => m > MINUTES - 20],
];

const metricRows: Row[] = series.flatMap(([gate, what, is]) =>
  arms(gate).flatMap((arm) =>
    garbage.flatMap((value) =>
      spots
        // A sum below zero is a legal amount of money; for counts it is not.
        .filter(() => !(gate === 'BusinessMetric' && what === 'conversions' && value === -1))
        .map(([where, minutes]) => ({
          name: `${gate}: ${what} of ${arm} are ${JSON.stringify(value) ?? value} (${String(value)}) ${where}`,
          ask: ask(changed(arm, is, value, minutes), eventOf(gate)),
          says: /periods\[\d+\]\.(challenger|champion)|must be a finite number|at most|challenger must be|champion must be/,
        })),
    ),
  ),
);

const silentRows: Row[] = series.flatMap(([gate, what, is]) =>
  arms(gate).flatMap((arm) => [
    {
      name: `${gate}: ${what} of ${arm} are missing for ever`,
      ask: ask(
        changed(arm, is, undefined, () => true),
        eventOf(gate),
      ),
      says: /no data of every arm at all|fewer than/,
    },
    {
      name: `${gate}: ${what} of ${arm} have gone missing`,
      ask: ask(
        changed(arm, is, undefined, (m) => m > MINUTES - 60),
        eventOf(gate),
      ),
      says: /no data of every arm for \d+ s/,
    },
    ...(gate === 'ErrorRate' || gate === 'Latency'
      ? [
          {
            name: `${gate}: ${what} of ${arm} contradict each other`,
            ask: ask(
              changed(arm, is, what === 'requests' ? 0 : 1e6, (m) => m === 100),
              eventOf(gate),
            ),
            says: /must not have more events than samples|must have a sum of 0/,
          },
        ]
      : []),
  ]),
);

const failures = [
  'ThrottlingException',
  'AccessDenied',
  'InternalServiceFault',
  'TimeoutError',
  'ECONNRESET',
  'ExpiredTokenException',
  'InvalidParameterValue',
  'MissingAuthenticationToken',
  'LimitExceeded',
  'ServiceUnavailable',
  'SyntaxError',
];
const thrown = (name: string) => async (): Promise<never> => {
  throw Object.assign(new Error(`simulated ${name}`), { name });
};
const portRows: Row[] = failures.flatMap((name) => [
  {
    name: `metrics: ${name}`,
    ask: ask(healthy, eventOf('ErrorRate'), QUIET, { metrics: { read: thrown(name) } }),
    says: new RegExp(name),
  },
  {
    name: `alarms: ${name}`,
    ask: ask(healthy, eventOf('ErrorRate'), QUIET, { alarms: { levels: thrown(name) } }),
    says: new RegExp(name),
  },
  {
    name: `evidence: ${name}`,
    ask: ask(healthy, eventOf('ErrorRate'), QUIET, { evidence: { save: thrown(name) } }),
    says: new RegExp(name),
  },
]);

const levelRows: Row[] = ['', 'ok', 'Ok', 'INSUFFICIENT_DATA', 'absent', 'PASS', 'null', 'OK ', 'GREEN', '0'].map(
  (level) => ({
    name: `alarm level ${JSON.stringify(level)}`,
    ask: ask(healthy, eventOf('ErrorRate'), { ...QUIET, 'b-errors': level }),
    says: /alarm b-errors is/,
  }),
);

const fields: Record<string, readonly unknown[]> = {
  schemaVersion: [undefined, null, 0, 2, '1', {}],
  rollout: [undefined, null, '', 7, {}, [], 'x'.repeat(2000)],
  endpoint: [undefined, null, '', 7, {}, []],
  stage: [undefined, null, '', 7, {}, []],
  phase: [undefined, null, '', 'STAGE', 'promote', 7],
  at: [undefined, null, '', 'now', 7, '2026-13-45T00:00:00Z', '2026-01-05', {}],
  startedAt: [undefined, null, '', 'yesterday', 7, '2027-01-05T00:00:00Z', {}],
  baselineFrom: [undefined, '', 'x', 7, '2027-01-05T00:00:00Z'],
  endsAt: [undefined, null, '', 'later', 7, '2026-01-01T00:00:00Z', '2026-01-05T00:00:00.000Z'],
  challenger: [
    undefined,
    null,
    {},
    'b',
    { variant: 'b' },
    { variant: '', config: null },
    { variant: 'b', config: null, x: 1 },
  ],
  champion: [undefined, {}, 'a', { variant: 7, config: null }],
  shares: [
    undefined,
    null,
    [],
    {},
    [{ at: '2026-01-05T00:00:00Z' }],
    [{ at: 'x', percent: 5 }],
    [{ at: '2026-01-05T00:00:00Z', percent: 101 }],
    [{ at: '2026-01-05T00:00:00Z', percent: -1 }],
    [{ at: '2026-01-05T00:00:00Z', percent: '5' }],
    [{ at: '2026-01-05T00:00:00Z', percent: null }],
    [{ at: '2026-01-05T01:00:00Z', percent: 5 }],
    [
      { at: '2026-01-05T00:00:00Z', percent: 5 },
      { at: '2026-01-05T00:00:00Z', percent: 25 },
    ],
  ],
  split: [null, '', 'both', 7],
  alarms: [
    undefined,
    null,
    {},
    [],
    { challenger: [] },
    { challenger: 'x', champion: [] },
    { challenger: [''], champion: [] },
  ],
  gates: [undefined, null, {}, [null], [{}], [{ kind: 'metric' }], [{ kind: 'oracle', id: 'x' }], 'all'],
};
const eventRows: Row[] = Object.entries(fields).flatMap(([field, values]) =>
  values.map((value) => ({
    name: `event: ${field} is ${JSON.stringify(value)?.slice(0, 60)}`,
    ask: ask(healthy, eventOf('ErrorRate', { [field]: value })),
    says: new RegExp(field),
  })),
);
const wholeRows: Row[] = [undefined, null, 0, '', 'x', [], {}, true, [1], Number.NaN].map((event) => ({
  name: `event: ${JSON.stringify(event)} in place of the event`,
  ask: ask(healthy, event),
  says: /the event cannot be read/,
}));

const definitionRows: Row[] = Object.entries({
  arms: ['both sides', null, undefined],
  read: [null, undefined, {}, { numerator: null, denominator: null }],
  settleSeconds: [-1, null, '120', 1e9],
  id: ['', null, 'trafficSplit', 'alarms'],
  rules: [null, undefined, { stage: 'x' }, { stage: {} }, { stage: { kind: '' } }, { forever: { kind: 'ceiling' } }],
}).flatMap(([field, values]) =>
  values.map((value) => ({
    name: `gate: ${field} is ${JSON.stringify(value)}`,
    ask: ask(healthy, stageEvent(MINUTES, [{ ...(bound('ErrorRate') as object), [field]: value }])),
    says: new RegExp(field),
  })),
);
const ruleRows: Row[] = Object.entries({
  kind: ['oracle', 'toString', '__proto__', 'alarm', 'drift', 'ceiling'],
  absoluteMargin: [undefined, null, -1, 0, 1, 2, '0.005', {}],
  alphaRollback: [null, -1, 0, 0.5, 1, '0.01'],
  alphaPromote: [null, -1, 0, 0.5, 1, '0.01'],
  horizonPeriods: [null, 0, -1, 1.5, 'x'],
  maximumSilenceSeconds: [null, -1, 'x'],
}).flatMap(([field, values]) =>
  values.map((value) => {
    const gate = bound('ErrorRate') as { rules: { stage: object } };
    const stage = { ...gate.rules.stage, [field]: value };
    return {
      name: `rule: ${field} is ${JSON.stringify(value)}`,
      ask: ask(healthy, stageEvent(MINUTES, [{ ...gate, rules: { stage } }])),
      says: field === 'kind' ? /kind must be|must be/ : new RegExp(field),
    };
  }),
);

const rows = [
  ...metricRows,
  ...silentRows,
  ...portRows,
  ...levelRows,
  ...eventRows,
  ...wholeRows,
  ...definitionRows,
  ...ruleRows,
];

describe('judge before bad input', () => {
  test.each(Object.keys(gates))('%s passes when nothing is wrong: what follows is not vacuous', async (gate) => {
    expect((await ask(healthy, eventOf(gate))()).kind).toBe('pass');
  });

  test('the table is large', () => {
    expect(rows.length).toBeGreaterThan(500);
  });

  test.each(rows)('$name: never passes, and says why', async (row) => {
    const answer = await row.ask();
    expect(answer.kind).toBe('hold');
    expect(answer.reason).toMatch(row.says);
  });

  test('any JSON in place of any part of an event never passes', async () => {
    const keys = Object.keys(eventOf('ErrorRate'));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.jsonValue(), async (key, value) => {
        // These parts may be changed without harm: they only name things.
        fc.pre(!['rollout', 'stage', 'endpoint', 'split', 'baselineFrom'].includes(key) || typeof value !== 'string');
        fc.pre(!(key === 'baselineFrom' && value === null));
        const answer = await ask(healthy, eventOf('ErrorRate', { [key]: value }))();
        expect(answer.kind).not.toBe('pass');
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  test('any series of any numbers never passes unless it could be true', async () => {
    const count = fc.oneof(fc.constant(Number.NaN), fc.double(), fc.integer({ min: -5, max: 5000 }));
    await fc.assert(
      fc.asyncProperty(fc.array(count, { minLength: 1, maxLength: 30 }), async (values) => {
        const bad = values.some((value) => !(value >= 0 && value <= 1e12));
        fc.pre(bad);
        const tell = changed(
          'b',
          (_s, name) => name === 'Invocations',
          0,
          () => false,
        );
        const spoiled: Tell = (metric, at) => {
          const minute = (at - START) / MINUTE;
          const own = metric.dimensions['VariantName'] === 'b' && metric.metricName === 'Invocations';
          return own && minute >= 10 && minute < 10 + values.length ? values[minute - 10] : tell(metric, at);
        };
        expect((await ask(spoiled, eventOf('ErrorRate'))()).kind).not.toBe('pass');
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});
