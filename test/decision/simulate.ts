import type { Period, SeriesData } from '../../decision';
import { randomStream } from '../../rehearsal/time/random';

/** A seeded source of numbers in [0, 1). */
export type Random = () => number;

/** A seeded stream. */
export function stream(seed: number): Random {
  return randomStream(seed, 'decision');
}

/** How many of `n` trials have an event, drawn one by one below 50 trials, else by jumps between events. */
export function binomial(random: Random, n: number, p: number): number {
  if (p <= 0 || n <= 0) return 0;
  if (p >= 1) return n;
  const log = Math.log1p(-p);
  let events = 0;
  // Gaps between events are geometric: as many draws as there are events.
  for (let at = Math.floor(Math.log(1 - random()) / log); at < n; at += 1 + Math.floor(Math.log(1 - random()) / log)) {
    events += 1;
  }
  return events;
}

/** One closed minute after the other, from rates that may depend on the minute. */
export function stage(
  random: Random,
  minutes: number,
  requests: { readonly challenger: number; readonly champion: number },
  rates: (minute: number) => { readonly challenger: number; readonly champion: number },
): SeriesData {
  const periods: Period[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    const rate = rates(minute);
    periods.push({
      start: minute * 60,
      challenger: { sum: binomial(random, requests.challenger, rate.challenger), count: requests.challenger },
      champion: { sum: binomial(random, requests.champion, rate.champion), count: requests.champion },
    });
  }
  return { periodSeconds: 60, asOf: minutes * 60, periods };
}
