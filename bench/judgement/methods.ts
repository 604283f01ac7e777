import { Accumulator, DifferenceTest, harmGrid, judge, type Period, safeFractions } from '../../decision';
import { kayentaLabel } from '../../decision/reference/kayenta';
import { priorOf } from '../../decision/rules/count-difference';
import { Tempering } from '../../decision/rules/tempering';
import type { Run } from './worlds';

/** When a method would have rolled back and when it would have promoted: minutes from the start, or Infinity. */
export interface Decision {
  readonly rollback: number;
  readonly promote: number;
}

/** A way to judge a day: looked at every minute, its first word counts. */
export type Method = (run: Run) => Decision;

const never = Number.POSITIVE_INFINITY;

/** This library's counting rule, going on from minute to minute (equal to a replay: test/decision/bench.test.ts). */
export function ours(margin: number, alpha = 0.01): Method {
  return (run) => {
    const grid = harmGrid(margin);
    const prior = priorOf(run);
    const harm = new DifferenceTest(margin, 'harm', grid, prior);
    const safe = new DifferenceTest(margin, 'safe', safeFractions, prior);
    const [monitor, proof] = [new Accumulator(grid.length), new Accumulator(safeFractions.length)];
    const tempering = new Tempering(run);
    const threshold = Math.log(1 / alpha);
    let promote = never;
    for (let t = 0; t < run.minutes; t++) {
      const [xb, nb, xa, na] = [run.xb[t], run.nb[t], run.xa[t], run.na[t]];
      tempering.next(xb, nb, xa, na);
      monitor.add(harm.step(xb, nb, xa, na, tempering.harm));
      if (monitor.logHybrid(run.minutes) >= threshold) return { rollback: t + 1, promote };
      if (promote < never) continue;
      proof.add(safe.step(xb, nb, xa, na, tempering.safe));
      if (proof.logE >= threshold) promote = t + 1;
    }
    return { rollback: never, promote };
  };
}

/** The rule as a Lambda asks it: a replay of everything so far, every `every` minutes. */
export function asked(margin: number, every: number): Method {
  return (run) => {
    const periods: Period[] = Array.from({ length: run.minutes }, (_, t) => ({
      start: t * 60,
      challenger: { sum: run.xb[t], count: run.nb[t] },
      champion: { sum: run.xa[t], count: run.na[t] },
    }));
    const rule = { kind: 'countDifference', absoluteMargin: margin, horizonPeriods: run.minutes } as const;
    let promote = never;
    for (let t = every; t <= run.minutes; t += every) {
      const { kind } = judge(rule, {
        periodSeconds: 60,
        asOf: t * 60,
        periods: periods.slice(0, t),
        baseline: run.baseline,
      });
      if (kind === 'fail') return { rollback: t, promote };
      if (kind === 'pass' && promote === never) promote = t;
    }
    return { rollback: never, promote };
  };
}

/**
 * A CloudWatch alarm on the challenger's error rate: `M` of the last `N` periods above `threshold`. A period without
 * requests has no datapoint and is not breaching. Promotes at the end of the day, as a bake time does.
 */
export function alarm(threshold: number, periodMinutes: number, m: number, n: number): Method {
  return (run) => {
    const recent: boolean[] = [];
    for (let t = periodMinutes; t <= run.minutes; t += periodMinutes) {
      let [x, requests] = [0, 0];
      for (let i = t - periodMinutes; i < t; i++) {
        x += run.xb[i];
        requests += run.nb[i];
      }
      recent.push(requests > 0 && x / requests > threshold);
      if (recent.length > n) recent.shift();
      if (recent.filter(Boolean).length >= m) return { rollback: t, promote: never };
    }
    return { rollback: never, promote: run.minutes };
  };
}

/** A one-sided pooled z-test at 1 %, looked at every minute, as many home-made gates do. Promotes at the end. */
export function repeatedZ(margin: number): Method {
  return (run) => {
    let [xb, nb, xa, na] = [0, 0, 0, 0];
    for (let t = 0; t < run.minutes; t++) {
      xb += run.xb[t];
      nb += run.nb[t];
      xa += run.xa[t];
      na += run.na[t];
      const [b, a] = [xb / nb, xa / na];
      const variance =
        margin === 0
          ? ((xb + xa) / (nb + na)) * (1 - (xb + xa) / (nb + na)) * (1 / nb + 1 / na)
          : (b * (1 - b)) / nb + (a * (1 - a)) / na;
      if (xb + xa >= 5 && (b - a - margin) / Math.sqrt(variance) > 2.3263) return { rollback: t + 1, promote: never };
    }
    return { rollback: never, promote: run.minutes };
  };
}

/** Kayenta's judge on error-rate points a minute, once an hour over everything so far. Promotes at the end. */
export function kayenta(run: Run): Decision {
  const rates = (x: Float64Array, n: Float64Array, until: number) => {
    const points: number[] = [];
    for (let t = 0; t < until; t++) if (n[t] > 0) points.push(x[t] / n[t]);
    return points;
  };
  for (let t = 60; t <= run.minutes; t += 60) {
    const label = kayentaLabel({ x: rates(run.xb, run.nb, t), y: rates(run.xa, run.na, t) });
    if (label === 'High') return { rollback: t, promote: never };
  }
  return { rollback: never, promote: run.minutes };
}
