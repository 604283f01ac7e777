import { Duration } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import type { EngineWorld } from '../../../rehearsal/engine/engine-world';
import { knobSettings } from '../../../rehearsal/knobs';
import type { Scenario } from '../../../rehearsal/scenario';
import { Faults } from '../../../rehearsal/services';
import { errors, story } from '../fixtures/scenarios';
import { practised, versionOf } from './deployment';
import { percentOf, rollOut, told } from './practice';
import { BOUNDS, countsOf, declared, fewestOf, kept, scaledVersion, swift, targetOf } from './scaled';

const MINUTE = 60_000;
const HOUR = 3600;
const wait = (engine: EngineWorld, minutes: number) => engine.clock.sleep(minutes * MINUTE);
const long = new rollouts.StagedStrategy({
  stages: [{ percent: 25, bake: Duration.minutes(10) }],
  watchPeriod: Duration.hours(3),
});
const slow = new rollouts.StagedStrategy({
  stages: [{ percent: 25, bake: Duration.hours(3) }],
  watchPeriod: Duration.minutes(10),
});
type Rates = readonly [hours: number, rate: number][];
/** A day on which the requests a second change, and on which the new version turns bad. */
const day = (
  name: string,
  first: number,
  rates: readonly [hours: number, rate: number][],
  badAfter: number,
): Scenario =>
  story(
    name,
    {},
    {
      requestsPerSecond: first,
      changes: [
        ...rates.map(([hours, requestsPerSecond]) => ({ atSeconds: hours * HOUR, requestsPerSecond })),
        { atSeconds: badAfter * HOUR, challenger: { errorRate: 0.3 } },
      ],
    },
  );
/** Metrics that come late, and show no traffic as zero: what auto scaling sees is long gone. */
const late = knobSettings({ metricLagSeconds: 300, zeroTraffic: 'zeros' });

describe('a version that is scaled', () => {
  test('is promoted when it is good, and scales by itself afterwards', async () => {
    const busy = story('busy', {}, { changes: [{ atSeconds: 2 * HOUR, requestsPerSecond: 400 }] });
    const engine = await practised({ scenario: busy }, scaledVersion('1'), 30);
    expect([countsOf(engine), targetOf(engine, 'a')]).toMatchObject([{ a: 3 }, declared]);
    const ended = await rollOut(engine, scaledVersion('2'), async () => {
      while (percentOf(engine) < 100) await wait(engine, 1);
      expect([targetOf(engine, 'a'), targetOf(engine, 'b')]).toMatchObject([kept, { ...kept, MinCapacity: 3 }]);
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [], quiet: true });
    expect(countsOf(engine)).toEqual({ a: 1, b: 3 });
    expect([targetOf(engine, 'a'), targetOf(engine, 'b')]).toMatchObject([undefined, declared]);
    await engine.run(wait(engine, 3 * 60));
    expect(countsOf(engine)).toEqual({ a: 1, b: 9 });
  });

  test('may have another instance type, again and again', async () => {
    const hosting = (instanceType: string) =>
      rollouts.Hosting.instances({
        instanceType,
        initialInstanceCount: 4,
        autoScaling: rollouts.AutoScaling.onInvocations({ ...BOUNDS, target: 3000 }),
      });
    const engine = await practised({}, scaledVersion('1'), 3);
    for (const [version, type] of [
      ['2', 'ml.c5.xlarge'],
      ['3', 'ml.c6i.xlarge'],
    ]) {
      const ended = await rollOut(engine, versionOf(version, { hosting: hosting(type), strategy: swift }));
      expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [] });
    }
    expect([targetOf(engine, 'a'), targetOf(engine, 'b')]).toMatchObject([declared, undefined]);
  });
});

describe('a champion that is scaled', () => {
  test('does not shrink over night, and takes everything back at noon', async () => {
    const rates: Rates = [
      [0.4, 60],
      [1.5, 400],
    ];
    const engine = await practised({ scenario: day('night', 400, rates, 2.3) }, scaledVersion('1', slow), 40);
    const { a = 0 } = countsOf(engine);
    expect(a).toBeGreaterThanOrEqual(8);
    const ended = await rollOut(engine, scaledVersion('2', slow));
    expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
    expect(fewestOf(engine, 'a')).toBeGreaterThanOrEqual(8);
    expect(engine.traffic?.truth('champion').badRequests).toBe(0);
    expect([targetOf(engine, 'a'), targetOf(engine, 'b')]).toMatchObject([declared, undefined]);
  });

  test.each([
    ['as usual', knobSettings()],
    ['with late metrics', late],
  ])('that was small in the night takes everything back at noon, and stays so large, %s', async (_, knobs) => {
    const rates: Rates = [
      [0.6, 200],
      [1.2, 400],
    ];
    const engine = await practised({ scenario: day('morning', 80, rates, 2.2), knobs }, scaledVersion('1', long), 40);
    expect(countsOf(engine)).toEqual({ a: 2 });
    const ended = await rollOut(engine, scaledVersion('2', long));
    expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
    const { a = 0 } = countsOf(engine);
    // Eight instances take what comes at noon. The way back is one step, and nobody is refused on it.
    expect([fewestOf(engine, 'a'), countsOf(engine)]).toEqual([2, { a, b: 1 }]);
    expect(a).toBeGreaterThanOrEqual(8);
    expect(engine.traffic?.truth('champion').badRequests).toBe(0);
    const shares = engine.world.log.events.filter(({ event }) => event === 'TrafficShifted').slice(-2);
    expect(shares.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^100 %/),
      expect.stringMatching(/^100 %/),
    ]);
    await engine.run(wait(engine, 60));
    expect(countsOf(engine)['a']).toBeGreaterThanOrEqual(8);
  });

  test('grows with the challenger in a flood, and the rollout goes on', async () => {
    const flood = story('flood', {}, { changes: [{ atSeconds: 40 * 60, requestsPerSecond: 450 }] });
    const engine = await practised({ scenario: flood }, scaledVersion('1', long), 30);
    const ended = await rollOut(engine, scaledVersion('2', long), async () => {
      await wait(engine, 100);
      const { a, b } = countsOf(engine);
      expect(b).toBeGreaterThanOrEqual(9);
      expect(a).toBe(b);
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [], quiet: true });
    expect(engine.traffic?.truth('challenger').badRequests).toBeLessThan(100);
  });

  test('grows at a small share too: what a quarter of the traffic fills, all of it fills four times', async () => {
    const flood = story('flood', {}, { changes: [{ atSeconds: 15 * 60, requestsPerSecond: 400 }] });
    const engine = await practised({ scenario: flood }, scaledVersion('1', slow), 30);
    await rollOut(
      engine,
      scaledVersion('2', slow),
      async () => {
        await wait(engine, 60);
        expect(countsOf(engine)['a']).toBeGreaterThanOrEqual(8);
      },
      1,
    );
  });

  test('fails no rollout of a version that is not declared to be scaled: it does not begin', async () => {
    const engine = await practised({}, scaledVersion('1'), 3);
    const ended = await rollOut(engine, versionOf('2', { strategy: swift }));
    expect(ended, told(engine)).toMatchObject({ outcome: 'failed', percent: 0, violations: [], quiet: true });
    expect(targetOf(engine, 'a')).toMatchObject(declared);
  });
});

describe('where auto scaling is not allowed any more', () => {
  const denied = (operation: string, call: number) =>
    new Faults([{ api: `application-autoscaling:${operation}`, call, times: 10_000, kind: 'denied' }]);

  test('a first version is held, and its deployment says why', async () => {
    await expect(practised({ faults: denied('RegisterScalableTarget', 1) }, scaledVersion('1'), 3)).rejects.toThrow(
      /the first version is held: auto scaling: User is not authorized/,
    );
  });

  test('a rollout ends before the challenger has traffic', async () => {
    const engine = await practised({ faults: denied('RegisterScalableTarget', 2) }, scaledVersion('1'), 3);
    const ended = await rollOut(engine, scaledVersion('2'));
    expect(ended, told(engine)).toMatchObject({ outcome: 'failed', percent: 0, violations: [], quiet: true });
  });

  test('a finalisation is held: traffic stays, and no instance goes', async () => {
    const engine = await practised({ faults: denied('DeregisterScalableTarget', 1) }, scaledVersion('1'), 3);
    const ended = await rollOut(engine, scaledVersion('2'));
    expect(ended, told(engine)).toMatchObject({ outcome: 'held', percent: 100, violations: [], quiet: true });
    expect([countsOf(engine), targetOf(engine, 'b')]).toMatchObject([{ a: 4, b: 4 }, kept]);
  });

  test('a way back goes its way', async () => {
    const engine = await practised(
      { scenario: errors, faults: denied('DeregisterScalableTarget', 1) },
      scaledVersion('1'),
      3,
    );
    const ended = await rollOut(engine, scaledVersion('2'));
    expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
    expect(countsOf(engine)).toMatchObject({ a: 4 });
  });
});
