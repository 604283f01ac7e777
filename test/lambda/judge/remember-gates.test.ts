import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeStage } from '../../../lambda/judge/judge-stage';
import { GateMemory } from '../../../lambda/judge/remember-gates';
import { fakePorts, MINUTE, START, type Tell } from './fake-world';
import { stageEvent } from './stage-event';

const HOUR = 60 * MINUTE;
const source = (metricName: string) => ({
  metrics: [
    {
      id: 'm1',
      namespace: 'AWS/SageMaker',
      metricName,
      dimensions: { EndpointName: 'fraud' },
      armDimensions: { VariantName: 'variant' },
      statistic: 'Sum',
    },
  ],
  expression: null,
});
const gate = (id: string, settleSeconds: number, rule: object) => ({
  kind: 'metric',
  id,
  arms: 'both',
  read: { numerator: source('Invocation5XXErrors'), denominator: source('Invocations') },
  fallback: null,
  settleSeconds,
  rules: { stage: rule, watch: { kind: 'watch', maximumShare: 0.02 } },
});
const gates = [
  gate('errors', 60, { kind: 'countDifference', absoluteMargin: 0.005 }),
  gate('share', 300, { kind: 'exceedance', maximumShare: 0.01 }),
];

/** Endpoints whose metrics of the last half hour still change from look to look, and have holes. */
const late =
  (now: number, look: number): Tell =>
  ({ metricName, dimensions }, at) => {
    const minute = at / MINUTE;
    const noise = (minute * (dimensions['VariantName'] === 'a' ? 31 : 17) + (at > now - HOUR / 2 ? look : 0)) % 13;
    if (noise === 12 && metricName !== 'Invocations') return undefined;
    return metricName === 'Invocations' ? 100 + noise : noise % 3;
  };

describe('what a warm judge remembers of its gates', () => {
  test('changes no answer and no evidence, whatever is asked in whatever order', async () => {
    const tick = fc.record({
      minutes: fc.integer({ min: 1, max: 100 }),
      rollout: fc.constantFrom('r-1', 'r-2'),
      shares: fc.constantFrom(
        [{ at: new Date(START).toISOString(), percent: 25 }],
        [
          { at: new Date(START).toISOString(), percent: 25 },
          { at: new Date(START + 3 * HOUR).toISOString(), percent: 50 },
        ],
      ),
      baselineFrom: fc.constantFrom(null, new Date(START - HOUR).toISOString()),
      phase: fc.constantFrom('stage', 'stage', 'watch'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(tick, { maxLength: 15 }), async (ticks) => {
        let minutes = 0;
        let tell: Tell = () => undefined;
        const { ports, saved } = fakePorts((metric, at) => tell(metric, at), { 'a-errors': 'OK', 'b-errors': 'OK' });
        const warm = judgeStage(ports);
        for (const [look, { minutes: more, ...asked }] of ticks.entries()) {
          minutes += more;
          tell = late(START + minutes * MINUTE, look);
          const event = stageEvent(minutes, gates, asked.phase === 'watch' ? { ...asked, champion: null } : asked);
          const [remembered, plain] = [await warm(event), await judgeStage(ports)(event)];
          expect({ ...remembered, evidence: '' }).toEqual({ ...plain, evidence: '' });
          const [one, other] = saved.slice(-2);
          expect(one.evidence).toEqual(other.evidence);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is built once: a tick costs the minutes of its last hour', () => {
    const memory = new GateMemory();
    const built: number[] = [];
    const starts = Array.from({ length: 300 }, (_, i) => i * MINUTE);
    const ask = (about: string, minutes: number) => {
      built.length = 0;
      const found = memory.minutesOf(about, starts.slice(0, minutes), minutes * MINUTE, (start) => {
        built.push(start);
        return { start, challenger: null, champion: null, halves: 0 };
      });
      return [found.length, built.length];
    };
    expect(ask('one', 200)).toEqual([200, 200]);
    expect(ask('one', 205)).toEqual([205, 65]);
    expect(ask('one', 100)).toEqual([100, 0]);
    expect(ask('another', 205)).toEqual([205, 205]);
  });
});
