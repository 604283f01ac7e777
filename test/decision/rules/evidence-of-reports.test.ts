import { describe, expect, test } from 'vitest';
import { chiSquareQuantile, farringtonManning, judge, katzCi, newcombeCi, normalCdf } from '../../../decision';
import { expectNear } from './near';

const sum = (list: readonly number[]) => list.reduce((all, value) => all + value, 0);

describe('evidence of drift', () => {
  const champion = [1000, 2000, 4000, 2000, 1000];
  const challenger = [450, 1100, 2000, 1000, 450];
  const [n, m] = [5000, 10_000];
  const both = 1 / n + 1 / m;
  const of = (list: readonly number[], add = 0) => list.map((count) => (count + add) / (sum(list) + add * 5));
  const psi = sum(of(champion, 0.5).map((p, i) => (of(challenger, 0.5)[i] - p) * Math.log(of(challenger, 0.5)[i] / p)));
  const psiNoise = (alpha: number) => both * chiSquareQuantile({ p: 1 - alpha, df: 4 });
  const ksNoise = (alpha: number) => Math.sqrt((-Math.log(alpha / 2) / 2) * both);
  // cumulative shares: champion .1 .3 .7 .9 1, challenger .09 .31 .71 .91 1
  const ks = 0.01;
  const halves = of(champion, 0.5).map((p, i) => (p + of(challenger, 0.5)[i]) / 2);
  const divergence = (list: readonly number[]) => sum(list.map((p, i) => p * Math.log2(p / halves[i])));
  const jensenShannon = Math.sqrt((divergence(of(champion, 0.5)) + divergence(of(challenger, 0.5))) / 2);
  const joint = champion.map((count, i) => count + challenger[i]);
  const chi2 = sum(
    joint.map((count, i) => {
      const [ea, eb] = [(count * m) / (n + m), (count * n) / (n + m)];
      return (champion[i] - ea) ** 2 / ea + (challenger[i] - eb) ** 2 / eb;
    }),
  );

  test.each([
    ['psi', psi, psiNoise(0.01), 0.25],
    ['ks', ks, ksNoise(0.01), 0.1],
    ['linfRobust', 0, 0, 0.1],
    ['jensenShannon', jensenShannon, Math.sqrt(psiNoise(0.01) / 8 / Math.log(2)), 0.1],
    ['cramersV', Math.sqrt(chi2 / (n + m)), Math.sqrt(chiSquareQuantile({ p: 0.99, df: 4 }) / (n + m)), 0.1],
  ] as const)('replays %s with the usual limits', (measure, value, noise, failAbove) => {
    const { evidence } = judge({ kind: 'drift', measure }, { champion, challenger });
    const expected = { rule: 'drift', version: 1, measure, maximum: 0.1, failAbove, alpha: 0.01, champion, challenger };
    expectNear(evidence, { ...expected, value, noise });
  });

  test('replays other limits and another level; a limit of psi moves both', () => {
    const rule = { kind: 'drift', measure: 'psi', maximum: 0.02, alpha: 0.05 } as const;
    const { evidence } = judge(rule, { champion, challenger });
    expect(evidence).toMatchObject({ maximum: 0.02, failAbove: 0.02, alpha: 0.05 });
    expectNear(evidence['noise'], psiNoise(0.05));
    expect(judge({ ...rule, failAbove: 0.3 }, { champion, challenger }).evidence['failAbove']).toBe(0.3);
  });

  test('takes off what chance explains of a difference that Model Monitor calls robust', () => {
    const moved = [1450, 1600, 1000, 500, 450];
    const { evidence } = judge({ kind: 'drift', measure: 'linfRobust' }, { champion, challenger: moved });
    // challenger's cumulative shares .29 .61 .81 .91 1: the second bin is .31 apart
    expectNear([evidence['value'], evidence['noise']], [0.31 - 1.8 * Math.sqrt(both), 0]);
  });

  test('measures the way from one histogram to the other in standard deviations of the champion', () => {
    const edges = [0, 1, 2, 4, 8, 10];
    const { evidence } = judge({ kind: 'drift', measure: 'wasserstein' }, { champion, challenger, edges });
    // middles .5 1.5 3 6 9: mean .05 + .3 + 1.2 + 1.2 + .9 = 3.65
    const sd = Math.sqrt(0.1 * 3.15 ** 2 + 0.2 * 2.15 ** 2 + 0.4 * 0.65 ** 2 + 0.2 * 2.35 ** 2 + 0.1 * 5.35 ** 2);
    const gaps = [1, 1.5, 3, 3];
    const area = 0.01 * sum(gaps);
    // joint cumulative shares, of 15,000
    const below = [1450, 4550, 10_550, 13_550].map((count) => count / 15_000);
    const spread = sum(below.map((share, i) => Math.sqrt(share * (1 - share)) * gaps[i]));
    // z of 0.995
    const noise = 2.5758293035489004 * spread * Math.sqrt(both);
    expectNear([evidence['value'], evidence['noise']], [area / sd, noise / sd]);
  });

  test('finds no way at all, or a long one, from a champion that always says the same', () => {
    const data = { champion: [0, 5000, 0], edges: [0, 1, 2, 3] };
    const measure = { kind: 'drift', measure: 'wasserstein' } as const;
    expect(judge(measure, { ...data, challenger: [0, 5000, 0] }).evidence).toMatchObject({ value: 0, noise: 0 });
    expect(judge(measure, { ...data, challenger: [1, 4999, 0] }).evidence).toMatchObject({ value: 1e9, noise: 0 });
  });

  test('has nothing to compare when all samples share one bin', () => {
    const data = { champion: [0, 5000], challenger: [0, 3000] };
    expect(judge({ kind: 'drift', measure: 'cramersV' }, data)).toMatchObject({
      kind: 'pass',
      evidence: { value: 0, noise: 0 },
    });
  });
});

describe('evidence of offline', () => {
  const rule = { kind: 'offline', metric: 'accuracy', absoluteMargin: 0.02 } as const;
  const slice = (name: string, challenger: number, champion: number, trials: number) => ({
    name,
    challenger: { value: challenger, trials },
    champion: { value: champion, trials: 2 * trials },
  });

  test('replays shares of examples, corrected for the number of slices', () => {
    const slices = ['a', 'b', 'c'];
    const data = { slices: [slice('b', 0.9, 0.88, 1000), slice('a', 0.87, 0.9, 2000), slice('c', 0.8, 0.84, 500)] };
    const { evidence } = judge({ ...rule, direction: 'higherIsBetter', slices }, data);
    const counts = [
      { xb: 260, nb: 2000, xa: 400, na: 4000 },
      { xb: 100, nb: 1000, xa: 240, na: 2000 },
      { xb: 100, nb: 500, xa: 160, na: 1000 },
    ];
    const p = counts.map((count) => farringtonManning({ ...count, margin: 0.02 }));
    const any = counts.map((count) => farringtonManning({ ...count, margin: 0 }).pHarm);
    // the smallest of three p-values counts threefold, the next twofold, and none counts less than the one before it
    expect(p[0].pHarm < p[2].pHarm && p[2].pHarm < p[1].pHarm).toBe(true);
    const holm = [3 * p[0].pHarm, 0, 0];
    holm[2] = Math.max(holm[0], 2 * p[2].pHarm);
    holm[1] = Math.min(1, Math.max(holm[2], p[1].pHarm));
    const test = (i: number, name: string, loss: number) => ({
      name,
      loss,
      pHarm: p[i].pHarm,
      pSafe: p[i].pSafe,
      pAnyLoss: any[i],
      method: 'farringtonManning',
      pHarmHolm: holm[i],
    });
    expectNear(evidence, {
      rule: 'offline',
      version: 1,
      metric: 'accuracy',
      absoluteMargin: 0.02,
      alpha: 0.05,
      uncertainty: 'required',
      slices: [test(0, 'a', 0.03), test(1, 'b', -0.02), test(2, 'c', 0.04)],
      investigate: ['a', 'c'],
    });
  });

  test('takes shares as failures where low is good', () => {
    const data = { slices: [slice('all', 0.12, 0.1, 1000)] };
    const { evidence } = judge({ ...rule, direction: 'lowerIsBetter', alpha: 0.1 }, data);
    const { pHarm, pSafe } = farringtonManning({ xb: 120, nb: 1000, xa: 200, na: 2000, margin: 0.02 });
    expect(evidence['alpha']).toBe(0.1);
    expectNear((evidence['slices'] as unknown[])[0], {
      name: 'all',
      loss: 0.02,
      pHarm,
      pSafe,
      pAnyLoss: farringtonManning({ xb: 120, nb: 1000, xa: 200, na: 2000, margin: 0 }).pHarm,
      method: 'farringtonManning',
      pHarmHolm: pHarm,
    });
  });

  test.each([
    [
      'two reports',
      'lowerIsBetter',
      { challenger: { value: 2.1, standardError: 0.03 }, champion: { value: 2, standardError: 0.04 } },
    ],
    [
      'two reports',
      'higherIsBetter',
      { challenger: { value: 2, standardError: 0.03 }, champion: { value: 2.1, standardError: 0.04 } },
    ],
    ['a paired difference', 'lowerIsBetter', { difference: { value: 0.1, standardError: 0.05 } }],
    ['a paired difference', 'higherIsBetter', { difference: { value: -0.1, standardError: 0.05 } }],
  ] as const)('replays standard errors of %s where %s', (_, direction, reports) => {
    const { evidence } = judge({ ...rule, direction }, { slices: [{ name: 'all', ...reports }] });
    // a loss of 0.1 with a standard error of 0.05: 1.6 of them beyond the margin, 2 beyond nothing
    const pHarm = normalCdf({ z: -1.6 });
    expectNear(evidence['slices'], [
      {
        name: 'all',
        loss: 0.1,
        pHarm,
        pSafe: normalCdf({ z: 1.6 }),
        pAnyLoss: normalCdf({ z: -2 }),
        method: 'normal',
        pHarmHolm: pHarm,
      },
    ]);
  });

  test.each([
    [0.021, 0, 1, 0],
    [0.02, 1, 0, 0],
    [0.001, 1, 0, 0],
    [0, 1, 0, 1],
    [-0.1, 1, 0, 1],
  ])('compares bare values when told to: a loss of %d', (loss, pHarm, pSafe, pAnyLoss) => {
    const data = { slices: [{ name: 'all', difference: { value: loss } }] };
    const { evidence } = judge({ ...rule, direction: 'lowerIsBetter', uncertainty: 'ignored' }, data);
    expect(evidence['uncertainty']).toBe('ignored');
    expectNear(evidence['slices'], [{ name: 'all', loss, pHarm, pSafe, pAnyLoss, method: 'bare', pHarmHolm: pHarm }]);
  });

  const all = (slice: object) =>
    judge({ ...rule, direction: 'higherIsBetter' }, { slices: [{ name: 'all', ...slice } as never] });
  const untested = { name: 'all', loss: 'NaN', pHarm: 1, pSafe: 1, pAnyLoss: 1, method: 'none' };

  test.each([
    [1.2, 0.9],
    [0.9, 1.2],
    [-0.2, 0.9],
    [0.9, -0.2],
  ])('holds on shares of examples outside of 0 and 1: %d and %d', (b, a) => {
    const verdict = all({ challenger: { value: b, trials: 100 }, champion: { value: a, trials: 100 } });
    expect(verdict.reason).toBe(`all must have shares of its examples between 0 and 1, got ${b} and ${a}`);
    expect(verdict.evidence['slices']).toEqual([untested]);
  });

  test('takes shares of 0 and of 1 as they are', () => {
    const verdict = all({ challenger: { value: 1, trials: 1000 }, champion: { value: 0, trials: 1000 } });
    expect(verdict.kind).toBe('pass');
    expect(all({ challenger: { value: 0, trials: 1000 }, champion: { value: 1, trials: 1000 } }).kind).toBe('fail');
  });

  test.each([
    ['one number of examples', { value: 0.9, trials: 1000 }, { value: 0.9 }],
    ['the other number of examples', { value: 0.9 }, { value: 0.9, trials: 1000 }],
    ['one standard error', { value: 0.9, standardError: 0.001 }, { value: 0.9 }],
    ['the other standard error', { value: 0.9 }, { value: 0.9, standardError: 0.001 }],
    ['numbers of examples that are null', { value: 0.9, trials: null }, { value: 0.9, trials: null }],
  ])('holds on %s alone', (_, challenger, champion) => {
    const verdict = all({ challenger, champion });
    expect(verdict).toMatchObject({ kind: 'hold', evidence: { slices: [untested] } });
    expect(verdict.reason).toBe('all must have standard errors or numbers of examples, or uncertainty must be ignored');
  });

  test('names what is missing of a slice, and shows the slices that it could read', () => {
    expect(all({ challenger: { value: 0.9, trials: 100 } }).reason).toBe(
      'all.champion must be an object, got nothing; all.champion.value must be a finite number, got nothing; ' +
        'all must have standard errors or numbers of examples, or uncertainty must be ignored',
    );
    expect(all({ difference: 7 }).reason).toContain('all.difference must be an object, got 7');
    const { evidence } = judge(
      { ...rule, direction: 'lowerIsBetter', slices: ['a', 'b'] },
      { slices: [{ name: 'a', difference: { value: 0.1, standardError: 0.05 } }] },
    );
    expect(evidence['slices']).toMatchObject([{ name: 'a', loss: 0.1, method: 'normal' }]);
  });

  test('looks at slices that lose something by the share of false alarms among them, below a tenth', () => {
    const names = ['a', 'b', 'c'];
    const investigate = (z: readonly number[]) =>
      judge(
        { ...rule, direction: 'lowerIsBetter', slices: names },
        { slices: names.map((name, i) => ({ name, difference: { value: z[i] * 0.001, standardError: 0.001 } })) },
      ).evidence['investigate'];
    // p of z: 1.9 0.0287, 1.82 0.0344, 1.6 0.0548, 1.2 0.115; of three the first counts 3-fold, the second 3/2-fold
    expect(investigate([1.2, 1.9, 1.6])).toEqual(['b', 'c']);
    expect(investigate([1.2, 1.9, 1.2])).toEqual(['b']);
    expect(investigate([1.2, 1.82, 1.2])).toEqual([]);
    expect(investigate([0, 2, 0])).toEqual(['b']);
  });
});

describe('evidence of fairness', () => {
  const disadvantaged = { TP: 300, FN: 120, FP: 80, TN: 500 };
  const advantaged = { TP: 700, FN: 180, FP: 220, TN: 900 };
  const facets = [{ name: 'age', disadvantaged, advantaged }];
  const measured = (limits: Record<string, number>, alpha?: number, uncertainty?: 'ignored') =>
    judge(
      {
        kind: 'fairness',
        limits,
        facets: ['age'],
        ...(alpha === undefined ? {} : { alpha }),
        ...(uncertainty === undefined ? {} : { uncertainty }),
      },
      { facets },
    );

  test('replays disparate impact and differences of shares from counts', () => {
    // d of the disadvantaged, a of the advantaged; the value is a less d, or d less a for SD and DRR
    const d = (xb: number, nb: number, xa: number, na: number) => newcombeCi({ xb, nb, xa, na, conf: 0.9 });
    const rows = [
      ['DI', 0.38 / 0.46, katzCi({ xb: 380, nb: 1000, xa: 920, na: 2000, conf: 0.9 }), 0.8],
      ['DPPL', 0.46 - 0.38, d(920, 2000, 380, 1000), 0.1],
      ['RD', 700 / 880 - 300 / 420, d(700, 880, 300, 420), 0.1],
      ['SD', 500 / 580 - 900 / 1120, d(500, 580, 900, 1120), 0.1],
      ['DAR', 700 / 920 - 300 / 380, d(700, 920, 300, 380), 0.1],
      ['DRR', 500 / 620 - 900 / 1080, d(500, 620, 900, 1080), 0.1],
      ['AD', 0.8 - 0.8, d(1600, 2000, 800, 1000), 0.1],
    ] as const;
    const { evidence } = measured(Object.fromEntries(rows.map(([name, , , limit]) => [name, limit])));
    const side = (low: number, high: number, least: number, most: number) =>
      low >= least && high <= most ? 'pass' : high < least || low > most ? 'fail' : 'hold';
    expectNear(evidence, {
      rule: 'fairness',
      version: 1,
      alpha: 0.05,
      uncertainty: 'required',
      measures: rows.map(([measure, value, interval, limit]) => ({
        facet: 'age',
        measure,
        value,
        interval,
        limit,
        kind: measure === 'DI' ? side(interval[0], interval[1], 0.8, 1.25) : side(interval[0], interval[1], -0.1, 0.1),
      })),
    });
    expect((evidence['measures'] as { kind: string }[]).map(({ kind }) => kind)).toContain('pass');
  });

  test('takes the level that it is given for its intervals', () => {
    const { evidence } = measured({ DI: 0.8 }, 0.01);
    expect(evidence['alpha']).toBe(0.01);
    const interval = katzCi({ xb: 380, nb: 1000, xa: 920, na: 2000, conf: 0.98 });
    expectNear((evidence['measures'] as { interval: number[] }[])[0].interval, interval);
  });

  test('gives no interval to measures that are no shares', () => {
    const { evidence } = measured({ DCAcc: 1, DCR: 1, TE: 1, GE: 1 }, undefined, 'ignored');
    const benefit = (1600 + 800 + 2 * 300) / 3000;
    expectNear(evidence, {
      rule: 'fairness',
      version: 1,
      alpha: 0.05,
      uncertainty: 'ignored',
      measures: [
        ['DCAcc', 880 / 920 - 420 / 380],
        ['DCR', 580 / 620 - 1120 / 1080],
        ['TE', 120 / 80 - 180 / 220],
        ['GE', ((2400 + 4 * 300) / 3000 / benefit ** 2 - 1) / 2],
      ].map(([measure, value]) => ({ facet: 'age', measure, value, interval: null, limit: 1, kind: 'pass' })),
    });
  });
});
