import { describe, expect, test } from 'vitest';
import { middleOf } from '../../../rehearsal/report/marks';
import type { Side } from '../../../rehearsal/scenario';

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
