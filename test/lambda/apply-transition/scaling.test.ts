import { beforeEach, describe, expect, test } from 'vitest';
import type { LiveEndpoint, LiveVariant, Spec } from '../../../decision';
import { applyTransition } from '../../../lambda/apply-transition/apply-transition';
import type { TransitionPorts, VariantChange } from '../../../lambda/apply-transition/ports';
import type { Scaled } from '../../../lambda/aws/auto-scaling';

const scaling = { minimum: 2, maximum: 8, policy: { TargetValue: 100 } };
const spec: Partial<Spec> = {
  schemaVersion: 1,
  digest: 'd2d2d2d2d2',
  modelName: 'fraud-v2',
  variant: { InstanceType: 'ml.m5.xlarge' },
  initialInstanceCount: 4,
  tags: [],
  scaling,
  plan: {
    schemaVersion: 1,
    strategy: 'staged',
    phases: [
      { kind: 'shadow', samplingPercent: 10, minimumRequests: 1, bake: 'PT1H', deadline: 'PT2H' },
      { kind: 'stage', percent: 25, bake: 'PT1H', deadline: 'PT2H' },
      { kind: 'watch', bake: 'PT1H', holdbackPercent: 0 },
    ],
    onUndecided: 'stay',
    retainPrevious: true,
  },
};
const variant = (name: string, weight: number, count: number): LiveVariant => {
  return { name, currentWeight: weight, desiredWeight: weight, currentCount: count, desiredCount: count };
};
const serving = (configName: string, ...variants: LiveVariant[]): LiveEndpoint => {
  return { status: 'InService', configName, pending: false, variants, shadows: [], modifiedAt: 0 };
};
const free: Scaled = { minimum: 2, maximum: 8, shrinks: true, grows: true };
const SPLIT = 'fraud-d2d2d2d2-3-split';
const MINUTE = 60_000;

describe('a transition of what is scaled', () => {
  let live: LiveEndpoint | undefined;
  let calls: string[];
  let scaled: Map<string, Scaled>;
  let refused = '';
  let now: number;
  let items: { [sk: string]: { [name: string]: string | number } };
  let fullCount: number;
  const base = { endpoint: 'fraud', rolloutId: 'r-2', epoch: 3, fullCount: 4, configBefore: 'old' };

  beforeEach(() => {
    [live, calls, refused, now, fullCount] = [serving('old', variant('a', 100, 6)), [], '', 60 * MINUTE, 4];
    scaled = new Map([['a', free]]);
    items = { 'ROLLOUT#r-2': { spec: JSON.stringify(spec) } };
  });

  const said = (what: string) => {
    calls.push(what);
    if (what.startsWith(refused) && refused !== '') throw Object.assign(new Error('no'), { name: 'ScalingRefused' });
  };
  const configs: { ProductionVariants: object[]; ShadowProductionVariants?: object[] }[] = [];
  const ports = (): TransitionPorts => ({
    now: () => now,
    record: {
      lock: async () => ({ rolloutId: 'r-2', epoch: 3, champion: 'a', challenger: 'b', fullCount }),
      note: async (_, changes) => {
        said(`note ${changes.fullCount}`);
        return {};
      },
      get: async (_, sk) => items[sk],
      list: async () => [],
    },
    endpoints: {
      describe: async () => live,
      config: async () => ({ ProductionVariants: [{ VariantName: 'a' }] }),
      createConfig: async (config) => void configs.push(config as never),
      deleteConfig: async () => {},
      create: async () => {},
      mark: async () => {},
      remove: async () => {},
      update: async (_, name, keeps) => said(`update ${name}${keeps ? ' keeping counts' : ''}`),
      change: async (_, changes: readonly VariantChange[]) =>
        said(changes.map(({ name, weight, count }) => `${name} ${weight ?? `${count} instances`}`).join(', ')),
    },
    scaling: {
      scaled: async (_, names) => new Map([...scaled].filter(([name]) => names.includes(name))),
      scale: async (_, name, { minimum, maximum, shrinks, grows }) => {
        said(`${name} ${minimum}-${maximum}${shrinks ? '' : ' kept'}${grows ? '' : ' still'}`);
        scaled.set(name, { minimum, maximum, shrinks, grows });
      },
      follow: async (_, name) => said(`${name} follows`),
      leave: async (_, name) => {
        said(`${name} left`);
        scaled.delete(name);
      },
    },
  });
  const step = (event: object) => applyTransition(ports())({ ...base, since: new Date(0).toISOString(), ...event });

  test('keeps the champion before anything is launched, and counts what it has', async () => {
    const { fullCount } = await step({ action: 'enter', phaseIndex: 1 });
    expect([fullCount, calls]).toEqual([6, ['a 2-8 kept', `update ${SPLIT} keeping counts`]]);
  });

  test('asked again, it keeps a champion once', async () => {
    scaled.set('a', { ...free, shrinks: false });
    await step({ action: 'enter', phaseIndex: 1 });
    expect(calls).toEqual([`update ${SPLIT} keeping counts`]);
  });

  test('launches nothing when the champion cannot be kept', async () => {
    refused = 'a 2-8';
    await expect(step({ action: 'enter', phaseIndex: 1 })).rejects.toMatchObject({ name: 'ScalingRefused' });
    expect(calls).toEqual(['a 2-8 kept']);
  });

  test("leaves the scaling of the challenger's name before its variant is launched anew", async () => {
    scaled.set('b', free);
    await step({ action: 'enter', phaseIndex: 1 });
    expect(calls).toEqual(['a 2-8 kept', 'b left', `update ${SPLIT} keeping counts`]);
  });

  test('launches a shadow as large as the champion is', async () => {
    await step({ action: 'enter', phaseIndex: 0 });
    expect(configs.at(-1)).toMatchObject({
      ProductionVariants: [{ InitialInstanceCount: 6 }],
      ShadowProductionVariants: [{ InitialInstanceCount: 6 }],
    });
    expect(calls).toEqual(['a 2-8 kept', 'update fraud-d2d2d2d2-3-shadow keeping counts']);
  });

  test('gives the challenger its instances, then its scaling, then its share', async () => {
    live = serving(SPLIT, variant('a', 100, 6), variant('b', 0, 1));
    await step({ action: 'enter', phaseIndex: 1 });
    live = serving(SPLIT, variant('a', 100, 6), variant('b', 0, 2));
    await step({ action: 'enter', phaseIndex: 1 });
    expect(calls).toEqual(['a 2-8 kept', 'b 2 instances', 'b 2-8 kept', 'b follows', 'a 75, b 25']);
  });

  test('gives no share where the scaling is refused', async () => {
    live = serving(SPLIT, variant('a', 100, 6), variant('b', 0, 2));
    refused = 'b follows';
    await expect(step({ action: 'enter', phaseIndex: 1 })).rejects.toMatchObject({ name: 'ScalingRefused' });
    expect(calls.at(-1)).toBe('b follows');
  });

  test('raises the maximum of a champion that has more than that: registering would take it away', async () => {
    scaled.set('a', { ...free, maximum: 5 });
    await step({ action: 'enter', phaseIndex: 1 });
    expect(calls[0]).toBe('a 2-6 kept');
  });

  test('gives the next share by what was noted meanwhile', async () => {
    live = serving(SPLIT, variant('a', 75, 8), variant('b', 25, 2));
    scaled.set('a', { ...free, shrinks: false });
    fullCount = 8;
    expect((await step({ action: 'enter', phaseIndex: 2 })).fullCount).toBe(8);
    expect(calls).toEqual(['b 8 instances']);
  });

  test('raises the champion: noted, then allowed, then asked for', async () => {
    live = serving(SPLIT, variant('a', 0, 4), variant('b', 100, 9));
    await step({ action: 'raise', phaseIndex: 2, fullCount: 9 });
    expect(calls).toEqual(['note 9', 'a 2-9 kept', 'a 9 instances']);
  });

  test.each([
    ['nothing for a champion that has them', serving(SPLIT, variant('a', 0, 9), variant('b', 100, 9))],
    ['nothing of a busy endpoint', { ...serving(SPLIT, variant('a', 0, 4), variant('b', 100, 9)), status: 'Updating' }],
  ])('asks %s', async (_, now) => {
    live = now;
    await step({ action: 'raise', phaseIndex: 2, fullCount: 9 });
    expect(calls).toEqual(['note 9']);
  });

  test('raises nothing that somebody else holds', async () => {
    const others = { ...ports(), record: { ...ports().record, note: async () => undefined } };
    const event = { ...base, action: 'raise', fullCount: 9 };
    await expect(applyTransition(others)(event)).rejects.toMatchObject({ name: 'EpochLost' });
    expect(calls).toEqual([]);
  });

  test('finalises in order: the old one left and shrunk, then the new one as declared, once it is seen', async () => {
    scaled.set('b', { minimum: 4, maximum: 8, shrinks: false, grows: true });
    live = serving(SPLIT, variant('a', 0, 4), variant('b', 100, 4));
    expect((await step({ action: 'finalise' })).settled).toBe(false);
    live = { ...serving(SPLIT, variant('a', 0, 1), variant('b', 100, 4)), modifiedAt: now - 9 * MINUTE };
    expect((await step({ action: 'finalise' })).settled).toBe(false);
    expect(calls).toEqual(['a left', 'a 1 instances']);
    now += 2 * MINUTE;
    expect((await step({ action: 'finalise' })).settled).toBe(true);
    expect(calls.slice(2)).toEqual(['b 2-8', 'b follows']);
  });

  test('on the way back weights come first, and what scales the challenger is held only while there is a wait', async () => {
    scaled.set('b', free);
    live = serving(SPLIT, variant('a', 0, 4), variant('b', 100, 4));
    await step({ action: 'restore' });
    expect(calls).toEqual(['a 100, b 0']);
    live = serving(SPLIT, variant('a', 50, 2), variant('b', 50, 4));
    await step({ action: 'restore' });
    expect(calls.slice(1)).toEqual(['a 4 instances', 'b 2-8 kept still', 'a 2-8 kept']);
  });

  test('a way back does not need the scaling to be heard', async () => {
    scaled.set('b', free);
    refused = 'b 2-8';
    live = serving(SPLIT, variant('a', 50, 2), variant('b', 50, 4));
    expect(await step({ action: 'restore' })).toMatchObject({ settled: false, detail: 'variant a to 4 instances' });
  });

  const back = { action: 'shrink', exposed: true };

  test('the challenger is left before it is shrunk, and the champion is free once its traffic is seen', async () => {
    Object.assign(items, {
      CHAMPION: { digest: 'd1' },
      'VERSION#d1': { rolloutId: 'r-1' },
      'ROLLOUT#r-1': { spec: JSON.stringify({ ...spec, scaling: { ...scaling, maximum: 6 } }) },
    });
    scaled.set('b', free);
    live = serving(SPLIT, variant('a', 100, 4), variant('b', 0, 4));
    await step(back);
    live = { ...serving(SPLIT, variant('a', 100, 4), variant('b', 0, 1)), modifiedAt: now - 9 * MINUTE };
    expect((await step(back)).settled).toBe(false);
    expect(calls).toEqual(['b left', 'b 1 instances']);
    now += 2 * MINUTE;
    expect((await step(back)).settled).toBe(true);
    expect(calls.slice(2)).toEqual(['a 2-6', 'a follows']);
  });

  test('a champion of which nothing is written down is only let go', async () => {
    scaled.set('a', { minimum: 3, maximum: 9, shrinks: false, grows: true });
    await step({ action: 'shrink', exposed: false });
    expect(calls).toEqual(['a 3-9']);
  });

  test('with traffic of the challenger nothing is left and nobody is free', async () => {
    scaled.set('b', free);
    live = serving(SPLIT, variant('a', 90, 4), variant('b', 10, 4));
    await expect(step(back)).rejects.toMatchObject({ name: 'DriftFound' });
    expect(calls).toEqual([]);
  });

  test('a first version is scaled as declared once it serves', async () => {
    live = { ...serving('fraud-d2d2d2d2-3-single', variant('a', 100, 4)), status: 'Creating' };
    await step({ action: 'create' });
    expect(calls).toEqual([]);
    live = serving('fraud-d2d2d2d2-3-single', variant('a', 100, 4));
    expect((await step({ action: 'create' })).settled).toBe(true);
    expect(calls).toEqual(['a 2-8', 'a follows']);
  });
});
