import type { JudgePorts, Series, Window } from './ports';

/** Points this old are settled: a metric of an endpoint that is later than an hour is not seen by any gate. */
export const SETTLED_MS = 3_600_000;
/** Points that a warm function keeps at most: some tens of megabytes. */
const MOST_POINTS = 400_000;

/** What is known of one series. */
interface Known {
  /** Where its window began; a window that begins elsewhere is read anew. */
  readonly from: number;
  /** Everything before this is settled. */
  readonly until: number;
  readonly points: Map<number, number>;
  /** The points that are not settled. */
  readonly late: readonly number[];
}

/**
 * Reads each settled point once: a stage is asked every minute for days, and only its last hour can still change. What is
 * remembered lives as long as the warm function does; a cold one reads everything, with the same result.
 */
export function rememberSeries(metrics: JudgePorts['metrics']): JudgePorts['metrics'] {
  const known = new Map<string, Known>();
  return {
    async read(queries, window) {
      const keys = queries.map((query) => JSON.stringify([query, window.periodSeconds]));
      const from = Math.min(...keys.map((key) => unsettled(known.get(key), window)));
      const fresh = await metrics.read(queries, { ...window, from });
      const all = keys.map((key, i) => joined(known.get(key), fresh[i], window, from));
      keys.forEach((key, i) => {
        // The last that was asked is the last that is forgotten.
        known.delete(key);
        known.set(key, all[i]);
      });
      forget(known, keys.length);
      return all.map(({ points }) => points);
    },
  };
}

/** From where on a series must be read. */
function unsettled(known: Known | undefined, window: Window): number {
  return known !== undefined && known.from === window.from && known.until <= window.to ? known.until : window.from;
}

/** What was known before `from`, and what was read from there on. */
function joined(known: Known | undefined, fresh: Series, window: Window, from: number): Known {
  const anew = from === window.from || known === undefined;
  const points = anew ? new Map<number, number>() : known.points;
  // Nothing that is settled is read again, and all that is not is.
  for (const time of anew ? [] : known.late) points.delete(time);
  for (const [time, value] of fresh) points.set(time, value);
  const period = window.periodSeconds * 1000;
  const until = Math.max(window.from, Math.floor((window.to - SETTLED_MS) / period) * period);
  return { from: window.from, until, points, late: [...fresh.keys()].filter((time) => time >= until) };
}

function forget(known: Map<string, Known>, spare: number): void {
  let points = [...known.values()].reduce((sum, series) => sum + series.points.size, 0);
  for (const [key, series] of known) {
    if (points <= MOST_POINTS || known.size <= spare) return;
    known.delete(key);
    points -= series.points.size;
  }
}
