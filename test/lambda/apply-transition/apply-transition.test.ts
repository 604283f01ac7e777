import { beforeEach, describe, expect, test } from 'vitest';
import type { LiveEndpoint, LiveVariant, Spec } from '../../../decision';
import { applyTransition } from '../../../lambda/apply-transition/apply-transition';
import type { TransitionPorts, VariantChange } from '../../../lambda/apply-transition/ports';
import { namedError } from '../../../lambda/aws/named-error';

const spec: Spec = {
  schemaVersion: 1,
  endpoint: 'fraud',
  digest: 'd2d2d2d2d2',
  modelName: 'fraud-v2',
  variant: { InstanceType: 'ml.m5.xlarge' },
  initialInstanceCount: 4,
  dataCapture: { EnableCapture: true },
  tags: [{ Key: 'team', Value: 'risk' }],
  plan: {
    schemaVersion: 1,
    strategy: 'staged',
    phases: [
      { kind: 'before', deadline: 'PT1H' },
      { kind: 'shadow', samplingPercent: 10, minimumRequests: 10_000, bake: 'PT48H', deadline: 'P7D' },
      { kind: 'stage', percent: 25, bake: 'PT24H', deadline: 'PT48H' },
      { kind: 'watch', bake: 'PT72H', holdbackPercent: 0 },
    ],
    onUndecided: 'stay',
    retainPrevious: true,
  },
  gates: [],
  alarms: { a: [], b: [] },
  adoptExistingEndpoint: false,
};

/** An endpoint that does at once what it is told, and writes down what it was told. */
class Endpoint {
  public calls: string[] = [];
  public configs = new Map<string, object>([
    ['old', { ProductionVariants: [{ VariantName: 'a', ModelName: 'fraud-v1', InstanceType: 'ml.m5.large' }] }],
  ]);
  public live: LiveEndpoint | undefined = {
    status: 'InService',
    configName: 'old',
    pending: false,
    variants: [variant('a', 100, 4)],
    shadows: [],
  };

  public describe = async () => this.live;
  public config = async (name: string) => this.configs.get(name) ?? {};
  public createConfig = async (config: { EndpointConfigName: string }) => {
    this.calls.push(`config ${config.EndpointConfigName}`);
    this.configs.set(config.EndpointConfigName, config);
  };
  public deleteConfig = async (name: string) => {
    if (name === this.undeletable) throw new Error('denied');
    if (this.configs.delete(name)) this.calls.push(`delete ${name}`);
  };
  public remove = async () => {
    this.calls.push('delete the endpoint');
    this.live = undefined;
  };
  public undeletable = '';
  /** Tags that it was given before each update. */
  public marked: object[] = [];
  public mark = async (_: string, tags: readonly object[]) => void this.marked.push(...tags);
  public create = async (_: string, configName: string) => {
    this.calls.push(`create ${configName}`);
    await this.update('', configName);
    this.calls.pop();
  };
  public update = async (_: string, configName: string) => {
    this.calls.push(`update ${configName}`);
    const config = this.configs.get(configName) as { ProductionVariants: Record<string, never>[] };
    const variants = config.ProductionVariants.map((v) =>
      variant(v['VariantName'], v['InitialVariantWeight'], v['InitialInstanceCount']),
    );
    this.live = { status: 'InService', configName, pending: false, variants, shadows: [] };
  };
  public change = async (_: string, changes: readonly VariantChange[]) => {
    this.calls.push(changes.map(({ name, weight, count }) => `${name} ${weight ?? `${count} instances`}`).join(', '));
    const live = this.live as LiveEndpoint;
    const variants = live.variants.map((each) => {
      const { weight, count } = changes.find(({ name }) => name === each.name) ?? {};
      return variant(each.name, weight ?? each.desiredWeight, count ?? each.desiredCount);
    });
    this.live = { ...live, variants };
  };
}

function variant(name: string, weight: number, count: number): LiveVariant {
  return { name, currentWeight: weight, desiredWeight: weight, currentCount: count, desiredCount: count };
}

const refuse = async (): Promise<never> => {
  throw new Error('nothing is scaled here');
};
/** Application Auto Scaling, for endpoints that are not scaled: nobody may ask it for anything. */
const nothing: TransitionPorts['scaling'] = { scaled: refuse, scale: refuse, follow: refuse, leave: refuse };

describe('applyTransition', () => {
  let endpoint: Endpoint;
  let ports: TransitionPorts;
  let lock: { rolloutId: string; epoch: number; champion: string; challenger: string; fullCount: number };
  let rollouts: { [name: string]: string | number }[] = [];
  const base = { endpoint: 'fraud', rolloutId: 'r-2', epoch: 3 };

  beforeEach(() => {
    endpoint = new Endpoint();
    rollouts = [];
    lock = { rolloutId: 'r-2', epoch: 3, champion: 'a', challenger: 'b', fullCount: 4 };
    ports = {
      endpoints: endpoint,
      record: {
        lock: async () => lock,
        note: async () => lock,
        get: async () => ({ spec: JSON.stringify(spec) }),
        list: async () => rollouts,
      },
      scaling: nothing,
      now: () => 0,
    };
  });

  /** Calls a step until it is settled, as the state machine does. */
  async function drive(event: object): Promise<string[]> {
    endpoint.calls = [];
    let carried: object = { fullCount: 4, configBefore: endpoint.live?.configName };
    for (let i = 0; i < 10; i++) {
      const answer = await applyTransition(ports)({ ...base, ...carried, ...event });
      if (answer.settled) return endpoint.calls;
      carried = answer;
    }
    throw new Error(`never settled: ${endpoint.calls.join('; ')}`);
  }

  test('launches both variants, then gives the challenger instances, then its share', async () => {
    expect(await drive({ action: 'enter', phaseIndex: 2 })).toEqual([
      'config fraud-d2d2d2d2-3-split',
      'update fraud-d2d2d2d2-3-split',
      'a 75, b 25',
    ]);
    expect(await drive({ action: 'enter', phaseIndex: 3 })).toEqual(['b 4 instances', 'a 0, b 100']);
  });

  test('gives the endpoint the tags of its deployment with an update, and at no other time', async () => {
    await drive({ action: 'enter', phaseIndex: 2 });
    expect(endpoint.marked).toEqual([{ Key: 'team', Value: 'risk' }]);
    await drive({ action: 'enter', phaseIndex: 3 });
    expect(endpoint.marked).toHaveLength(1);
  });

  test('copies the champion from the config that serves it, and takes the rest from the spec', async () => {
    await drive({ action: 'enter', phaseIndex: 2 });
    expect(endpoint.configs.get('fraud-d2d2d2d2-3-split')).toEqual({
      EndpointConfigName: 'fraud-d2d2d2d2-3-split',
      ProductionVariants: [
        {
          VariantName: 'a',
          ModelName: 'fraud-v1',
          InstanceType: 'ml.m5.large',
          InitialInstanceCount: 4,
          InitialVariantWeight: 100,
        },
        {
          VariantName: 'b',
          ModelName: 'fraud-v2',
          InstanceType: 'ml.m5.xlarge',
          InitialInstanceCount: 1,
          InitialVariantWeight: 0,
        },
      ],
      DataCaptureConfig: { EnableCapture: true },
      Tags: [{ Key: 'team', Value: 'risk' }],
    });
  });

  test('puts a shadow beside the champion, and gives it no live traffic', async () => {
    expect(await drive({ action: 'enter', phaseIndex: 1 })).toEqual([
      'config fraud-d2d2d2d2-3-shadow',
      'update fraud-d2d2d2d2-3-shadow',
    ]);
    expect(endpoint.configs.get('fraud-d2d2d2d2-3-shadow')).toMatchObject({
      ProductionVariants: [{ VariantName: 'a' }],
      ShadowProductionVariants: [{ VariantName: 'b', InitialVariantWeight: 10, InitialInstanceCount: 4 }],
    });
  });

  test('changes nothing in a phase before anything is launched', async () => {
    expect(await drive({ action: 'enter', phaseIndex: 0 })).toEqual([]);
  });

  test('gives everything back, and puts the challenger to rest', async () => {
    await drive({ action: 'enter', phaseIndex: 2 });
    expect(await drive({ action: 'restore' })).toEqual(['a 100, b 0']);
    expect(await drive({ action: 'shrink' })).toEqual([]);
  });

  test('finalises: the old variant rests at one instance, the new one has everything', async () => {
    await drive({ action: 'enter', phaseIndex: 3 });
    expect(await drive({ action: 'finalise' })).toEqual(['a 1 instances']);
    expect(endpoint.live?.variants).toEqual([variant('a', 0, 1), variant('b', 100, 4)]);
  });

  describe('retirement, when it finalises', () => {
    const ended = (n: number, outcome?: string) => ({
      rolloutId: `r-${n}`,
      digest: `d${n}d${n}d${n}d${n}`,
      epoch: n,
      startedAt: `2026-01-0${n}`,
      ...(outcome === undefined ? {} : { outcome }),
    });
    const old = (n: number, kind: string) => `fraud-d${n}d${n}d${n}d${n}-${n}-${kind}`;

    beforeEach(async () => {
      await drive({ action: 'enter', phaseIndex: 3 });
      for (const name of [old(1, 'single'), old(1, 'split'), old(3, 'split'), old(4, 'split'), 'fraud-by-hand']) {
        endpoint.configs.set(name, { ProductionVariants: [] });
      }
    });

    test('deletes the configs of rollouts that have ended, and no others', async () => {
      const live = endpoint.live?.configName;
      rollouts = [ended(1, 'promoted'), ended(4, 'rolledBack'), { ...ended(3, 'promoted'), rolloutId: 'r-2' }];
      expect((await drive({ action: 'finalise' })).sort()).toEqual([
        'a 1 instances',
        `delete ${old(1, 'single')}`,
        `delete ${old(1, 'split')}`,
        `delete ${old(4, 'split')}`,
      ]);
      expect([...endpoint.configs.keys()].sort()).toEqual(['fraud-by-hand', live, 'old', old(3, 'split')].sort());
    });

    test('leaves a rollout alone that has not ended, is held, or says no epoch', async () => {
      const { epoch: _, ...unknown } = ended(4, 'promoted');
      rollouts = [ended(1), ended(1, 'held'), unknown];
      expect(await drive({ action: 'finalise' })).toEqual(['a 1 instances']);
    });

    test('looks back to the rollout that brought what served before, however many have failed since', async () => {
      const failed = [2, 3, 4, 5, 6, 7, 8].map((n) => ended(n, 'rolledBack'));
      rollouts = [ended(1, 'promoted'), ...failed];
      expect((await drive({ action: 'finalise' })).sort()).toEqual([
        'a 1 instances',
        `delete ${old(1, 'single')}`,
        `delete ${old(1, 'split')}`,
        `delete ${old(3, 'split')}`,
        `delete ${old(4, 'split')}`,
      ]);
    });

    test('never deletes what serves, whatever the record says of it', async () => {
      const live = endpoint.live?.configName ?? '';
      rollouts = [{ ...ended(1, 'rolledBack'), digest: spec.digest, epoch: base.epoch }];
      await drive({ action: 'finalise' });
      expect(endpoint.configs.has(live)).toBe(true);
    });

    test('holds nothing up that cannot be deleted or read: the next rollout tries again', async () => {
      rollouts = [ended(1, 'promoted')];
      endpoint.undeletable = old(1, 'split');
      expect(await drive({ action: 'finalise' })).toEqual(['a 1 instances', `delete ${old(1, 'single')}`]);
      ports = { ...ports, record: { ...ports.record, list: () => Promise.reject(new Error('denied')) } };
      const again = { ...base, action: 'finalise', fullCount: 4, configBefore: '' };
      expect(await applyTransition(ports)(again)).toMatchObject({
        settled: true,
        detail: expect.stringContaining('denied'),
      });
    });
  });

  test('does nothing twice when a reply was lost', async () => {
    const event = { ...base, action: 'enter', phaseIndex: 2, fullCount: 4, configBefore: 'old' };
    await applyTransition(ports)(event);
    endpoint.live = { ...(endpoint.live as LiveEndpoint), status: 'Updating' };
    endpoint.calls = [];
    expect(await applyTransition(ports)(event)).toMatchObject({ settled: false, detail: 'the endpoint is Updating' });
    expect(endpoint.calls).toEqual([]);
  });

  test('creates the first version with all traffic', async () => {
    endpoint.live = undefined;
    expect(await drive({ action: 'create' })).toEqual([
      'config fraud-d2d2d2d2-3-single',
      'create fraud-d2d2d2d2-3-single',
    ]);
    expect(endpoint.live).toMatchObject({ variants: [variant('a', 100, 4)] });
  });

  test('fails to create where something else serves', async () => {
    await expect(applyTransition(ports)({ ...base, action: 'create' })).rejects.toMatchObject({ name: 'NotServing' });
  });

  describe('when a first version did not come up', () => {
    let action = 'create';
    beforeEach(() => {
      action = 'create';
    });
    const nowhere = async (_: string, sk: string) =>
      sk === 'CHAMPION' ? undefined : { spec: JSON.stringify(spec), action };
    const failed = () => ({ ...(endpoint.live as LiveEndpoint), status: 'Failed' });

    test.each(['restore', 'shrink'])('%s has nothing to go back to: what failed in the making goes', async (action) => {
      ports = { ...ports, record: { ...ports.record, get: nowhere } };
      endpoint.live = undefined;
      expect(await drive({ action, fullCount: 0 })).toEqual([]);
      endpoint.live = failed();
      expect(await drive({ action, fullCount: 0 })).toEqual(['delete the endpoint']);
    });

    test('an endpoint that this rollout did not make is never deleted', async () => {
      ports = { ...ports, record: { ...ports.record, get: nowhere } };
      action = 'start';
      endpoint.live = failed();
      await expect(drive({ action: 'restore', fullCount: 0 })).rejects.toMatchObject({ name: 'NotServing' });
      expect(endpoint.calls).toEqual([]);
    });

    test('a phase before the launch needs no endpoint', async () => {
      endpoint.live = undefined;
      expect(await drive({ action: 'enter', phaseIndex: 0, fullCount: 0 })).toEqual([]);
    });

    test('fails to restore where a champion has served, or a phase was entered', async () => {
      endpoint.live = failed();
      const restoring = () => applyTransition(ports)({ ...base, action: 'restore' });
      await expect(restoring()).rejects.toMatchObject({ name: 'NotServing' });
      ports = { ...ports, record: { ...ports.record, get: nowhere } };
      const entered = applyTransition(ports)({ ...base, action: 'restore', fullCount: 4 });
      await expect(entered).rejects.toMatchObject({ name: 'NotServing' });
    });

    test('fails to restore while something serves that does not fit', async () => {
      ports = { ...ports, record: { ...ports.record, get: nowhere } };
      endpoint.live = { ...(endpoint.live as LiveEndpoint), variants: [] };
      await expect(applyTransition(ports)({ ...base, action: 'restore' })).rejects.toThrow();
    });
  });
  const failing: [string, string, () => void, object][] = [
    ['another epoch holds the lock', 'EpochLost', () => (lock.epoch = 4), {}],
    ['another rollout holds the lock', 'EpochLost', () => (lock.rolloutId = 'r-3'), {}],
    ['there is no endpoint', 'NotServing', () => (endpoint.live = undefined), {}],
    [
      'the endpoint has failed',
      'NotServing',
      () => (endpoint.live = { ...(endpoint.live as LiveEndpoint), status: 'Failed' }),
      {},
    ],
    ['the plan has no such phase', 'SpecUnreadable', () => undefined, { phaseIndex: 9 }],
    ['the lock names a third variant', 'SpecUnreadable', () => (lock.champion = 'c'), {}],
    ['the event is none', 'EventUnreadable', () => undefined, { action: 'promote' }],
    ['the event has no epoch', 'EventUnreadable', () => undefined, { epoch: undefined }],
    ['there is no spec', 'SpecUnreadable', () => Object.assign(ports.record, { get: async () => undefined }), {}],
    [
      'a person put another config',
      'DriftFound',
      () => (endpoint.live = { ...(endpoint.live as LiveEndpoint), configName: 'console' }),
      {},
    ],
    ['the champion is gone', 'DriftFound', () => endpoint.configs.set('old', { ProductionVariants: [] }), {}],
  ];
  test.each(failing)('fails when %s', async (_, name, spoil, change) => {
    spoil();
    const event = { ...base, action: 'enter', phaseIndex: 2, fullCount: 4, configBefore: 'old', ...change };
    await expect(applyTransition(ports)(event)).rejects.toMatchObject({ name });
    expect(endpoint.calls).toEqual([]);
  });

  test('fails to put a variant to rest that still has traffic', async () => {
    await drive({ action: 'enter', phaseIndex: 2 });
    await expect(applyTransition(ports)({ ...base, action: 'shrink' })).rejects.toMatchObject({ name: 'DriftFound' });
  });

  test('lets an error of SageMaker through under its name', async () => {
    endpoint.change = async () => {
      throw namedError('EndpointBusy', 'Cannot update in-progress endpoint');
    };
    await expect(drive({ action: 'enter', phaseIndex: 2 })).rejects.toMatchObject({ name: 'EndpointBusy' });
  });
});
