import { alarm, asked, kayenta, type Method, ours, repeatedZ } from './methods';
import type { World } from './worlds';

/** All methods by the name the tables show. */
export const methods: Readonly<Record<string, Method>> = {
  'this library': ours(0.005),
  'this library, replayed': asked(0.005, 20),
  'this library, margin 0': ours(0),
  'alarm > 1.5 %, 60 s, 3 of 3': alarm(0.015, 1, 3, 3),
  'alarm > 1.5 %, 60 s, 5 of 5': alarm(0.015, 1, 5, 5),
  'alarm > 1.5 %, 600 s, 2 of 2': alarm(0.015, 10, 2, 2),
  'z-test every minute': repeatedZ(0),
  'z-test with margin every minute': repeatedZ(0.005),
  'Kayenta-style judge, hourly': kayenta,
};

/** One cell of a table: a world, a method, and how many days are drawn. */
export interface Cell {
  readonly table: string;
  readonly world: World;
  readonly method: string;
  readonly days: number;
}

const day = 1440;
const base: Omit<World, 'name'> = {
  requestsPerSecond: 10,
  share: 0.05,
  championRate: 0.01,
  challengerRate: 0.01,
  onset: 0,
  minutes: day,
};

/** A world's name is its seed, so that every method sees the same days. */
function world(change: Partial<World>): World {
  const made = { ...base, ...change };
  const { requestsPerSecond, share, championRate, challengerRate, onset, disturbance } = made;
  return {
    ...made,
    name: [requestsPerSecond, share, championRate, challengerRate, onset, disturbance ?? 'steady'].join('/'),
  };
}

const alarms = ['alarm > 1.5 %, 60 s, 3 of 3', 'alarm > 1.5 %, 60 s, 5 of 5', 'alarm > 1.5 %, 600 s, 2 of 2'];
const others = [...alarms, 'z-test every minute', 'z-test with margin every minute'];
const slow = 'Kayenta-style judge, hourly';

function* cellsOf(days: number): Generator<Cell> {
  // The boundary: a challenger exactly at the margin may neither fail nor pass more often than alpha.
  for (const requestsPerSecond of [1, 10, 100]) {
    for (const share of [0.05, 0.25, 0.5]) {
      for (const championRate of [0.001, 0.01, 0.05]) {
        const at = { requestsPerSecond, share, championRate };
        yield {
          table: 'boundary',
          world: world({ ...at, challengerRate: championRate + 0.005 }),
          method: 'this library',
          days,
        };
        yield {
          table: 'equal',
          world: world({ ...at, challengerRate: championRate }),
          method: 'this library',
          days: days / 4,
        };
      }
    }
  }
  for (const requestsPerSecond of [10, 100]) {
    for (const challengerRate of [0.01, 0.015, 0.02, 0.05]) {
      const at = world({ requestsPerSecond, challengerRate });
      for (const method of ['this library', ...others]) yield { table: 'methods', world: at, method, days: days / 2 };
      yield { table: 'methods', world: at, method: 'this library, margin 0', days: days / 2 };
      yield { table: 'methods', world: at, method: slow, days: days / 10 };
    }
    for (const challengerRate of [0.02, 0.05]) {
      const at = world({ requestsPerSecond, challengerRate, onset: day / 2 });
      for (const method of ['this library', ...others]) yield { table: 'late', world: at, method, days: days / 4 };
      yield { table: 'late', world: at, method: slow, days: days / 20 };
    }
    for (const disturbance of ['shared-bursts', 'diurnal', 'missing', 'ramp'] as const) {
      const at = world({ requestsPerSecond, disturbance });
      for (const method of ['this library', ...others]) yield { table: 'disturbed', world: at, method, days: days / 4 };
      yield { table: 'disturbed', world: at, method: slow, days: days / 20 };
      const edge = world({ requestsPerSecond, disturbance, challengerRate: 0.015 });
      yield { table: 'disturbed at the margin', world: edge, method: 'this library', days: days / 2 };
    }
    for (const disturbance of ['clusters-0.5', 'clusters-1'] as const) {
      for (const challengerRate of [0.01, 0.015, 0.05]) {
        const at = world({ requestsPerSecond, disturbance, challengerRate });
        yield { table: 'clusters', world: at, method: 'this library, replayed', days: days / 20 };
        yield { table: 'clusters', world: at, method: 'z-test every minute', days: days / 4 };
      }
    }
  }
}

/** Every cell; `days` is the number of days at the boundary, from which the other tables take their share. */
export function cells(days: number): readonly Cell[] {
  return [...cellsOf(days)];
}
