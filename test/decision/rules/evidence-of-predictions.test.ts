import { describe, expect, test } from 'vitest';
import { disagreementLower, disagreementUpper, judge, normalCdf } from '../../../decision';
import { expectNear } from './near';

const sum = (list: readonly number[]) => list.reduce((all, value) => all + value, 0);

/** log of the integral of exp(f) over [low, high], by Simpson's rule. */
function logIntegral(f: (t: number) => number, low: number, high: number): number {
  const n = 20_000;
  const logs = Array.from({ length: n + 1 }, (_, i) => f(low + ((high - low) * i) / n));
  const top = Math.max(...logs);
  const weight = (i: number) => (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2);
  return top + Math.log((sum(logs.map((log, i) => weight(i) * Math.exp(log - top))) * (high - low)) / n / 3);
}

/** log e-value of a Beta(a, b) mixture over rates p = sin^2 t between two angles, against the rate p0. */
function mixture(x: number, n: number, p0: number, [low, high]: readonly [number, number], a = 0.5, b = 0.5): number {
  const prior = (t: number) => (2 * a - 1) * Math.log(Math.sin(t)) + (2 * b - 1) * Math.log(Math.cos(t));
  const likelihood = (t: number) =>
    2 * x * Math.log(Math.sin(t)) + 2 * (n - x) * Math.log(Math.cos(t)) - x * Math.log(p0) - (n - x) * Math.log(1 - p0);
  return logIntegral((t) => prior(t) + likelihood(t), low, high) - logIntegral(prior, low, high);
}

/** P(at least k of n) at rate p, term by term. */
function beyond(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let below = 0;
  for (let i = 0; i < k; i++) {
    below += term;
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
  }
  return 1 - below;
}

const shadow = { pairs: 2000, unjoined: 50, hours: 60 };
const seen = { ...shadow, unjoinedShare: 50 / 2050 };
const usual = {
  minimumRequests: 10_000,
  minimumHours: 48,
  maximumUnjoinedShare: 0.05,
  alphaRollback: 0.01,
  alphaPromote: 0.01,
};
const chosen = {
  minimumRequests: 1500,
  minimumHours: 24,
  maximumUnjoinedShare: 0.1,
  alphaRollback: 0.02,
  alphaPromote: 0.03,
};

describe('evidence of disagreement', () => {
  // Away from the ends, where the logarithms of sine and cosine are infinite.
  const corner = Math.asin(Math.sqrt(0.02));
  const logHarm = mixture(40, 2000, 0.02, [corner, Math.PI / 2 - 1e-12]);
  const logSafe = mixture(40, 2000, 0.02, [1e-12, corner]);
  const expected = {
    rule: 'disagreement',
    version: 1,
    maximumShare: 0.02,
    disagreements: 40,
    ...seen,
    share: 0.02,
    logHarm,
    logSafe,
  };

  test('replays the totals with the usual settings', () => {
    const confusion = [
      [1500, 10],
      [30, 460],
    ];
    const { evidence } = judge(
      { kind: 'disagreement', maximumShare: 0.02 },
      { ...shadow, disagreements: 40, confusion },
    );
    const chance = (1510 * 1530 + 490 * 470) / 2000 ** 2;
    expectNear(evidence, {
      ...expected,
      ...usual,
      lower: disagreementLower({ disagree: 40, n: 2000, alpha: 0.01 }),
      upper: disagreementUpper({ disagree: 40, n: 2000, alpha: 0.01 }),
      logHarmThreshold: Math.log(100),
      logSafeThreshold: Math.log(100),
      kappa: (0.98 - chance) / (1 - chance),
    });
  });

  test('replays the totals with other settings', () => {
    const { evidence } = judge(
      { kind: 'disagreement', maximumShare: 0.02, ...chosen },
      { ...shadow, disagreements: 40 },
    );
    expectNear(evidence, {
      ...expected,
      ...chosen,
      lower: disagreementLower({ disagree: 40, n: 2000, alpha: 0.02 }),
      upper: disagreementUpper({ disagree: 40, n: 2000, alpha: 0.03 }),
      logHarmThreshold: Math.log(50),
      logSafeThreshold: Math.log(1 / 0.03),
      kappa: null,
    });
  });

  test.each([
    ['is no list', 7],
    ['is empty', []],
    ['has a row too short', [[1, 2], [3]]],
    ['has a row that is none', [[1, 2], 7]],
    ['has a row too long', [[1], [2]]],
    [
      'counts less than nothing',
      [
        [1, 2],
        [3, -1],
      ],
    ],
  ])('shows no agreement beyond chance when the table %s', (_, confusion) => {
    const data = { ...shadow, disagreements: 40, confusion: confusion as never };
    expect(judge({ kind: 'disagreement', maximumShare: 0.02 }, data).evidence['kappa']).toBeNull();
  });

  test('shows agreement beyond chance of a table with empty cells', () => {
    const confusion = [
      [1000, 0],
      [0, 1000],
    ];
    const data = { ...shadow, disagreements: 0, confusion };
    expect(judge({ kind: 'disagreement', maximumShare: 0.02 }, data).evidence['kappa']).toBe(1);
  });
});

describe('evidence of numericDifference', () => {
  /** Half-width of the one-sided sequence at half of alpha, sharpest at `best` pairs. */
  const radius = (alpha: number, best: number) => {
    const log = -2 * Math.log(alpha);
    const r = (log + Math.log(log + 1)) / best;
    const grown = 2000 * r + 1;
    return 1.5 * Math.sqrt(((2 * grown) / (2000 ** 2 * r)) * Math.log(1 + Math.sqrt(grown) / alpha));
  };

  test.each([
    ['the usual', {}, usual],
    ['other', chosen, chosen],
  ])('replays the totals with %s settings', (_, given, settings) => {
    const { evidence } = judge(
      { kind: 'numericDifference', maximumBias: 0.1, ...given },
      { ...shadow, meanDifference: -0.03, standardDeviation: 1.5 },
    );
    expectNear(evidence, {
      rule: 'numericDifference',
      version: 1,
      maximumBias: 0.1,
      ...settings,
      ...seen,
      meanDifference: -0.03,
      standardDeviation: 1.5,
      radiusRollback: radius(settings.alphaRollback, settings.minimumRequests),
      radiusPromote: radius(settings.alphaPromote, settings.minimumRequests),
    });
  });
});

describe('evidence of sampleRatio', () => {
  test.each([
    ['the usual level', {}, 0.001],
    ['another level', { alpha: 0.02 }, 0.02],
  ])('replays the totals at %s', (_, given, alpha) => {
    const { evidence } = judge(
      { kind: 'sampleRatio', challengerShare: 0.05, ...given },
      { challenger: 75, champion: 1125 },
    );
    const chi2 = 15 ** 2 / (1200 * 0.05 * 0.95);
    const { interval95, ...rest } = evidence;
    expectNear(rest, {
      rule: 'sampleRatio',
      version: 1,
      challengerShare: 0.05,
      alpha,
      challenger: 75,
      champion: 1125,
      chi2,
      p: 2 * normalCdf({ z: -Math.sqrt(chi2) }),
      logE: mixture(75, 1200, 0.05, [1e-9, Math.PI / 2 - 1e-9], 50, 950),
      logEThreshold: Math.log(1 / alpha),
    });
    // Clopper and Pearson: each end leaves a fortieth of its binomial distribution beyond 75.
    const [low, high] = interval95 as number[];
    expect(beyond(75, 1200, low)).toBeCloseTo(0.025, 9);
    expect(1 - beyond(76, 1200, high)).toBeCloseTo(0.025, 9);
  });
});
