import { describe, expect, test } from 'vitest';
import { violations } from '../../rehearsal/invariants';
import type { WorldEvent } from '../../rehearsal/log';

const say = (event: string, data: Record<string, unknown>): WorldEvent => ({
  at: 0,
  source: 'x',
  event,
  detail: '',
  data,
});
const up = (fleet: string, instances: number) => say('FleetUp', { endpoint: 'e', fleet, instances });
const shift = (...shares: [config: string, percent: number][]) =>
  say('TrafficShifted', {
    endpoint: 'e',
    shares: shares.map(([config, percent]) => ({ fleet: config, config, model: `${config}-model`, percent })),
  });

const told = (...events: WorldEvent[]) => violations(events).map((text) => text.replace(/ at 1970.*/, ''));

describe('the invariants', () => {
  test('find nothing in a clean shift', () => {
    expect(told(up('a', 2), up('b', 2), shift(['a', 100]), shift(['a', 75], ['b', 25]), shift(['b', 100]))).toEqual([]);
  });

  test.each<[string, WorldEvent[], string]>([
    ['shares that do not sum to 100', [up('a', 1), shift(['a', 90])], 'the shares of e sum to 90'],
    ['a share that is no number', [up('a', 1), shift(['a', Number.NaN])], 'a has a share of NaN'],
    ['a negative share', [up('a', 1), up('b', 1), shift(['a', 110], ['b', -10])], 'b has a share of -10'],
    ['a fleet that serves before it is up', [shift(['a', 100])], 'a serves and is not up'],
    [
      'a fleet that is terminated while it serves',
      [up('a', 1), shift(['a', 100]), up('a', 0)],
      'a serves and is not up',
    ],
    [
      'a config that serves and is deleted',
      [up('a', 1), shift(['a', 100]), say('EndpointConfigDeleted', { config: 'a' })],
      'a serves and was deleted',
    ],
    [
      'a model that serves and is deleted',
      [up('a', 1), shift(['a', 100]), say('ModelDeleted', { model: 'a-model' })],
      'a-model serves and was deleted',
    ],
    [
      'an alarm that is deleted in the update it guards',
      [say('UpdateStarted', { endpoint: 'e', alarms: ['errors'] }), say('AlarmDeleted', { alarm: 'errors' })],
      'alarm errors guards an update and was deleted',
    ],
    [
      'an update that is said to be over while the other config serves',
      [up('a', 1), shift(['a', 100]), say('UpdateFinished', { endpoint: 'e', config: 'b' })],
      'e is said to serve b, and a serves',
    ],
  ])('find %s', (_name, events, violation) => {
    expect(told(...events)).toContain(violation);
  });
});
