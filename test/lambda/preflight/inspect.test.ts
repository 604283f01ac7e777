import { beforeEach, describe, expect, test } from 'vitest';
import type { Fetched, LiveEndpoint, Spec } from '../../../decision';
import { type Inspection, inspect } from '../../../lambda/preflight/inspect';
import { MemoryRecord } from '../fence/memory-record';

const registry = '123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud';
const archive = (version: string) => `s3://artefacts/fraud/${version}/model.tar.gz`;
const LAUNCHED = '2026-01-01T00:00:00.000Z';

const spec = (version: string): Spec => ({
  schemaVersion: 1,
  endpoint: 'fraud',
  digest: version,
  modelName: `fraud-${version}`,
  variant: {},
  initialInstanceCount: 2,
  tags: [],
  plan: { schemaVersion: 1, strategy: 'staged', phases: [], onUndecided: 'stay', retainPrevious: true },
  gates: [],
  alarms: { a: [], b: ['fraud-b'] },
  adoptExistingEndpoint: false,
  sources: { images: [`${registry}:${version}`, 'private.registry/fraud:v1'], archives: [archive(version)] },
});

const served = (images: LiveEndpoint['variants'][number]['images']): LiveEndpoint => ({
  status: 'InService',
  configName: 'old',
  pending: false,
  variants: [{ name: 'a', currentWeight: 1, desiredWeight: 1, currentCount: 2, desiredCount: 2, images }],
  shadows: [],
});

describe('preflight', () => {
  let record: MemoryRecord;
  let world: Map<string, Fetched>;
  let levels: Map<string, string>;
  let request: Inspection;
  let clock = 0;

  beforeEach(() => {
    clock = 0;
    record = new MemoryRecord();
    record.items.set('ENDPOINT#fraud/CHAMPION', { digest: 'v1', variant: 'a' });
    record.items.set('ENDPOINT#fraud/VERSION#v1', { status: 'live', rolloutId: 'r-1' });
    record.items.set('ENDPOINT#fraud/ROLLOUT#r-1', { spec: JSON.stringify(spec('v1')), startedAt: LAUNCHED });
    world = new Map<string, Fetched>([
      [`${registry}:v1`, { kind: 'found', value: 'sha256:1111' }],
      [`${registry}:v2`, { kind: 'found', value: 'sha256:2222' }],
      [archive('v1'), { kind: 'found', value: '2025-12-31T00:00:00.000Z' }],
      [archive('v2'), { kind: 'found', value: '2026-01-05T00:00:00.000Z' }],
    ]);
    levels = new Map([['fraud-b', 'OK']]);
    request = {
      endpoint: 'fraud',
      rolloutId: 'r-2',
      live: served([{ specified: `${registry}:v1`, resolved: `${registry}@sha256:1111` }]),
      champion: 'a',
      challenger: 'b',
      spec: spec('v2'),
      resumed: false,
      elapsedSeconds: 0,
    };
  });

  const fetched = async (name: string): Promise<Fetched> => {
    const found = world.get(name);
    if (found === undefined) throw new Error(`${name} must not be asked for`);
    return found;
  };
  const ask = (change: Partial<Inspection> = {}) =>
    inspect(
      { record, now: () => clock, imageDigest: fetched, writtenAt: fetched, alarmLevels: async () => levels },
      { ...request, ...change },
    );

  const beside = (name: string, weight: number) => ({
    name,
    currentWeight: weight,
    desiredWeight: weight,
    currentCount: 1,
    desiredCount: 1,
  });

  test.each<[string, Partial<LiveEndpoint>, boolean, RegExp | undefined]>([
    ['the variant of the rollout before', { variants: [beside('b', 0)] }, false, undefined],
    [
      'the same with traffic, of an endpoint that was taken over',
      { variants: [beside('b', 1)] },
      true,
      /^variant b has 50 %/,
    ],
    ['the same without', { variants: [beside('b', 0)] }, true, undefined],
    [
      'a variant of somebody else',
      { variants: [beside('c', 3)] },
      false,
      /^variant c has 75 % of the traffic, and an update/,
    ],
    ['the same without traffic', { variants: [beside('c', 0)] }, false, /^variant c has 0 % of the traffic/],
    [
      'a shadow of somebody else',
      { shadows: [beside('shadow', 1)] },
      true,
      /^variant shadow is a shadow, and an update/,
    ],
    ['the shadow of a rollout before', { shadows: [beside('b', 1)] }, false, undefined],
  ])('beside what serves: %s', async (_, { variants = [], shadows = [] }, taken, refused) => {
    if (taken) record.items.delete('ENDPOINT#fraud/CHAMPION');
    const { live } = request;
    const asked = ask({ live: { ...live, variants: [...live.variants, ...variants], shadows } });
    if (refused === undefined) expect(await asked).toMatchObject({ settled: true });
    else
      await expect(asked).rejects.toMatchObject({ name: 'PreflightRefused', message: expect.stringMatching(refused) });
    const waived = ask({ resumed: true, live: { ...live, variants: [...live.variants, ...variants], shadows } });
    expect(await waived).toMatchObject({ settled: true });
  });

  test('is ready when a launch would fetch what serves, and remembers what serves', async () => {
    expect(await ask()).toMatchObject({ settled: true, fullCount: 2, configBefore: 'old' });
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'the tag of what serves was moved',
      () => world.set(`${registry}:v1`, { kind: 'found', value: 'sha256:9999' }),
      /fraud:v1 was moved: sha256:1111 serves, and a launch would fetch sha256:9999$/,
    ],
    [
      'the archive of what serves was written again',
      () => world.set(archive('v1'), { kind: 'found', value: '2026-01-02T00:00:00.000Z' }),
      /archive s3:.*v1.* was written at 2026-01-02T.*, after the version that serves it was launched/,
    ],
    [
      'SageMaker does not say which image serves',
      () => Object.assign(request, { live: served([]) }),
      /cannot be compared/,
    ],
    ['the new image is not there', () => world.set(`${registry}:v2`, { kind: 'missing' }), /fraud:v2 is not there/],
    [
      'the new archive is not there',
      () => world.set(archive('v2'), { kind: 'missing' }),
      /v2\/model.tar.gz is not there/,
    ],
    [
      'a registry refuses to say',
      () => world.set(`${registry}:v1`, { kind: 'unreadable', why: 'not authorized' }),
      /image .*fraud:v1 cannot be read: not authorized/,
    ],
  ])('fails when %s', async (_, spoil, message) => {
    spoil();
    await expect(ask()).rejects.toMatchObject({ name: 'PreflightRefused', message: expect.stringMatching(message) });
  });

  test('fails with everything that it has found', async () => {
    world.set(`${registry}:v2`, { kind: 'missing' });
    world.set(archive('v2'), { kind: 'missing' });
    levels.set('fraud-b', 'ALARM');
    await expect(ask()).rejects.toMatchObject({
      message: expect.stringMatching(/fraud:v2.*; archive .*; alarm fraud-b/),
    });
  });

  test('fails when AWS has no answer at all: that is asked again', async () => {
    world.delete(archive('v2'));
    await expect(ask()).rejects.not.toMatchObject({ name: 'PreflightRefused' });
  });

  test('compares nothing with an endpoint that was taken over: nobody knows what it was made of', async () => {
    record.items.delete('ENDPOINT#fraud/CHAMPION');
    world.delete(`${registry}:v1`);
    expect(await ask()).toMatchObject({ settled: true });
  });

  test('waits for an alarm to come to rest, and fails when it does not', async () => {
    levels.set('fraud-b', 'ALARM');
    expect(await ask({ elapsedSeconds: 1799 })).toMatchObject({ settled: false });
    await expect(ask({ elapsedSeconds: 1800 })).rejects.toMatchObject({
      name: 'PreflightRefused',
      message: 'alarm fraud-b must be quiet, and is ALARM',
    });
    levels.delete('fraud-b');
    await expect(ask({ elapsedSeconds: Number.NaN })).rejects.toMatchObject({
      message: 'alarm fraud-b must be quiet, and is not there',
    });
  });

  test('an alarm without data is quiet: its variant does not serve yet', async () => {
    levels.set('fraud-b', 'INSUFFICIENT_DATA');
    expect(await ask()).toMatchObject({ settled: true });
  });

  test('what a person has waived, and what runs already, is not asked for again', async () => {
    world.set(`${registry}:v1`, { kind: 'missing' });
    expect(await ask({ resumed: true })).toMatchObject({ settled: true });
    record.items.set('ROLLOUT#r-2/PREFLIGHT', { waivedAt: LAUNCHED });
    expect(await ask()).toMatchObject({ settled: true });
  });

  describe('in a change window from 8 to 16', () => {
    const changeWindow = { days: [1, 2, 3, 4, 5], fromHour: 8, toHour: 16 };
    const at = (time: string) => {
      clock = Date.parse(time);
      Object.assign(request, { spec: { ...spec('v2'), plan: { ...spec('v2').plan, changeWindow } } });
    };

    test('waits until it opens, and asks nothing before', async () => {
      at('2026-11-23T06:30:00Z');
      world.clear();
      expect(await ask()).toMatchObject({ settled: false, waitSeconds: 5400 });
    });

    test('is ready within it', async () => {
      at('2026-11-23T08:00:00Z');
      expect(await ask()).toMatchObject({ settled: true });
    });

    test('a person who resumes a rollout need not wait for it: no traffic moves by that', async () => {
      at('2026-11-23T06:30:00Z');
      expect(await ask({ resumed: true })).toMatchObject({ settled: true });
    });
  });
});
