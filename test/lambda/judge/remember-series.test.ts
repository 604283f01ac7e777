import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Series, SeriesQuery, Window } from '../../../lambda/judge/ports';
import { rememberSeries } from '../../../lambda/judge/remember-series';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const query = (metricName: string): SeriesQuery => ({
  metrics: [{ id: 'm1', namespace: 'AWS/SageMaker', metricName, dimensions: {}, statistic: 'Sum' }],
  expression: null,
});
const errors = query('Errors');
const requests = query('Requests');

/** A CloudWatch that has a point every minute, revises those of the last half hour at every look, and counts what it sends. */
function cloudWatch() {
  let sent = 0;
  let looks = 0;
  return {
    get sent() {
      return sent;
    },
    async read(queries: readonly SeriesQuery[], { from, to }: Window): Promise<Series[]> {
      looks += 1;
      return queries.map(({ metrics: [{ metricName }] }) => {
        const points = new Map<number, number>();
        for (let time = Math.ceil(from / MINUTE) * MINUTE; time < to; time += MINUTE) {
          if (metricName === 'Errors' && (time / MINUTE) % 3 === 0) continue;
          points.set(time, time > to - HOUR / 2 ? looks : time / MINUTE);
        }
        sent += points.size;
        return points;
      });
    },
  };
}

const window = (from: number, to: number): Window => ({ from, to, periodSeconds: 60 });

describe('what is remembered of a stage', () => {
  test('is what would be read, whatever is asked in whatever order', async () => {
    const asked = fc.record({
      from: fc.constantFrom(0, 2 * HOUR),
      hours: fc.integer({ min: 1, max: 30 }),
      queries: fc.constantFrom([errors], [errors, requests], [requests, errors], [requests]),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 12 }), async (ticks) => {
        const [plain, source] = [cloudWatch(), cloudWatch()];
        const remembered = rememberSeries(source);
        let to = 3 * HOUR;
        for (const { from, hours, queries } of ticks) {
          to += hours * 20 * MINUTE;
          expect(await remembered.read(queries, window(from, to))).toEqual(await plain.read(queries, window(from, to)));
        }
      }),
    );
  });

  test('is not read again: a day of ticks costs an hour each, not the day', async () => {
    const source = cloudWatch();
    const remembered = rememberSeries(source);
    for (let to = MINUTE; to <= 24 * HOUR; to += 5 * MINUTE) await remembered.read([requests], window(0, to));
    expect(source.sent).toBeLessThan(288 * 70);
  });

  test('is dropped for a tick that lies before it', async () => {
    const [plain, source] = [cloudWatch(), cloudWatch()];
    const remembered = rememberSeries(source);
    await remembered.read([requests], window(0, 9 * HOUR));
    await plain.read([requests], window(0, 9 * HOUR));
    expect(await remembered.read([requests], window(0, 2 * HOUR))).toEqual(
      await plain.read([requests], window(0, 2 * HOUR)),
    );
  });

  test('a reading that fails is no memory', async () => {
    const source = cloudWatch();
    let fails = true;
    const read = (queries: readonly SeriesQuery[], asked: Window) =>
      fails ? Promise.reject(new Error('Rate exceeded')) : source.read(queries, asked);
    const remembered = rememberSeries({ read });
    await expect(remembered.read([errors], window(0, 3 * HOUR))).rejects.toThrow('Rate exceeded');
    fails = false;
    expect((await remembered.read([errors], window(0, 3 * HOUR)))[0].size).toBe(120);
  });
});
