import { judge } from '../../decision';
import { draw } from './worlds';

/** Median time of one verdict on 24 hours of minutes, in milliseconds: what each tick of a bake costs. */
export function replayMilliseconds(): number {
  const run = draw(
    {
      name: 'replay',
      requestsPerSecond: 100,
      share: 0.05,
      championRate: 0.01,
      challengerRate: 0.01,
      onset: 0,
      minutes: 1440,
    },
    1,
  );
  const periods = Array.from({ length: run.minutes }, (_, t) => ({
    start: t * 60,
    challenger: { sum: run.xb[t], count: run.nb[t] },
    champion: { sum: run.xa[t], count: run.na[t] },
  }));
  const data = { periodSeconds: 60, asOf: run.minutes * 60, periods, baseline: run.baseline };
  const times = Array.from({ length: 41 }, () => {
    const began = performance.now();
    judge({ kind: 'countDifference', absoluteMargin: 0.005 }, data);
    return performance.now() - began;
  });
  return times.sort((x, y) => x - y)[20];
}
