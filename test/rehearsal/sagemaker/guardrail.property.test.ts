import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../rehearsal/invariants';
import { KNOBS, type Knobs } from '../../../rehearsal/knobs';
import type { AlarmState } from '../../../rehearsal/sagemaker/alarm-watch';
import type { Startup } from '../../../rehearsal/sagemaker/fleets';
import { type DeploymentConfig, guardrailSteps } from '../../../rehearsal/sagemaker/guardrail-steps';
import { PracticeWorld } from './practice-world';

const size = (minimum: number, instances: number) =>
  fc.oneof(
    fc.record({
      Type: fc.constant('CAPACITY_PERCENT' as const),
      Value: fc.integer({ min: Math.max(1, minimum), max: 50 }),
    }),
    fc
      .integer({
        min: Math.max(1, Math.ceil((minimum * instances) / 100)),
        max: Math.max(1, Math.floor(instances / 2)),
      })
      .map((Value) => ({ Type: 'INSTANCE_COUNT' as const, Value })),
  );
const wait = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3600 }));
const timeout = fc.option(fc.integer({ min: 600, max: 28_800 }), { nil: undefined });
const alarms = { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'alarm' }] } };

/** Any policy that UpdateEndpoint takes for a fleet of this size. */
const deploymentConfig = (instances: number): fc.Arbitrary<DeploymentConfig> => {
  const blueGreen = (
    traffic: fc.Arbitrary<NonNullable<DeploymentConfig['BlueGreenUpdatePolicy']>['TrafficRoutingConfiguration']>,
  ) =>
    fc.record({ traffic, last: wait, timeout }).map(({ traffic, last, timeout }) => ({
      ...alarms,
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: traffic,
        TerminationWaitInSeconds: last,
        MaximumExecutionTimeoutInSeconds: timeout,
      },
    }));
  const rolling = fc
    .record({ batch: size(5, instances), wait, timeout, back: fc.option(size(5, instances), { nil: undefined }) })
    .map(({ batch, wait, timeout, back }) => ({
      ...alarms,
      RollingUpdatePolicy: {
        MaximumBatchSize: batch,
        WaitIntervalInSeconds: wait,
        MaximumExecutionTimeoutInSeconds: timeout,
        RollbackMaximumBatchSize: back,
      },
    }));
  return fc.oneof(
    blueGreen(fc.record({ Type: fc.constant('ALL_AT_ONCE' as const), WaitIntervalInSeconds: wait })),
    blueGreen(
      fc.record({ Type: fc.constant('CANARY' as const), WaitIntervalInSeconds: wait, CanarySize: size(0, instances) }),
    ),
    blueGreen(
      fc.record({
        Type: fc.constant('LINEAR' as const),
        WaitIntervalInSeconds: wait,
        LinearStepSize: size(10, instances),
      }),
    ),
    rolling,
  );
};

const knobs = fc.record(
  Object.fromEntries(Object.entries(KNOBS).map(([name, { settings }]) => [name, fc.constantFrom(...settings)])),
) as unknown as fc.Arbitrary<Knobs>;

const update = fc.integer({ min: 2, max: 20 }).chain((instances) =>
  fc.record({
    instances: fc.constant(instances),
    config: deploymentConfig(instances),
    knobs,
    seed: fc.nat(),
    startup: fc.constantFrom<Startup>('healthy', 'healthy', 'healthy', 'crashes', 'noCapacity'),
    /** States of the alarm, by seconds after the update began. */
    alarm: fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 15_000 }),
        state: fc.constantFrom<AlarmState>('OK', 'ALARM', 'INSUFFICIENT_DATA'),
      }),
      { maxLength: 4 },
    ),
  }),
);

type Given = typeof update extends fc.Arbitrary<infer G> ? G : never;

async function play({ instances, config, knobs, seed, startup, alarm }: Given) {
  const world = new PracticeWorld({ seed, knobs });
  await world.serving(instances);
  world.alarms.set('alarm', 'OK');
  world.startup = ({ endpointConfigName }) => (endpointConfigName === 'new' ? startup : 'healthy');
  for (const { at, state } of alarm) world.clock.after(1000 * at, () => world.alarms.set('alarm', state));
  world.sagemaker.updateEndpoint({ EndpointName: 'fraud', EndpointConfigName: 'new', DeploymentConfig: config });
  await world.settle();
  return world;
}

describe('any update, under any knobs, whatever the alarm does', () => {
  test('keeps the invariants: shares sum to 100, nobody serves who is not up, what is said to serve serves', async () => {
    await fc.assert(
      fc.asyncProperty(update, async (given) => {
        const world = await play(given);
        expect(violations(world.log.events)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('ends in service with one config that serves everything, or says that the rollback failed', async () => {
    await fc.assert(
      fc.asyncProperty(update, async (given) => {
        const world = await play(given);
        const { EndpointStatus, EndpointConfigName } = world.describe();
        if (EndpointStatus === 'InService') expect(world.shares()).toEqual({ [EndpointConfigName]: 100 });
        else expect(EndpointStatus).toBe('UpdateRollbackFailed');
      }),
      { numRuns: 150 },
    );
  });

  test('after a rollback the old config serves everything', async () => {
    await fc.assert(
      fc.asyncProperty(update, async (given) => {
        const world = await play(given);
        const events = world.log.events.map(({ event }) => event);
        if (!events.includes('RollbackStarted') || events.includes('UpdateRollbackFailed')) return;
        expect(world.shares()).toEqual({ old: 100 });
        const { fleets } = { fleets: world.sagemaker.router.of('fraud').shares.map(({ fleet }) => fleet.instances) };
        expect(fleets).toEqual([given.instances]);
      }),
      { numRuns: 150 },
    );
  });

  test('leaves no fleet running that nobody uses', async () => {
    await fc.assert(
      fc.asyncProperty(update, async (given) => {
        const world = await play(given);
        // A rollback that failed leaves what there is; the next update cleans up.
        if (world.describe().EndpointStatus !== 'InService') return;
        expect(await world.orphans()).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('a fleet that never comes up never gets traffic', async () => {
    await fc.assert(
      fc.asyncProperty(update, async (given) => {
        const world = await play({ ...given, startup: 'crashes' });
        const shifts = world.log.events.filter(({ event }) => event === 'TrafficShifted');
        expect(JSON.stringify(shifts.map(({ data }) => data['shares']))).not.toContain('"new"');
      }),
      { numRuns: 100 },
    );
  });

  test('is the same with the same seed', async () => {
    await fc.assert(
      fc.asyncProperty(update, async (given) => {
        const told = async () => JSON.stringify((await play(given)).log.events);
        expect(await told()).toBe(await told());
      }),
      { numRuns: 50 },
    );
  });
});

describe('the steps of any update', () => {
  test('launch exactly the new fleet, activate all of it in growing parts, and retire all of the old one', () => {
    const given = fc
      .tuple(fc.integer({ min: 2, max: 50 }), fc.integer({ min: 1, max: 50 }), knobs)
      .chain(([green, blue, knobs]) => deploymentConfig(green).map((config) => ({ green, blue, knobs, config })));
    fc.assert(
      fc.property(given, ({ green, blue, knobs, config }) => {
        const steps = guardrailSteps(config, green, blue, knobs);
        const of = (what: 'launch' | 'activate' | 'retire') =>
          steps.flatMap((step) => (step.do === what ? [step.instances] : []));
        expect(of('launch').reduce((sum, instances) => sum + instances, 0)).toBe(green);
        expect(of('activate').at(-1)).toBe(green);
        expect(of('activate')).toEqual([...new Set(of('activate'))].sort((a, b) => a - b));
        expect(of('retire').at(-1)).toBe(blue);
        let launched = 0;
        for (const step of steps) {
          if (step.do === 'launch') launched += step.instances;
          if (step.do === 'activate') expect(step.instances).toBeLessThanOrEqual(launched);
        }
      }),
    );
  });
});
