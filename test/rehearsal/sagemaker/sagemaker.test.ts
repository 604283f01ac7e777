import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Knobs } from '../../../rehearsal/knobs';
import type { DeploymentConfig } from '../../../rehearsal/sagemaker/guardrail-steps';
import { SageMakerService } from '../../../rehearsal/sagemaker/service';
import { AwsError } from '../../../rehearsal/services/aws-error';
import { PracticeWorld } from './practice-world';

const vectors = JSON.parse(readFileSync(new URL('../../vectors/deploymentconfig.json', import.meta.url), 'utf8')) as {
  apiErrorStrings: { op: string; when: string; code?: string; message?: string; messagePrefix?: string }[];
};

const canary = (further: object = {}, alarms: readonly string[] = ['alarm']): DeploymentConfig => ({
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: 'CANARY',
      CanarySize: { Type: 'INSTANCE_COUNT', Value: 1 },
      WaitIntervalInSeconds: 600,
    },
    TerminationWaitInSeconds: 600,
    ...further,
  },
  AutoRollbackConfiguration: { Alarms: alarms.map((AlarmName) => ({ AlarmName })) },
});

async function serving(knobs: Partial<Knobs> = {}, instances = 4) {
  const world = new PracticeWorld({ knobs });
  await world.serving(instances);
  world.alarms.set('alarm', 'OK');
  return world;
}

const update = (world: PracticeWorld, config: DeploymentConfig = canary(), further: object = {}) =>
  world.sagemaker.updateEndpoint({
    EndpointName: 'fraud',
    EndpointConfigName: 'new',
    DeploymentConfig: config,
    ...further,
  });

const refusal = (work: () => unknown): AwsError => {
  try {
    work();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('errors are the ones that are published', () => {
  const published = (op: string, when: string) => {
    const found = vectors.apiErrorStrings.find((one) => one.op.split('|').includes(op) && one.when.startsWith(when));
    if (found === undefined) throw new Error(`no vector for ${op}, ${when}`);
    return found;
  };
  const check = (error: AwsError, { code, message, messagePrefix }: ReturnType<typeof published>) => {
    expect(error.code).toBe(code);
    if (messagePrefix !== undefined) expect(error.message.startsWith(messagePrefix)).toBe(true);
    if (message !== undefined) {
      expect(error.message).toBe(message.replace('<arn>', 'arn:aws:sagemaker:us-east-1:123456789012:endpoint/fraud'));
    }
  };

  test('fails an update, a deletion while an update runs', async () => {
    const world = await serving();
    update(world);
    check(
      refusal(() => update(world)),
      published('UpdateEndpoint', 'endpoint not InService'),
    );
    check(
      refusal(() => world.sagemaker.deleteEndpoint({ EndpointName: 'fraud' })),
      published('DeleteEndpoint', 'endpoint not InService'),
    );
  });

  test('fails for what is not there', async () => {
    const world = await serving();
    const none = { EndpointName: 'none' };
    check(
      refusal(() => world.sagemaker.describeEndpoint(none)),
      published('DescribeEndpoint', 'no such endpoint'),
    );
    check(
      refusal(() => update(world, {}, { EndpointConfigName: 'none' })),
      published('UpdateEndpoint', 'no such config'),
    );
    check(
      refusal(() => world.sagemaker.deleteEndpointConfig({ EndpointConfigName: 'none' })),
      published('DeleteEndpointConfig', 'no such config'),
    );
    const variant = { VariantName: 'a', ModelName: 'none', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 };
    check(
      refusal(() => world.sagemaker.createEndpointConfig({ EndpointConfigName: 'x', ProductionVariants: [variant] })),
      published('CreateEndpointConfig', 'no such model'),
    );
  });

  test('fails for what is there already', async () => {
    const world = await serving();
    check(
      refusal(() => world.sagemaker.createEndpoint({ EndpointName: 'fraud', EndpointConfigName: 'old' })),
      published('CreateEndpoint', 'exists'),
    );
    check(
      refusal(() => world.sagemaker.createEndpointConfig({ EndpointConfigName: 'old', ProductionVariants: [] })),
      published('CreateEndpointConfig', 'exists'),
    );
  });

  test('fails every update once the config that serves was deleted', async () => {
    const world = await serving();
    world.sagemaker.deleteEndpointConfig({ EndpointConfigName: 'old' });
    expect(refusal(() => update(world)).message).toMatch(/^Could not find endpoint configuration .*\/old"/);
  });

  test('fails an operation that is not rehearsed, by name', async () => {
    const { sagemaker } = await serving();
    expect(() => new SageMakerService(sagemaker).invoke('CreateTrainingJob', {})).toThrow(
      'CreateTrainingJob is not rehearsed',
    );
  });
});

describe('UpdateEndpoint refuses', () => {
  const rolling = {
    RollingUpdatePolicy: { MaximumBatchSize: { Type: 'INSTANCE_COUNT', Value: 1 }, WaitIntervalInSeconds: 60 },
  };
  test.each<[string, DeploymentConfig, string]>([
    ['two policies', { ...canary(), ...rolling } as DeploymentConfig, 'Only one update policy'],
    [
      'eleven alarms',
      canary(
        {},
        Array.from({ length: 11 }, (_, i) => `a${i}`),
      ),
      'Alarms must have 1 to 10 members',
    ],
    [
      'a canary of more than half',
      canary({ TrafficRoutingConfiguration: { Type: 'CANARY', CanarySize: { Type: 'INSTANCE_COUNT', Value: 3 } } }),
      'CanarySize must be at most 50 percent',
    ],
    ['a canary without a size', canary({ TrafficRoutingConfiguration: { Type: 'CANARY' } }), 'CanarySize is required'],
    [
      'a linear step below a tenth',
      canary({
        TrafficRoutingConfiguration: { Type: 'LINEAR', LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 9 } },
      }),
      'LinearStepSize must be at least 10 percent',
    ],
  ])('%s', async (_name, config, message) => {
    const world = await serving();
    expect(refusal(() => update(world, config)).message).toContain(message);
    expect(world.describe().EndpointStatus).toBe('InService');
  });

  test('a guarded update to another variant name', async () => {
    const world = await serving();
    world.config('renamed', 4, 'other');
    expect(refusal(() => update(world, canary(), { EndpointConfigName: 'renamed' })).message).toContain('variant name');
  });

  test('another instance type for a variant that is scaled, and its removal', async () => {
    const world = await serving();
    world.sagemaker.scaled.register({
      endpointName: 'fraud',
      variantName: 'AllTraffic',
      minimum: 2,
      maximum: 8,
    });
    const variant = {
      VariantName: 'AllTraffic',
      ModelName: 'new',
      InstanceType: 'ml.c5.large',
      InitialInstanceCount: 4,
    };
    world.sagemaker.createEndpointConfig({ EndpointConfigName: 'bigger', ProductionVariants: [variant] });
    expect(refusal(() => update(world, {}, { EndpointConfigName: 'bigger' })).message).toContain(
      'instance type cannot change',
    );
    world.config('renamed', 4, 'other');
    expect(refusal(() => update(world, {}, { EndpointConfigName: 'renamed' })).message).toContain('cannot be removed');
    world.sagemaker.scaled.deregister('fraud', 'AllTraffic');
    expect(update(world, {}, { EndpointConfigName: 'bigger' })).toBeDefined();
  });
});

describe('an endpoint', () => {
  test('fails for good when its first fleet crashes', async () => {
    const world = new PracticeWorld();
    world.startup = () => 'crashes';
    await world.serving(2);
    expect(world.describe()).toMatchObject({
      EndpointStatus: 'Failed',
      FailureReason: expect.stringContaining('ping'),
    });
    expect(world.shares()).toEqual({});
    expect(refusal(() => update(world)).message).toContain('Cannot update failed endpoint');
    world.sagemaker.deleteEndpoint({ EndpointName: 'fraud' });
    expect(() => world.describe()).toThrow('Could not find endpoint');
  });

  test('goes back in silence when a new fleet crashes: InService, with the old config', async () => {
    const world = await serving();
    world.startup = ({ endpointConfigName }) => (endpointConfigName === 'new' ? 'crashes' : 'healthy');
    update(world);
    expect(world.describe()).toMatchObject({
      EndpointStatus: 'Updating',
      EndpointConfigName: 'old',
      PendingDeploymentSummary: { EndpointConfigName: 'new' },
    });
    await world.settle();
    expect(world.describe()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'old' });
    expect(world.describe().PendingDeploymentSummary).toBeUndefined();
  });

  test('serves a mix when a rolling update fails and the old instances do not come back; another update heals it', async () => {
    const world = await serving();
    const rolling: DeploymentConfig = {
      RollingUpdatePolicy: { MaximumBatchSize: { Type: 'INSTANCE_COUNT', Value: 2 }, WaitIntervalInSeconds: 300 },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'alarm' }] },
    };
    update(world, rolling);
    const lastBake = () => world.log.events.filter(({ event }) => event === 'BakingStarted').length === 2;
    await world.clock.run(
      (async () => {
        while (!lastBake()) await world.clock.sleep(1000);
      })(),
    );
    world.startup = ({ endpointConfigName }) => (endpointConfigName === 'old' ? 'noCapacity' : 'healthy');
    world.alarms.set('alarm', 'ALARM');
    await world.settle();
    expect(world.describe().EndpointStatus).toBe('UpdateRollbackFailed');
    expect(world.shares()).toEqual({ new: 100 });
    world.alarms.set('alarm', 'OK');
    world.startup = () => 'healthy';
    update(world, {}, { EndpointConfigName: 'old' });
    await world.settle();
    expect(world.describe()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'old' });
    expect(world.shares()).toEqual({ old: 100 });
    expect(await world.orphans()).toEqual([]);
  });

  test('terminates every fleet of an update of which one crashed', async () => {
    const world = await serving();
    const variant = (VariantName: string) => ({
      VariantName,
      ModelName: 'new',
      InstanceType: 'ml.m5.xlarge',
      InitialInstanceCount: 1,
    });
    const ProductionVariants = [variant('AllTraffic'), variant('second')];
    world.sagemaker.createEndpointConfig({ EndpointConfigName: 'pair', ProductionVariants });
    world.startup = ({ variantName }) => (variantName === 'second' ? 'crashes' : 'healthy');
    update(world, {}, { EndpointConfigName: 'pair' });
    await world.settle();
    expect(world.shares()).toEqual({ old: 100 });
    expect(await world.orphans()).toEqual([]);
  });

  test('keeps the count of instances it has when the update retains variant properties', async () => {
    const world = await serving({}, 4);
    world.config('smaller', 2);
    update(world, {}, { EndpointConfigName: 'smaller', RetainAllVariantProperties: true });
    await world.settle();
    expect(world.describe().ProductionVariants[0].CurrentInstanceCount).toBe(4);
    world.config('smallest', 1);
    update(world, {}, { EndpointConfigName: 'smallest' });
    await world.settle();
    expect(world.describe().ProductionVariants[0].CurrentInstanceCount).toBe(1);
  });

  test('mirrors a copy to its shadow, which serves nobody', async () => {
    const world = await serving();
    const variant = (VariantName: string, InitialVariantWeight: number) => ({
      VariantName,
      ModelName: 'new',
      InstanceType: 'ml.m5.xlarge',
      InitialInstanceCount: 1,
      InitialVariantWeight,
    });
    world.sagemaker.createEndpointConfig({
      EndpointConfigName: 'shadowed',
      ProductionVariants: [variant('AllTraffic', 1)],
      ShadowProductionVariants: [variant('shadow', 0.1)],
    });
    update(world, {}, { EndpointConfigName: 'shadowed' });
    await world.settle();
    expect(world.shares()).toEqual({ shadowed: 100 });
    expect(world.sagemaker.router.of('fraud').mirror).toMatchObject({ percent: 10, fleet: { variantName: 'shadow' } });
    const two = [variant('s1', 1), variant('s2', 1)];
    const config = { EndpointConfigName: 'two', ProductionVariants: [variant('a', 1)], ShadowProductionVariants: two };
    expect(refusal(() => world.sagemaker.createEndpointConfig(config)).message).toContain('one shadow variant');
  });
});

describe('a knob decides', () => {
  const ended = async (knobs: Partial<Knobs>, prepare: (world: PracticeWorld) => void, config = canary()) => {
    const world = await serving(knobs);
    prepare(world);
    update(world, config);
    await world.settle();
    return world;
  };
  const alarmed = (world: PracticeWorld) => world.alarms.set('alarm', 'ALARM');
  const served = (world: PracticeWorld) => world.describe().EndpointConfigName;

  test('what an alarm that is in ALARM already does', async () => {
    expect(served(await ended({}, alarmed))).toBe('old');
    expect(served(await ended({ alarmInAlarmAtUpdate: 'ignoredUntilItClears' }, alarmed))).toBe('new');
    await expect(ended({ alarmInAlarmAtUpdate: 'refuses' }, alarmed)).rejects.toThrow('is in ALARM state');
  });

  test('that an alarm which cleared and fires again counts, though it was in ALARM at first', async () => {
    const again = (world: PracticeWorld) => {
      alarmed(world);
      world.clock.after(100_000, () => world.alarms.set('alarm', 'OK'));
      world.clock.after(700_000, () => world.alarms.set('alarm', 'ALARM'));
    };
    // The watch looks at alarms from the start, so that it sees the alarm clear.
    const knobs = { alarmInAlarmAtUpdate: 'ignoredUntilItClears', alarmWatch: 'wholeUpdate' } as const;
    expect(served(await ended(knobs, again))).toBe('old');
  });

  test('what INSUFFICIENT_DATA in a bake does', async () => {
    const unknown = (world: PracticeWorld) => world.alarms.set('alarm', 'INSUFFICIENT_DATA');
    expect(served(await ended({}, unknown))).toBe('new');
    expect(served(await ended({ insufficientDataInBake: 'rollsBack' }, unknown))).toBe('old');
  });

  test('whether an alarm outside of bakes counts', async () => {
    const early = (world: PracticeWorld) => {
      world.clock.after(10_000, () => world.alarms.set('alarm', 'ALARM'));
      world.clock.after(60_000, () => world.alarms.set('alarm', 'OK'));
    };
    expect(served(await ended({}, early))).toBe('new');
    expect(served(await ended({ alarmWatch: 'wholeUpdate' }, early))).toBe('old');
  });

  test('what a missing alarm does', async () => {
    const nothing = () => {};
    expect(served(await ended({}, nothing, canary({}, ['nobody'])))).toBe('new');
    await expect(ended({ missingAlarm: 'refused' }, nothing, canary({}, ['nobody']))).rejects.toThrow('does not exist');
  });

  test('what a timeout does to the traffic', async () => {
    const short = canary({ MaximumExecutionTimeoutInSeconds: 600 });
    const back = await ended({}, () => {}, short);
    expect([back.describe().EndpointStatus, back.shares()]).toEqual(['InService', { old: 100 }]);
    const stopped = await ended({ executionTimeout: 'stops' }, () => {}, short);
    expect([stopped.describe().EndpointStatus, stopped.shares()]).toEqual([
      'UpdateRollbackFailed',
      { old: 75, new: 25 },
    ]);
  });

  test('whether a rolling rollback waits for the old instances', async () => {
    const rolling: DeploymentConfig = {
      RollingUpdatePolicy: { MaximumBatchSize: { Type: 'INSTANCE_COUNT', Value: 2 }, WaitIntervalInSeconds: 300 },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'alarm' }] },
    };
    const back = async (rollingRollback: Knobs['rollingRollback']) => {
      const world = await ended({ rollingRollback }, (w) => w.clock.after(900_000, () => alarmed(w)), rolling);
      const order = world.log.events.map(({ event }) => event);
      const rollback = order.indexOf('RollbackStarted');
      return order.indexOf('TrafficShifted', rollback) < order.indexOf('FleetUp', rollback);
    };
    expect(await back('afterCapacity')).toBe(false);
    expect(await back('atOnce')).toBe(true);
  });

  test('how long an update may take that does not say', async () => {
    const long = canary({ TerminationWaitInSeconds: 3600 });
    expect(served(await ended({}, () => {}, long))).toBe('new');
    expect(served(await ended({ defaultTimeoutSeconds: 3600 }, () => {}, long))).toBe('old');
  });

  test('what an update to the config that serves does', async () => {
    const again = async (updateToServedConfig: Knobs['updateToServedConfig']) => {
      const world = await serving({ updateToServedConfig });
      const before = world.log.events.length;
      update(world, canary(), { EndpointConfigName: 'old' });
      await world.settle();
      expect(world.shares()).toEqual({ old: 100 });
      return world.log.events.slice(before).some(({ event }) => event === 'FleetLaunching');
    };
    expect(await again('noOp')).toBe(false);
    expect(await again('full')).toBe(true);
    await expect(again('refused')).rejects.toThrow('uses this endpoint configuration already');
  });

  test('what is seen from outside during and after a rollback', async () => {
    const statuses = (world: PracticeWorld) => JSON.stringify(world.events);
    const back = await ended({}, alarmed);
    expect(statuses(back)).not.toContain('ROLLING_BACK');
    expect(back.describe().FailureReason).toContain('alarm is in ALARM');
    const other = await ended({ rollbackStatus: 'RollingBack', failureReasonAfterRollback: 'absent' }, alarmed);
    expect(statuses(other)).toContain('ROLLING_BACK');
    expect(other.describe().FailureReason).toBeUndefined();
  });

  test('how old a reply of DescribeEndpoint may be', async () => {
    const world = await serving({ describeStaleSeconds: 30 });
    await world.clock.run(world.clock.sleep(60_000));
    update(world);
    expect(world.describe().EndpointStatus).toBe('InService');
    await world.clock.run(world.clock.sleep(31_000));
    expect(world.describe().EndpointStatus).toBe('Updating');
  });
});

describe('UpdateEndpointWeightsAndCapacities', () => {
  async function split(knobs: Partial<Knobs> = {}) {
    const world = await serving(knobs);
    const variant = (VariantName: string, InitialVariantWeight: number) => ({
      VariantName,
      ModelName: VariantName === 'a' ? 'old' : 'new',
      InstanceType: 'ml.m5.xlarge',
      InitialInstanceCount: 2,
      InitialVariantWeight,
    });
    const ProductionVariants = [variant('a', 1), variant('b', 0)];
    world.sagemaker.createEndpointConfig({ EndpointConfigName: 'split', ProductionVariants });
    update(world, {}, { EndpointConfigName: 'split' });
    await world.settle();
    return world;
  }
  const weights = (world: PracticeWorld, a: number, b: number, further: object = {}) =>
    world.sagemaker.updateEndpointWeightsAndCapacities({
      EndpointName: 'fraud',
      DesiredWeightsAndCapacities: [
        { VariantName: 'a', DesiredWeight: a },
        { VariantName: 'b', DesiredWeight: b, ...further },
      ],
    });
  const percents = (world: PracticeWorld) =>
    world.sagemaker.router.of('fraud').shares.map(({ fleet, percent }) => [fleet.variantName, percent]);

  test('a weight of zero gets nothing, and weights become shares after a while', async () => {
    const world = await split({ weightsApplySeconds: 60 });
    expect(percents(world)).toEqual([['a', 100]]);
    weights(world, 95, 5);
    await world.clock.run(world.clock.sleep(30_000));
    expect(percents(world)).toEqual([['a', 100]]);
    expect(world.describe()).toMatchObject({
      EndpointStatus: 'Updating',
      ProductionVariants: [
        { CurrentWeight: 1, DesiredWeight: 95 },
        { CurrentWeight: 0, DesiredWeight: 5 },
      ],
    });
    await world.settle();
    expect(percents(world)).toEqual([
      ['a', 95],
      ['b', 5],
    ]);
    expect(world.describe().EndpointStatus).toBe('InService');
  });

  test('fails while an update runs, for an unknown variant, and when nothing would serve', async () => {
    const world = await split();
    expect(refusal(() => weights(world, 0, 0)).message).toContain('weight above 0');
    const DesiredWeightsAndCapacities = [{ VariantName: 'c', DesiredWeight: 1 }];
    const unknown = () =>
      world.sagemaker.updateEndpointWeightsAndCapacities({ EndpointName: 'fraud', DesiredWeightsAndCapacities });
    expect(refusal(unknown).message).toContain('"c"');
    weights(world, 1, 1);
    expect(refusal(() => weights(world, 1, 2)).message).toMatch(/^Cannot update in-progress endpoint/);
  });

  test('instances come and go; without capacity the old count stays, and the weights have moved', async () => {
    const world = await split();
    weights(world, 1, 1, { DesiredInstanceCount: 4 });
    await world.settle();
    expect(world.describe().ProductionVariants[1]).toMatchObject({ CurrentInstanceCount: 4, DesiredInstanceCount: 4 });
    world.startup = () => 'noCapacity';
    weights(world, 3, 1, { DesiredInstanceCount: 8 });
    await world.settle();
    expect(world.describe().ProductionVariants[1]).toMatchObject({ CurrentInstanceCount: 4, DesiredInstanceCount: 4 });
    expect(percents(world)).toEqual([
      ['a', 75],
      ['b', 25],
    ]);
  });

  test('weights are lost in the next update unless they are retained', async () => {
    const world = await split();
    weights(world, 3, 1);
    await world.settle();
    const again = (EndpointConfigName: string) => {
      const { ProductionVariants } = world.sagemaker.describeEndpointConfig({ EndpointConfigName: 'split' });
      world.sagemaker.createEndpointConfig({ EndpointConfigName, ProductionVariants });
      return EndpointConfigName;
    };
    update(world, {}, { EndpointConfigName: again('kept'), RetainAllVariantProperties: true });
    await world.settle();
    expect(percents(world)).toEqual([
      ['a', 75],
      ['b', 25],
    ]);
    update(world, {}, { EndpointConfigName: again('lost') });
    await world.settle();
    expect(percents(world)).toEqual([['a', 100]]);
  });
});
