import { describe, expect, test } from 'vitest';
import { bakesOf, middleOf, minutesAPoint, pooled } from '../../../rehearsal/report/marks';
import type { Side } from '../../../rehearsal/scenario';
import { rolledBack } from './fixture';

const shares: [number, number][] = [
  [0, 0],
  [254, 25],
  [434, 0],
  [500, 100],
  [600, 100],
];
const minute = (side: Side, atSeconds: number) =>
  middleOf({ side, atSeconds, requests: 1, errors: 0, latencyP50: 1, latencyP99: 1 }, shares);

describe('where a minute stands in a plot', () => {
  test.each([
    ['challenger', 300, 330, 'all of the minute'],
    ['challenger', 240, 277, 'the share begins within it: 254 to 300'],
    ['challenger', 204, 259, 'the share begins shortly before its end: 254 to 264'],
    ['challenger', 420, 427, 'the share ends within it: 420 to 434'],
    ['challenger', 60, 90, 'a shadow answers without any share'],
    ['champion', 60, 90, 'all of the minute'],
    ['champion', 480, 490, 'all traffic leaves within it: 480 to 500'],
    ['champion', -20, 20, 'it began before the deployment: 0 to 40'],
    ['challenger', 570, 585, 'the deployment ends within it: 570 to 600'],
  ] as const)('%s, minute from %i s: %i s, %s', (side, at, middle, _why) => expect(minute(side, at)).toBe(middle));
});

describe('plots of days', () => {
  const sample = (atSeconds: number, requests: number, errors: number, latencyP99: number) => ({
    atSeconds,
    side: 'challenger' as const,
    requests,
    errors,
    latencyP50: 40,
    latencyP99,
  });

  test('have a point a minute for hours, and at most four hundred for days', () => {
    expect(minutesAPoint({ ...rolledBack, totalSeconds: 6 * 3600 })).toBe(1);
    expect(minutesAPoint({ ...rolledBack, totalSeconds: 6 * 86_400 })).toBe(22);
  });

  test('pool what lies in the same minutes: errors by their number, latencies by requests', () => {
    const samples = [sample(-30, 10, 0, 90), sample(0, 100, 1, 100), sample(60, 300, 5, 200), sample(120, 50, 0, 80)];
    expect(pooled(samples, 2)).toEqual([sample(-120, 10, 0, 90), sample(0, 400, 6, 175), sample(120, 50, 0, 80)]);
    expect(pooled(samples, 1)).toEqual(samples);
  });

  test('the phases of a rollout are bakes, each to the next and the last to its end', () => {
    const at = (atSeconds: number, event: string) => ({ ...rolledBack.timeline[0], atSeconds, event });
    const timeline = [
      at(0, 'UpdateStarted'),
      at(300, 'PhaseEntered'),
      at(900, 'PhaseEntered'),
      at(1500, 'RolloutPromoted'),
    ];
    expect(bakesOf({ ...rolledBack, timeline })).toEqual([
      { fromSeconds: 300, toSeconds: 900 },
      { fromSeconds: 900, toSeconds: 1500 },
    ]);
  });
});
