import { describe, expect, test } from 'vitest';
import { judge, type SeriesData } from '../../../decision';
import { stage, stream } from '../simulate';

const steady = (challenger: number, champion: number) => () => ({ challenger, champion });
const even = { challenger: 3000, champion: 3000 };

describe('countRatio', () => {
  const up = { kind: 'countRatio', relativeMargin: 0.02, direction: 'higherIsBetter' } as const;
  const down = { kind: 'countRatio', relativeMargin: 0.2, direction: 'lowerIsBetter' } as const;

  test('fails lost conversions, passes kept ones', () => {
    expect(judge(up, stage(stream(1), 240, even, steady(0.27, 0.3))).kind).toBe('fail');
    expect(judge(up, stage(stream(2), 600, even, steady(0.303, 0.3))).kind).toBe('pass');
    expect(judge(up, stage(stream(3), 30, even, steady(0.294, 0.3))).kind).toBe('hold');
  });

  test('turns round where low is good', () => {
    expect(judge(down, stage(stream(4), 240, even, steady(0.15, 0.1))).kind).toBe('fail');
    expect(judge(down, stage(stream(5), 240, even, steady(0.1, 0.1))).kind).toBe('pass');
    expect(judge({ ...down, direction: 'higherIsBetter' }, stage(stream(6), 240, even, steady(0.15, 0.1))).kind).toBe(
      'pass',
    );
  });

  test('learns the rate from the champion before the rollout', () => {
    const data = stage(stream(7), 3, even, steady(0.1, 0.3));
    const baseline = [{ sum: 900, count: 3000 }];
    const logHarm = (input: SeriesData) => judge(up, input).evidence['logHarm'] as number;
    expect(logHarm({ ...data, baseline })).toBeGreaterThan(logHarm(data));
  });
});

describe('exceedance', () => {
  const rule = { kind: 'exceedance', maximumShare: 0.01 } as const;

  test('needs no champion: fails 3 % slow requests, passes 0.3 %, holds at the ceiling', () => {
    const alone = (data: SeriesData) => ({
      ...data,
      periods: data.periods.map(({ start, challenger }) => ({ start, challenger })),
    });
    expect(judge(rule, alone(stage(stream(1), 60, even, steady(0.03, 0)))).kind).toBe('fail');
    expect(judge(rule, alone(stage(stream(2), 60, even, steady(0.003, 0)))).kind).toBe('pass');
    expect(judge(rule, alone(stage(stream(3), 60, even, steady(0.01, 0)))).kind).toBe('hold');
  });
});

describe('watch', () => {
  test('finds harm on the third day as fast as on the first', () => {
    const rule = { kind: 'watch', maximumShare: 0.02 } as const;
    const at = (onset: number) => {
      const data = stage(stream(onset), onset + 30, { challenger: 600, champion: 0 }, (minute) => ({
        challenger: minute < onset ? 0.01 : 0.06,
        champion: 0,
      }));
      return judge(rule, data);
    };
    expect(at(60)).toMatchObject({ kind: 'fail' });
    const late = at(3600);
    expect(late.kind).toBe('fail');
    expect(late.evidence['logDetectorAtPeriod']).toBeGreaterThanOrEqual(3600);
  });

  test('says only "no sign of harm so far" of a healthy day', () => {
    const data = stage(stream(5), 1440, { challenger: 600, champion: 30 }, steady(0.01, 0.01));
    expect(judge({ kind: 'watch', absoluteMargin: 0.005 }, data)).toMatchObject({
      kind: 'pass',
      reason: 'no sign of harm so far',
    });
  });

  test('holds when asked for a comparison and a ceiling at once, or for neither', () => {
    const data = stage(stream(6), 60, even, steady(0.01, 0.01));
    expect(judge({ kind: 'watch' }, data).reason).toContain('exactly one of absoluteMargin and maximumShare');
    expect(judge({ kind: 'watch', absoluteMargin: 0.01, maximumShare: 0.01 }, data).kind).toBe('hold');
  });
});

describe('mean', () => {
  const rule = { kind: 'mean', relativeMargin: 0.05, direction: 'higherIsBetter' } as const;
  /** Revenue a minute: noise of each arm, and a level both share. */
  const revenue = (seed: number, minutes: number, lift: (minute: number) => number, carry = 0): SeriesData => {
    const random = stream(seed);
    let drift = 0;
    const periods = Array.from({ length: minutes }, (_, minute) => {
      const level = 10 + 5 * Math.sin(minute / 200);
      drift = carry * drift + (random() - 0.5);
      return {
        start: minute * 60,
        challenger: { sum: 300 * level * lift(minute) * (1 + 0.2 * drift), count: 300 },
        champion: { sum: 3000 * level * (1 + 0.05 * (random() - 0.5)), count: 3000 },
      };
    });
    return { periodSeconds: 60, asOf: minutes * 60, periods };
  };

  test('fails a loss of 15 %, passes an equal model, in spite of a level that moves', () => {
    expect(
      judge(
        rule,
        revenue(1, 240, () => 0.85),
      ).kind,
    ).toBe('fail');
    expect(
      judge(
        rule,
        revenue(2, 240, () => 1),
      ).kind,
    ).toBe('pass');
  });

  test('sees a loss that begins late through its recent window', () => {
    const verdict = judge(
      rule,
      revenue(3, 1200, (minute) => (minute < 960 ? 1.05 : 0.85)),
    );
    expect(verdict).toMatchObject({ kind: 'fail', reason: 'the challenger has become worse than the margin allows' });
  });

  test('turns round where low is good, and takes a margin in the unit of the metric', () => {
    const data = revenue(4, 240, () => 1.2);
    expect(judge({ ...rule, direction: 'lowerIsBetter' }, data).kind).toBe('fail');
    expect(judge({ kind: 'mean', absoluteMargin: 5, direction: 'lowerIsBetter' }, data).kind).toBe('pass');
    expect(judge({ kind: 'mean', absoluteMargin: 0.5, direction: 'lowerIsBetter' }, data).kind).toBe('fail');
  });

  test('lengthens its batches until neighbours are independent, and says so', () => {
    const stage = judge(
      rule,
      revenue(5, 1200, () => 1, 0.8),
    ).evidence['stage'] as { batchPeriods: number };
    expect(stage.batchPeriods).toBeGreaterThan(1);
    const plain = judge(
      rule,
      revenue(6, 1200, () => 1),
    ).evidence['stage'] as { batchPeriods: number };
    expect(plain.batchPeriods).toBe(1);
  });

  test('holds when even long batches depend on each other, and on fewer than twenty periods', () => {
    expect(
      judge(
        rule,
        revenue(7, 100, (minute) => 1 + minute / 1000),
      ).reason,
    ).toContain('depend on each other');
    expect(
      judge(
        rule,
        revenue(8, 19, () => 0.1),
      ).reason,
    ).toContain('too few');
  });

  test('holds on a relative margin of a metric that is not positive', () => {
    const data = revenue(9, 100, () => 1);
    const periods = data.periods.map((period) => ({ ...period, champion: { sum: -5, count: 3000 } }));
    expect(judge(rule, { ...data, periods }).reason).toContain('needs a positive mean');
  });
});

describe('sampleRatio', () => {
  const rule = { kind: 'sampleRatio', challengerShare: 0.05 } as const;

  test('passes the configured split, holds on another one, and never fails', () => {
    expect(judge(rule, { challenger: 5021, champion: 94_979 }).kind).toBe('pass');
    expect(judge(rule, { challenger: 4000, champion: 96_000 }).reason).toContain('the traffic split is broken');
    expect(judge(rule, { challenger: 0, champion: 100_000 }).kind).toBe('hold');
    expect(judge(rule, { challenger: 49, champion: 950 }).reason).toContain('fewer than the 1000');
  });
});

describe('disagreement', () => {
  const rule = { kind: 'disagreement', maximumShare: 0.02 } as const;
  const shadow = { pairs: 20_000, unjoined: 0, hours: 48 };

  test('passes only when both minima are reached, whichever comes later', () => {
    expect(judge(rule, { ...shadow, disagreements: 200 }).kind).toBe('pass');
    expect(judge(rule, { ...shadow, hours: 47.9, disagreements: 200 }).kind).toBe('hold');
    expect(judge(rule, { ...shadow, pairs: 9999, disagreements: 10 }).kind).toBe('hold');
  });

  test('fails early when too much differs, and holds when the data cannot tell', () => {
    expect(judge(rule, { ...shadow, hours: 2, pairs: 1000, disagreements: 100 }).kind).toBe('fail');
    expect(judge(rule, { ...shadow, disagreements: 400 }).kind).toBe('hold');
  });

  test('holds when too many records have no partner', () => {
    expect(judge(rule, { ...shadow, unjoined: 2000, disagreements: 0 }).reason).toContain('have no partner');
  });

  test('shows agreement beyond chance when classes are given', () => {
    const confusion = [
      [9000, 100],
      [100, 800],
    ];
    const { evidence } = judge(rule, { pairs: 10_000, unjoined: 0, hours: 48, disagreements: 200, confusion });
    expect(evidence['kappa']).toBeCloseTo((0.98 - 0.8362) / (1 - 0.8362), 10);
  });
});

describe('numericDifference', () => {
  const rule = { kind: 'numericDifference', maximumBias: 0.1 } as const;
  const shadow = { pairs: 20_000, unjoined: 0, hours: 48, standardDeviation: 1 };

  test('passes a small shift, fails a large one in either direction, holds near the limit', () => {
    expect(judge(rule, { ...shadow, meanDifference: 0.02 }).kind).toBe('pass');
    expect(judge(rule, { ...shadow, meanDifference: -0.3 }).kind).toBe('fail');
    expect(judge(rule, { ...shadow, meanDifference: 0.1 }).kind).toBe('hold');
    expect(judge(rule, { ...shadow, hours: 3, meanDifference: 0.02 }).kind).toBe('hold');
  });
});

describe('drift', () => {
  const champion = [1000, 2000, 4000, 2000, 1000];
  const moved = [400, 1200, 3400, 3000, 2000];
  const edges = [0, 1, 2, 3, 4, 5];

  test.each(['psi', 'ks', 'linfRobust', 'jensenShannon', 'wasserstein', 'cramersV'] as const)(
    '%s passes the same distribution and not a moved one',
    (measure) => {
      const same = judge({ kind: 'drift', measure }, { champion, challenger: champion.map((n) => n / 2), edges });
      expect(same.kind).toBe('pass');
      expect(judge({ kind: 'drift', measure }, { champion, challenger: moved, edges }).kind).not.toBe('pass');
      const far = judge({ kind: 'drift', measure }, { champion, challenger: [0, 0, 0, 100, 9900], edges });
      expect(far.kind).toBe('fail');
    },
  );

  test('holds between the limits of psi, and when chance explains too much', () => {
    const mild = [850, 1800, 4000, 2100, 1700];
    expect(
      judge({ kind: 'drift', measure: 'psi', maximum: 0.02, failAbove: 0.2 }, { champion, challenger: mild }).kind,
    ).toBe('hold');
    const few = { champion, challenger: [3, 8, 16, 8, 5] };
    expect(judge({ kind: 'drift', measure: 'psi' }, few).reason).toContain('40 and 10000 samples');
    expect(judge({ kind: 'drift', measure: 'psi', minimumSamples: 10 }, few).kind).toBe('hold');
  });

  test('is not made infinite by an empty bin', () => {
    const verdict = judge({ kind: 'drift', measure: 'psi' }, { champion, challenger: [0, 2200, 4500, 2200, 1100] });
    expect(verdict.kind).toBe('fail');
    expect(Number.isFinite(verdict.evidence['value'])).toBe(true);
  });
});

describe('offline', () => {
  const rule = { kind: 'offline', metric: 'accuracy', absoluteMargin: 0.01, direction: 'higherIsBetter' } as const;
  const slice = (name: string, challenger: number, champion: number, trials = 20_000) => ({
    name,
    challenger: { value: challenger, trials },
    champion: { value: champion, trials },
  });

  test('passes when every slice shows it, fails when one slice has lost', () => {
    const slices = ['all', 'young', 'old'];
    const good = { slices: slices.map((name) => slice(name, 0.9, 0.9)) };
    expect(judge({ ...rule, slices }, good).kind).toBe('pass');
    const bad = judge({ ...rule, slices }, { slices: [...good.slices.slice(0, 2), slice('old', 0.85, 0.9)] });
    expect(bad).toMatchObject({ kind: 'fail', reason: 'accuracy loses more than 0.01: old by 0.05' });
  });

  test('holds on a slice that is missing, twice there, or too small', () => {
    expect(judge({ ...rule, slices: ['all', 'old'] }, { slices: [slice('all', 0.9, 0.9)] }).reason).toContain(
      'slice old',
    );
    expect(judge(rule, { slices: [slice('all', 0.9, 0.9), slice('all', 0.9, 0.9)] }).kind).toBe('hold');
    expect(judge(rule, { slices: [slice('all', 0.9, 0.9, 50)] }).kind).toBe('hold');
  });

  test('corrects for the number of slices', () => {
    const names = Array.from({ length: 40 }, (_, i) => `s${i}`);
    const one = { slices: [slice('all', 0.883, 0.9, 4000)] };
    expect(judge({ ...rule, absoluteMargin: 0.001 }, one).kind).toBe('fail');
    const many = {
      slices: names.map((name, i) => (i === 0 ? slice(name, 0.883, 0.9, 4000) : slice(name, 0.9, 0.9, 4000))),
    };
    expect(judge({ ...rule, absoluteMargin: 0.001, slices: names }, many).kind).toBe('hold');
  });

  test('takes standard errors, a paired difference, and bare values only when told to', () => {
    const rmse = { kind: 'offline', metric: 'rmse', absoluteMargin: 0.1, direction: 'lowerIsBetter' } as const;
    const report = (value: number, standardError?: number) => ({
      value,
      ...(standardError === undefined ? {} : { standardError }),
    });
    const data = (b: number, a: number, se?: number) => ({
      slices: [{ name: 'all', challenger: report(b, se), champion: report(a, se) }],
    });
    expect(judge(rmse, data(1.0, 1.0, 0.02)).kind).toBe('pass');
    expect(judge(rmse, data(1.3, 1.0, 0.02)).kind).toBe('fail');
    expect(judge(rmse, data(1.0, 1.0)).reason).toContain('must have standard errors');
    expect(judge({ ...rmse, uncertainty: 'ignored' }, data(1.0, 1.0)).kind).toBe('pass');
    expect(judge({ ...rmse, uncertainty: 'ignored' }, data(1.11, 1.0)).kind).toBe('fail');
    expect(judge(rmse, data(1.0, 1.0, 0)).kind).toBe('hold');
    const paired = (value: number) => ({ slices: [{ name: 'all', difference: { value, standardError: 0.01 } }] });
    expect(judge(rmse, paired(0.02)).kind).toBe('pass');
    expect(judge(rmse, paired(0.2)).kind).toBe('fail');
    expect(judge({ ...rmse, direction: 'higherIsBetter' }, paired(0.2)).kind).toBe('pass');
  });

  test('lists slices to look at that have not failed', () => {
    const slices = ['a', 'b'];
    const data = { slices: [slice('a', 0.894, 0.9), slice('b', 0.9, 0.9)] };
    expect(judge({ ...rule, slices }, data).evidence['investigate']).toEqual(['a']);
  });
});

describe('fairness', () => {
  const facet = (positive: number, n = 10_000) => ({
    name: 'age',
    disadvantaged: {
      TP: Math.round((n * positive) / 2),
      FN: 0,
      FP: Math.round((n * positive) / 2),
      TN: Math.round(n * (1 - positive)),
    },
    advantaged: { TP: n / 4, FN: 0, FP: n / 4, TN: n / 2 },
  });
  const di = { kind: 'fairness', limits: { DI: 0.8 }, facets: ['age'] } as const;

  test('judges disparate impact in both directions, and 0 as the greatest harm', () => {
    expect(judge(di, { facets: [facet(0.5)] }).kind).toBe('pass');
    expect(judge(di, { facets: [facet(0.3)] }).kind).toBe('fail');
    expect(judge(di, { facets: [facet(0.8)] }).kind).toBe('fail');
    const zero = { facets: [{ name: 'age', values: { DI: 0 } }] };
    expect(judge({ ...di, uncertainty: 'ignored' }, zero).kind).toBe('fail');
  });

  test('holds when the counts are too few to be sure', () => {
    expect(judge(di, { facets: [facet(0.5, 40)] }).kind).toBe('hold');
  });

  test('judges differences by their interval, whatever their sign', () => {
    const rule = { kind: 'fairness', limits: { DPPL: 0.1 }, facets: ['age'] } as const;
    expect(judge(rule, { facets: [facet(0.48)] }).kind).toBe('pass');
    expect(judge(rule, { facets: [facet(0.3)] }).kind).toBe('fail');
    expect(judge(rule, { facets: [facet(0.7)] }).kind).toBe('fail');
  });

  test('holds on bare values unless told to take them, and on a measure or facet that is missing', () => {
    const bare = { facets: [{ name: 'age', values: { DI: 0.95, GE: 0.01 } }] };
    expect(judge(di, bare).reason).toContain('has no interval');
    expect(judge({ ...di, uncertainty: 'ignored' }, bare).kind).toBe('pass');
    expect(judge({ ...di, facets: ['age', 'sex'], uncertainty: 'ignored' }, bare).reason).toContain('"sex"');
    expect(judge({ ...di, limits: { RD: 0.1 }, uncertainty: 'ignored' }, bare).kind).toBe('hold');
    expect(judge({ ...di, limits: { XX: 0.1 } }, bare).reason).toContain('no measure XX');
  });
});
