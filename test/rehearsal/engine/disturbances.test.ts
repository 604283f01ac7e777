import { describe, expect, test } from 'vitest';
import type { EngineWorld } from '../../../rehearsal/engine/engine-world';
import { knobSettings } from '../../../rehearsal/knobs';
import type { Scenario } from '../../../rehearsal/scenario';
import type { Delivery } from '../../../rehearsal/services';
import type { Execution } from '../../../rehearsal/states';
import { errors, good, story } from '../fixtures/scenarios';
import { brief, ENDPOINT, practised, versionOf } from './deployment';
import { executionsOf, lockOf, percentOf, rollOut, rolloutsOf, told } from './practice';

const [first, second, third] = ['1', '2', '3'].map((version) => versionOf(version, { strategy: brief }));
const ALL = process.env['EVERY_EVENT'] !== undefined;
const isMachine = ({ props }: Execution, machine: string) => props.stateMachineName.endsWith(`-${machine}`);

/** A rollout whose execution of one machine is stopped by hand after its n-th event. */
async function stoppedAt(machine: 'rollout' | 'bake' | 'rollback', n: number, scenario: Scenario) {
  let begun = false;
  let stopped = false;
  const onEvent = (execution: Execution) => {
    if (!begun || stopped || !isMachine(execution, machine) || execution.history.length !== n) return;
    stopped = true;
    execution.stop('Stopped', 'by hand');
  };
  const engine = await practised({ scenario, onEvent }, first, 2);
  begun = true;
  const ended = await rollOut(engine, second, undefined, 30 * 60);
  return { engine, ended, stopped };
}

/** Every event of one machine at which it can be stopped; each seventeenth unless all are asked for. */
async function events(machine: 'rollout' | 'bake' | 'rollback', scenario: Scenario): Promise<number[]> {
  const { engine } = await stoppedAt(machine, Number.POSITIVE_INFINITY, scenario);
  const last = executionsOf(engine, machine).at(-1)?.history.length ?? 0;
  const every = Array.from({ length: last - 1 }, (_, i) => i + 1);
  return ALL ? every : every.filter((n) => n % 17 === 1);
}

describe('an execution that is stopped by hand after any event', () => {
  test.each([
    ['rollout', good],
    ['bake', good],
    ['rollout', errors],
    ['rollback', errors],
  ] as const)(
    '%s: the router and the record agree in the end, and nobody holds the lock',
    { timeout: 600_000 },
    async (machine, scenario) => {
      const wrong: string[] = [];
      const outcomes = new Map<string, number>();
      for (const n of await events(machine, scenario)) {
        const { ended, engine, stopped } = await stoppedAt(machine, n, scenario);
        outcomes.set(ended.outcome, (outcomes.get(ended.outcome) ?? 0) + 1);
        const safe = scenario === good || ended.percent === 0;
        const free = lockOf(engine).rolloutId.S === '';
        if (stopped && safe && free && ended.quiet && ended.violations.length === 0) continue;
        wrong.push(`${machine}#${n}: ${JSON.stringify({ stopped, free, ...ended, deployed: ended.deployed.status })}`);
        if (process.env['TELL'] === `${machine}#${n}`) console.log(told(engine));
      }
      if (ALL) console.log(machine, scenario.name, [...outcomes].join(' '));
      expect(wrong).toEqual([]);
    },
  );
});

describe('events', () => {
  test.each<[string, Delivery]>([
    ['lost', { times: 0, outOfOrder: false }],
    ['twice', { times: 2, outOfOrder: false }],
    ['out of order', { times: 1, outOfOrder: true }],
    ['twice and out of order', { times: 2, outOfOrder: true }],
  ])('%s: a bad version is taken back once, a good one is promoted', async (_, delivery) => {
    const bad = await practised({ scenario: errors, delivery }, first, 2);
    expect(await rollOut(bad, second), told(bad)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [] });
    expect(executionsOf(bad, 'rollback').filter(({ output }) => output?.seized.seized === true)).toHaveLength(1);
    const well = await practised({ scenario: good, delivery }, first, 2);
    expect(await rollOut(well, second)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [] });
  });
});

describe('what AWS may do', () => {
  test.each([
    { describeStaleSeconds: 30 },
    { weightsApplySeconds: 300 },
    { weightsApplySeconds: 60, describeStaleSeconds: 30 },
    { metricLagSeconds: 300 },
    { zeroTraffic: 'zeros' },
    { updateToServedConfig: 'full' },
    { updateToServedConfig: 'refused' },
    { rollbackStatus: 'RollingBack' },
    { configMetrics: 'never' },
  ] as const)('%o: a bad version goes, a good one stays', async (changed) => {
    const knobs = knobSettings(changed);
    const bad = await practised({ scenario: errors, knobs }, first, 2);
    expect(await rollOut(bad, second), told(bad)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [] });
    const well = await practised({ scenario: good, knobs }, first, 2);
    expect(await rollOut(well, second), told(well)).toMatchObject({
      outcome: 'promoted',
      percent: 100,
      violations: [],
    });
  });
});

/** Waits until the challenger has so much live traffic. */
async function reached(engine: EngineWorld, percent: number): Promise<void> {
  for (let i = 0; i < 600 && percentOf(engine) < percent; i++) await engine.clock.sleep(5_000);
  expect(percentOf(engine)).toBe(percent);
}

describe('people and outages', () => {
  test('a change in the console is drift: the rollout is held, and people are told', async () => {
    const engine = await practised({ scenario: good }, first, 2);
    const ended = await rollOut(engine, second, async () => {
      await reached(engine, 25);
      await engine.clock.sleep(90_000);
      engine.world.log.record('person', 'TouchedByHand', 'weights');
      engine.world.sagemaker.updateEndpointWeightsAndCapacities({
        EndpointName: ENDPOINT,
        DesiredWeightsAndCapacities: [{ VariantName: 'b', DesiredWeight: 75 }],
      });
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'held', percent: 50, violations: [], quiet: true });
    expect(ended.reason).toContain('drift');
  });

  test('of two deployments at once one starts, and the other is refused', async () => {
    const engine = await practised({ scenario: good }, first, 2);
    const ended = await rollOut(engine, second, async () => {
      await engine.clock.sleep(30_000);
      expect((await engine.deploy(third)).reason).toContain('[RolloutUnderWay]');
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', violations: [] });
    expect(rolloutsOf(engine)).toHaveLength(2);
  });

  test('a reverse update during a way back changes nothing of it', async () => {
    const engine = await practised({ scenario: errors }, first, 2);
    const ended = await rollOut(engine, second, async () => {
      await reached(engine, 25);
      while (executionsOf(engine, 'rollback').length === 0) await engine.clock.sleep(1_000);
      await engine.clock.sleep(5_000);
      expect((await engine.deploy(first)).status).toBe('UPDATE_COMPLETE');
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
  });

  // Alarms of both ring, and fall silent, within a minute of each other: whose comes first decides what is known.
  test('in an outage of both versions people are told before anybody is blamed, unless the new one’s alarm rings first', async () => {
    const down = { errorRate: 0.5 };
    const up = { errorRate: 0.001 };
    const changes = [
      { atSeconds: 8 * 60, champion: down, challenger: down },
      { atSeconds: 18 * 60, champion: up, challenger: up },
    ];
    const outcomes = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const engine = await practised({ seed, scenario: story('outage', {}, { changes }) }, versionOf('1'));
      const ended = await rollOut(engine, versionOf('2'));
      const [loudest] = engine.world.cloudwatch.transitions.filter(({ to }) => to === 'ALARM');
      const blamed = loudest.alarmName.includes('-b-');
      const told_ = engine.further.sns.published.map(({ subject }) => subject);
      expect(ended, told(engine)).toMatchObject({ violations: [], quiet: true });
      expect(told_.includes('fraud: SharedOutage'), told(engine)).toBe(!blamed);
      expect(ended.percent).toBe(ended.outcome === 'promoted' ? 100 : 0);
      outcomes.add(ended.outcome);
    }
    expect([...outcomes].sort()).toEqual(['promoted', 'rolledBack']);
  });

  test('a version that serves and falls sick is told to people: while a better one takes over, and when nothing is rolled out', async () => {
    const sick = { errorRate: 0.3 };
    const changes = [
      { atSeconds: 8 * 60, champion: sick },
      { atSeconds: 8 * 3_600, challenger: sick },
    ];
    const engine = await practised({ scenario: story('sick', {}, { changes }) }, first, 2);
    const suffers = () => engine.further.sns.published.filter(({ subject }) => subject === 'fraud: ChampionSuffers');
    const ended = await rollOut(engine, second);
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [], quiet: true });
    expect(suffers().map(({ message }) => message.split(';')[1])).toContainEqual(
      expect.stringMatching(/^ rollout r-.* is (running|watching)/),
    );
    const before = suffers().length;
    await engine.run(engine.clock.sleep(9 * 3_600_000));
    expect(suffers().length, told(engine)).toBeGreaterThan(before);
    expect(suffers().at(-1)?.message).toMatch(/^fraud-\w+-b-rollout is in ALARM.* nothing takes that back\n/);
  });

  test('an alarm that comes and goes takes the rollout back once', async () => {
    const flaps = Array.from({ length: 6 }, (_, i) => ({
      atSeconds: 6 * 60 + i * 180,
      challenger: { errorRate: i % 2 === 0 ? 0.3 : 0.001 },
    }));
    const engine = await practised({ scenario: story('flaps', {}, { changes: flaps }) }, first, 2);
    const ended = await rollOut(engine, second);
    expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
    expect(executionsOf(engine, 'rollback').filter(({ output }) => output.seized.seized)).toHaveLength(1);
  });
});
