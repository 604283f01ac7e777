import { describe, expect, test } from 'vitest';
import { type Arm, bernoulliConfidenceSequence, judge, newcombeCi } from '../../../decision';
import { stream } from '../simulate';
import * as defined from './by-definition';
import { expectNear } from './near';

const { sum } = defined;

/** Minutes with requests that vary and errors in bursts; every seventh minute one of the arms says nothing. */
function minutes(seed: number, length: number, b: number, a: number, burst: number, spread = 0.6): defined.Minute[] {
  const random = stream(seed);
  return Array.from({ length }, (_, i) => {
    const nb = i % 14 === 6 ? 0 : 200 + Math.floor(200 * random());
    const na = i % 14 === 13 ? 0 : 2000 + Math.floor(2000 * random());
    const errors = (n: number, rate: number) =>
      Math.floor(n * rate * (random() < 0.3 ? burst : 1) * (1 + spread * (random() - 0.5)));
    return { xb: errors(nb, b), nb, xa: errors(na, a), na };
  });
}

const baselineOf = (list: readonly defined.Minute[]): Arm[] => list.map(({ xa, na }) => ({ sum: xa, count: na }));
const totals = (list: readonly defined.Minute[]) => ({
  xb: sum(list.map(({ xb }) => xb)),
  nb: sum(list.map(({ nb }) => nb)),
  xa: sum(list.map(({ xa }) => xa)),
  na: sum(list.map(({ na }) => na)),
});
/** Steps of the alternatives on the side of harm, for a margin of 0.005 or less. */
const steps = [0.005, 0.015, 0.045, 0.135, 0.405];
const usual = { alphaRollback: 0.01, alphaPromote: 0.01, horizonPeriods: 1440, maximumSilenceSeconds: 600 };
const chosen = { alphaRollback: 0.02, alphaPromote: 0.03, horizonPeriods: 40, maximumSilenceSeconds: 300 };

/** What every counting rule reports of log e-values. */
function sides(
  list: readonly defined.Minute[],
  harm: readonly (readonly number[])[],
  safe: readonly (readonly number[])[],
  settings: typeof usual,
  baseline?: readonly Arm[],
) {
  const tempering = defined.tempering(list, baseline);
  const strong = tempering.applied > 3;
  const { top, at } = defined.highest(
    defined.gathered(harm, tempering.harm, settings.horizonPeriods).map(({ logHybrid }) => logHybrid),
  );
  const { xb, nb, xa, na } = totals(list);
  return {
    ...settings,
    periods: list.length,
    challenger: { sum: xb, count: nb },
    champion: { sum: xa, count: na },
    logHarm: top,
    logHarmAtPeriod: at,
    logHarmThreshold: Math.log((strong ? 2 : 1) / settings.alphaRollback),
    logSafe: defined.gathered(safe, tempering.safe, settings.horizonPeriods).at(-1)?.logE,
    logSafeThreshold: Math.log(1 / settings.alphaPromote),
    dispersion: tempering.applied,
    intraClassCorrelation: tempering.rho,
    method: 'e-process',
  };
}

const calm = minutes(1, 45, 0.02, 0.012, 1);
const bursts = minutes(2, 100, 0.012, 0.012, 4);
const history = baselineOf(minutes(3, 60, 0, 0.01, 8));
const clustered = { method: 'tempered e-process and cluster-robust interval' };

describe('evidence of countDifference', () => {
  const about = { rule: 'countDifference', version: 1, absoluteMargin: 0.005 };
  const line = { gain: 1, shift: 0.005 };
  const harm = steps.map((step) => (a: number) => a + 0.005 + step);
  const safe = [0.5, 1, 1.5].map((part) => (a: number) => a + 0.005 * (1 - part));
  const both = (list: defined.Minute[], prior: { events: number; trials: number }) =>
    [defined.twoArms(list, line, harm, prior), defined.twoArms(list, line, safe, prior)] as const;
  const weak = { events: 0.5, trials: 50 };

  test('replays calm minutes, with nothing known before', () => {
    const { evidence } = judge({ kind: 'countDifference', absoluteMargin: 0.005 }, defined.series(calm));
    expectNear(evidence, {
      ...about,
      ...sides(calm, ...both(calm, weak), usual),
      interval95: newcombeCi({ ...totals(calm), conf: 0.95 }),
    });
  });

  test('replays bursts past the horizon, with other settings, and asks the robust interval', () => {
    const { evidence } = judge(
      { kind: 'countDifference', absoluteMargin: 0.005, ...chosen },
      defined.series(bursts, history),
    );
    const requests = sum(history.map(({ count }) => count));
    const events = sum(history.map((arm) => arm.sum));
    expect(requests).toBeGreaterThan(5000);
    const prior = { events: 0.5 + (events * 5000) / requests, trials: 50 + 5000 };
    const plain = defined.robust(bursts, 1, [0.01, 0.03], 40, 1);
    expect(plain.sound).toBe(true);
    expectNear(evidence, {
      ...about,
      ...sides(bursts, ...both(bursts, prior), chosen, history),
      ...clustered,
      robust: { ...plain, mean: plain.mean - 0.005 },
      interval95: newcombeCi({ ...totals(bursts), conf: 0.95 }),
    });
  });

  test('takes a short history for what it is worth', () => {
    const short = [{ sum: 30, count: 1000 }];
    const { evidence } = judge({ kind: 'countDifference', absoluteMargin: 0.005 }, defined.series(calm, short));
    const prior = { events: 30.5, trials: 1050 };
    expectNear(evidence['logHarm'], sides(calm, ...both(calm, prior), usual, short).logHarm);
  });

  test('has no interval while an arm is silent', () => {
    for (const silent of [
      { xb: 0, nb: 0, xa: 3, na: 300 },
      { xb: 3, nb: 300, xa: 0, na: 0 },
    ]) {
      const { evidence } = judge({ kind: 'countDifference', absoluteMargin: 0.005 }, defined.series([silent]));
      expect(evidence['interval95']).toBeNull();
    }
  });
});

describe('evidence of countRatio', () => {
  const list = minutes(4, 45, 0.3, 0.32, 1, 0.1);
  const loud = minutes(5, 100, 0.2, 0.22, 2);

  test.each([
    ['higherIsBetter', -1],
    ['lowerIsBetter', 1],
  ] as const)('replays a stage where %s', (direction, bad) => {
    const { evidence } = judge({ kind: 'countRatio', relativeMargin: 0.02, direction }, defined.series(list));
    const line = { gain: 1 + bad * 0.02, shift: 0 };
    const at = (losses: readonly number[]) => losses.map((loss) => (a: number) => a * (1 + bad * loss));
    const nothing = { events: 0, trials: 0 };
    expectNear(evidence, {
      rule: 'countRatio',
      version: 1,
      relativeMargin: 0.02,
      direction,
      ...sides(
        list,
        defined.twoArms(list, line, at([0.04, 0.08, 0.2, 0.56, 1.64]), nothing),
        defined.twoArms(list, line, at([0.01, 0, -0.01]), nothing),
        usual,
      ),
    });
  });

  test.each([
    ['higherIsBetter', -1],
    ['lowerIsBetter', 1],
  ] as const)('replays bursts after a known history where %s', (direction, bad) => {
    const history = baselineOf(minutes(6, 60, 0, 0.2, 2));
    const { evidence } = judge(
      { kind: 'countRatio', relativeMargin: 0.002, direction, ...chosen },
      defined.series(loud, history),
    );
    const line = { gain: 1 + bad * 0.002, shift: 0 };
    const at = (losses: readonly number[]) => losses.map((loss) => (a: number) => a * (1 + bad * loss));
    const prior = { events: sum(history.map((arm) => arm.sum)), trials: sum(history.map(({ count }) => count)) };
    const plain = defined.robust(loud, 1 + bad * 0.002, [0.01, 0.03], 40, 1);
    expectNear(evidence, {
      rule: 'countRatio',
      version: 1,
      relativeMargin: 0.002,
      direction,
      ...sides(
        loud,
        defined.twoArms(loud, line, at([0.007, 0.017, 0.047, 0.137, 0.407]), prior),
        defined.twoArms(loud, line, at([0.001, 0, -0.001]), prior),
        chosen,
        history,
      ),
      ...clustered,
      robust: { ...plain, mean: bad * plain.mean },
    });
  });
});

describe('evidence of exceedance', () => {
  test.each([
    ['with a champion beside it', bursts],
    ['alone', bursts.map((minute) => ({ ...minute, xa: 0, na: 0 }))],
  ])('replays a stage %s', (_, list) => {
    const { evidence } = judge({ kind: 'exceedance', maximumShare: 0.02, ...chosen }, defined.series(list));
    const { xb, nb } = totals(list);
    expectNear(evidence, {
      rule: 'exceedance',
      version: 1,
      maximumShare: 0.02,
      ...sides(
        list,
        defined.oneArm(
          list,
          0.02,
          steps.map((step) => 0.02 + step),
        ),
        defined.oneArm(list, 0.02, [0.005, 0.01, 0.015]),
        chosen,
      ),
      logHarmThreshold: Math.log(1 / 0.02),
      interval: bernoulliConfidenceSequence({ successes: xb, trials: nb, alpha: 0.02, tOpt: 10_000 }),
    });
  });
});

describe('evidence of the watch', () => {
  const detected = (list: readonly defined.Minute[], harm: number[][], baseline?: readonly Arm[]) => {
    const tempering = defined.tempering(list, baseline);
    const { top, at } = defined.highest(defined.gathered(harm, tempering.harm, 1).map(({ logM }) => logM));
    const { xb, nb, xa, na } = totals(list);
    return {
      periods: list.length,
      challenger: { sum: xb, count: nb },
      champion: { sum: xa, count: na },
      logDetector: top,
      logDetectorAtPeriod: at,
      dispersion: tempering.applied,
      intraClassCorrelation: tempering.rho,
    };
  };

  test('replays a watch beside a holdback', () => {
    const { evidence } = judge({ kind: 'watch', absoluteMargin: 0.008 }, defined.series(bursts, history));
    const requests = sum(history.map(({ count }) => count));
    const prior = { events: 0.5 + (sum(history.map((arm) => arm.sum)) * 5000) / requests, trials: 5050 };
    const harm = [0.008, 0.024, 0.072, 0.216, 0.648].map((step) => (a: number) => a + 0.008 + step);
    expectNear(evidence, {
      rule: 'watch',
      version: 1,
      absoluteMargin: 0.008,
      alphaRollback: 0.01,
      horizonPeriods: 4320,
      logDetectorThreshold: Math.log(4320 / 0.01),
      ...detected(bursts, defined.twoArms(bursts, { gain: 1, shift: 0.008 }, harm, prior), history),
    });
  });

  test('replays a watch alone, past its horizon', () => {
    const list = bursts.map((minute) => ({ ...minute, xa: 0, na: 0 }));
    const { evidence } = judge(
      { kind: 'watch', maximumShare: 0.02, alphaRollback: 0.02, horizonPeriods: 40 },
      defined.series(list),
    );
    const alternatives = steps.map((step) => 0.02 + step);
    expectNear(evidence, {
      rule: 'watch',
      version: 1,
      maximumShare: 0.02,
      alphaRollback: 0.02,
      horizonPeriods: 40,
      logDetectorThreshold: Math.log(100 / 0.02),
      ...detected(list, defined.oneArm(list, 0.02, alternatives)),
    });
  });
});

test('evidence names the first period at which it was highest, however long nobody says anything after it', () => {
  const list = [
    ...calm,
    { xb: 900, nb: 1000, xa: 10, na: 1000 },
    ...[0, 0, 0].map((n) => ({ xb: n, nb: n, xa: n, na: n })),
  ];
  const { evidence } = judge({ kind: 'countDifference', absoluteMargin: 0.005 }, defined.series(list));
  expect(evidence['logHarmAtPeriod']).toBe(45);
  const watched = judge({ kind: 'watch', absoluteMargin: 0.005 }, defined.series(list)).evidence;
  expect(watched['logDetectorAtPeriod']).toBe(45);
});

test('evidence of nothing names no period', () => {
  const { evidence } = judge({ kind: 'countDifference', absoluteMargin: 0.005 }, defined.series([]));
  expect(evidence).toMatchObject({ logHarm: '-Infinity', logHarmAtPeriod: -1, dispersion: 1 });
  const watched = judge({ kind: 'watch', absoluteMargin: 0.005 }, defined.series([])).evidence;
  expect(watched).toMatchObject({ logDetector: '-Infinity', logDetectorAtPeriod: -1 });
});
