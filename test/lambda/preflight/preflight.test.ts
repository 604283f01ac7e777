import { beforeEach, describe, expect, test } from 'vitest';
import type { LiveEndpoint } from '../../../decision';
import type { PreflightPorts } from '../../../lambda/preflight/ports';
import { preflight } from '../../../lambda/preflight/preflight';
import { MemoryRecord } from '../fence/memory-record';

const plan = { schemaVersion: 1, strategy: 'staged', phases: [], onUndecided: 'stay', retainPrevious: true };
const spec = { schemaVersion: 1, plan, alarms: { a: [], b: [] } };
const event = { endpoint: 'fraud', rolloutId: 'r-2', epoch: 3, since: '2026-01-01T00:00:00.000Z' };

describe('the preflight of a rollout', () => {
  let record: MemoryRecord;
  let live: LiveEndpoint | undefined;
  let ports: PreflightPorts;

  beforeEach(() => {
    record = new MemoryRecord();
    record.locked = { ...record.locked, rolloutId: 'r-2', epoch: 3, champion: 'a', challenger: 'b' };
    record.items.set('ENDPOINT#fraud/ROLLOUT#r-2', { spec: JSON.stringify(spec) });
    const variants = [{ name: 'a', currentWeight: 1, desiredWeight: 1, currentCount: 4, desiredCount: 4 }];
    live = { status: 'InService', configName: 'old', pending: false, variants, shadows: [] };
    ports = {
      record,
      describe: async () => live,
      imageDigest: async () => ({ kind: 'missing' }),
      writtenAt: async () => ({ kind: 'missing' }),
      alarmLevels: async () => new Map(),
      now: () => Date.parse('2026-01-01T01:00:00.000Z'),
    };
  });

  test('says what the steps after it carry with them', async () => {
    expect(await preflight(ports)(event)).toMatchObject({
      settled: true,
      fullCount: 4,
      configBefore: 'old',
      asked: {},
      exposed: false,
    });
  });

  test('asks again the more seldom the longer SageMaker is busy', async () => {
    live = { ...(live as LiveEndpoint), status: 'SystemUpdating' };
    expect(await preflight(ports)(event)).toMatchObject({ settled: false, waitSeconds: 180 });
  });

  test.each<[string, string, () => unknown]>([
    ['another epoch holds the lock', 'EpochLost', () => (record.locked = { ...record.locked, epoch: 4 })],
    ['there is no endpoint', 'NotServing', () => (live = undefined)],
    ['the endpoint has failed', 'NotServing', () => (live = { ...(live as LiveEndpoint), status: 'Failed' })],
    ['the champion does not serve', 'DriftFound', () => (live = { ...(live as LiveEndpoint), variants: [] })],
    ['there is no spec', 'SpecUnreadable', () => record.items.clear()],
    ['the lock names a third variant', 'SpecUnreadable', () => (record.locked = { ...record.locked, champion: 'c' })],
  ])('fails when %s', async (_, name, spoil) => {
    spoil();
    await expect(preflight(ports)(event)).rejects.toMatchObject({ name });
  });

  test('fails when what serves is scaled, and the new version is not declared to be', async () => {
    const scaling = { minimum: 2, maximum: 8, policy: {} };
    const items = (next: object) => ({
      'ENDPOINT#fraud/CHAMPION': { digest: 'd1' },
      'ENDPOINT#fraud/VERSION#d1': { rolloutId: 'r-1' },
      'ENDPOINT#fraud/ROLLOUT#r-1': { spec: JSON.stringify({ ...spec, scaling }), startedAt: event.since },
      'ENDPOINT#fraud/ROLLOUT#r-2': { spec: JSON.stringify({ ...spec, ...next }) },
    });
    const write = (next: object) => {
      for (const [key, item] of Object.entries(items(next))) record.items.set(key, item);
    };
    write({});
    await expect(preflight(ports)(event)).rejects.toMatchObject({ name: 'ScalingUndeclared' });
    write({ scaling });
    expect(await preflight(ports)(event)).toMatchObject({ settled: true });
  });

  test('fails when the event is none', async () => {
    await expect(preflight(ports)({ ...event, since: 'yesterday' })).rejects.toMatchObject({ name: 'EventUnreadable' });
  });
});
