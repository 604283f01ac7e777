import { describe, expect, test } from 'vitest';
import type { Rule, RuleData, Verdict } from '../../../decision';
import { judgeAnything } from './broken-inputs';
import { type Minute, series } from './by-definition';

const repeat = (minute: Minute, times = 40) => Array.from({ length: times }, () => minute);
const equal = repeat({ xb: 30, nb: 3000, xa: 30, na: 3000 });
const worse = repeat({ xb: 300, nb: 3000, xa: 30, na: 3000 });
const few = repeat({ xb: 0, nb: 30, xa: 0, na: 30 });
/** Twenty minutes of both arms, and then one of them for eleven. */
const onlyChallenger = [...equal, ...repeat({ xb: 30, nb: 3000, xa: 0, na: 0 }, 11)];
const onlyChampion = [...equal, ...repeat({ xb: 0, nb: 0, xa: 30, na: 3000 }, 11)];
const silent = 'no data of every arm for 660 s, at most 600 s is allowed';
/** Money a session: 10 of the champion and what the challenger makes of it, with a little noise. */
const money = (value: number, times = 60) =>
  Array.from({ length: times }, (_, i) => ({
    xb: (value + ((i * 7) % 10) / 50) * 1000,
    nb: 1000,
    xa: (10 + ((i * 3) % 10) / 50) * 1000,
    na: 1000,
  }));

const difference = { kind: 'countDifference', absoluteMargin: 0.0123 } as const;
const ratio = { kind: 'countRatio', relativeMargin: 0.523, direction: 'lowerIsBetter' } as const;
const exceedance = { kind: 'exceedance', maximumShare: 0.0123 } as const;
const holdback = { kind: 'watch', absoluteMargin: 0.0123 } as const;
const alone = { kind: 'watch', maximumShare: 0.0123 } as const;
const mean = { kind: 'mean', relativeMargin: 0.05, direction: 'higherIsBetter' } as const;
const shadow = { pairs: 20_000, unjoined: 0, hours: 48 };
const disagreement = { kind: 'disagreement', maximumShare: 0.02 } as const;
const numeric = { kind: 'numericDifference', maximumBias: 0.1 } as const;
const spread = { ...shadow, standardDeviation: 1 };
const psi = { kind: 'drift', measure: 'psi', maximum: 0.1, failAbove: 0.25 } as const;
const bins = [1000, 2000, 1000];
const offline = { kind: 'offline', metric: 'rmse', absoluteMargin: 0.1, direction: 'lowerIsBetter' } as const;
const losses = (...list: readonly number[]) => ({
  slices: list.map((value, i) => ({ name: 'ab'[i], difference: { value, standardError: 0.01 } })),
});
const fairness = { kind: 'fairness', limits: { DI: 0.8, GE: 0.1 }, facets: ['age'], uncertainty: 'ignored' } as const;
const values = (DI: number, GE: number) => ({ facets: [{ name: 'age', values: { DI, GE } }] });
const group = (TP: number, FN: number) => ({ TP, FN, FP: 0, TN: 0 });
const counted = { kind: 'fairness', limits: { DI: 0.8 }, facets: ['age'] } as const;

const rows: readonly (readonly [rule: Rule, data: RuleData, kind: Verdict['kind'], reason: string])[] = [
  [
    difference,
    series(equal),
    'pass',
    "the challenger's rate is less than 1.23 % above the champion's: 1 % against 1 %",
  ],
  [
    difference,
    series(worse),
    'fail',
    "the challenger's rate is more than 1.23 % above the champion's: 10 % against 1 %",
  ],
  [difference, series(few), 'hold', 'not decided after 40 periods'],
  [difference, series(onlyChallenger), 'hold', silent],
  [difference, series(onlyChampion), 'hold', silent],
  [difference, series([]), 'hold', 'no data of every arm at all, at most 600 s is allowed'],
  [ratio, series(equal), 'pass', "the challenger's rate is within 52.3 % of the champion's, or better"],
  [ratio, series(worse), 'fail', "the challenger's rate is worse than the champion's by more than 52.3 %"],
  [ratio, series(few), 'hold', 'not decided after 40 periods'],
  [ratio, series(onlyChallenger), 'hold', silent],
  [exceedance, series(repeat({ xb: 3, nb: 3000, xa: 0, na: 0 })), 'pass', 'the share of events is below 1.23 %'],
  [exceedance, series(worse), 'fail', 'the share of events is above 1.23 %'],
  [exceedance, series(few), 'hold', 'not decided after 40 periods'],
  [exceedance, series(onlyChallenger), 'pass', 'the share of events is below 1.23 %'],
  [exceedance, series(onlyChampion), 'hold', silent],
  [holdback, series(equal), 'pass', 'no sign of harm so far'],
  [holdback, series(worse), 'fail', "the rate has risen more than 1.23 % above the champion holdback's"],
  [holdback, series(onlyChallenger), 'hold', silent],
  [alone, series(onlyChallenger), 'pass', 'no sign of harm so far'],
  [alone, series(worse), 'fail', 'the rate has risen above 1.23 %'],
  [alone, series(onlyChampion), 'hold', silent],
  [holdback, series([{ xb: 0, nb: 1e-200, xa: 30, na: 3000 }, ...worse]), 'hold', 'the evidence cannot be read'],
  [
    { kind: 'watch' },
    series(equal),
    'hold',
    'exactly one of absoluteMargin and maximumShare must be given; maximumShare must be a finite number, got nothing',
  ],
  [{ ...alone, ...holdback }, series(equal), 'hold', 'exactly one of absoluteMargin and maximumShare must be given'],
  [mean, series(money(10)), 'pass', 'the challenger is within its margin'],
  [mean, series(money(9)), 'fail', 'the challenger is worse than the margin allows'],
  [mean, series(money(9.5)), 'hold', 'not decided after 60 periods'],
  [mean, series(money(10, 19)), 'hold', '19 periods with data of both arms are too few for an interval'],
  [mean, series(money(10, 20)), 'pass', 'the challenger is within its margin'],
  [mean, series([...money(10), ...onlyChallenger.slice(-11)]), 'hold', silent],
  [
    mean,
    series(money(10).map((minute, i) => ({ ...minute, xb: minute.xb + 100 * i }))),
    'hold',
    'neighbouring periods depend on each other too much for an interval',
  ],
  [
    mean,
    series(money(10).map((minute) => ({ ...minute, xa: 0 }))),
    'hold',
    'a relative margin needs a positive mean of the champion',
  ],
  [mean, series([]), 'hold', 'no data of every arm at all, at most 600 s is allowed'],
  [
    { kind: 'mean', direction: 'higherIsBetter' },
    series(equal),
    'hold',
    'exactly one of relativeMargin and absoluteMargin must be given; absoluteMargin must be a finite number, got nothing',
  ],
  [
    { ...mean, absoluteMargin: 1 },
    series(equal),
    'hold',
    'exactly one of relativeMargin and absoluteMargin must be given',
  ],
  [disagreement, { ...shadow, disagreements: 200 }, 'pass', '200 of 20000 answers differ, less than a share of 0.02'],
  [disagreement, { ...shadow, disagreements: 800 }, 'fail', '800 of 20000 answers differ, more than a share of 0.02'],
  [
    disagreement,
    { ...shadow, disagreements: 400 },
    'hold',
    '400 of 20000 answers differ: not enough pairs to tell that from a share of 0.02',
  ],
  [
    disagreement,
    { ...shadow, pairs: 5, disagreements: 5, hours: 1 },
    'fail',
    '5 of 5 answers differ, more than a share of 0.02',
  ],
  [disagreement, { ...shadow, pairs: 5, disagreements: 6 }, 'hold', 'disagreements must be at most pairs, got 6 of 5'],
  [
    disagreement,
    { ...shadow, hours: 47, disagreements: 200 },
    'hold',
    '20000 pairs in 47 h, needed are 10000 and 48 h',
  ],
  [
    disagreement,
    { ...shadow, hours: 47.999, disagreements: 200 },
    'hold',
    '20000 pairs in 47.99 h, needed are 10000 and 48 h',
  ],
  [
    disagreement,
    { pairs: 95, unjoined: 5, hours: 48, disagreements: 95 },
    'fail',
    '95 of 95 answers differ, more than a share of 0.02',
  ],
  [
    disagreement,
    { pairs: 94, unjoined: 6, hours: 48, disagreements: 94 },
    'hold',
    '6 of 100 records have no partner, a share of at most 0.05 is allowed',
  ],
  [disagreement, { pairs: 0, unjoined: 0, hours: 0, disagreements: 0 }, 'hold', 'no pairs have been seen'],
  [numeric, { ...spread, meanDifference: 0.01 }, 'pass', 'answers differ by 0.01 on average, within 0.1'],
  [numeric, { ...spread, meanDifference: -0.2 }, 'fail', 'answers differ by -0.2 on average, more than 0.1'],
  [
    numeric,
    { ...spread, meanDifference: 0.09 },
    'hold',
    'answers differ by 0.09 on average: not enough pairs to tell that from 0.1',
  ],
  [
    numeric,
    { ...spread, pairs: 99, meanDifference: 9 },
    'hold',
    '99 pairs are fewer than the 100 that an interval needs',
  ],
  [numeric, { ...spread, pairs: 100, meanDifference: 9 }, 'fail', 'answers differ by 9 on average, more than 0.1'],
  [numeric, { ...spread, hours: 47, meanDifference: 0.01 }, 'hold', '20000 pairs in 47 h, needed are 10000 and 48 h'],
  [
    numeric,
    { ...spread, unjoined: 20_000, meanDifference: 9 },
    'hold',
    '20000 of 40000 records have no partner, a share of at most 0.05 is allowed',
  ],
  [psi, { champion: bins, challenger: bins }, 'pass', 'psi is 0, of which chance may explain 0.004605: within 0.1'],
  [
    psi,
    { champion: bins, challenger: [2000, 1000, 1000] },
    'fail',
    'psi is 0.3463, of which chance may explain 0.004605: above 0.25',
  ],
  [
    psi,
    { champion: bins, challenger: [1500, 1500, 1000] },
    'pass',
    'psi is 0.08658, of which chance may explain 0.004605: within 0.1',
  ],
  [
    psi,
    { champion: bins, challenger: [1650, 1350, 1000] },
    'hold',
    'psi is 0.1451, of which chance may explain 0.004605: neither clearly within 0.1 nor above 0.25',
  ],
  [
    psi,
    { champion: bins, challenger: [300, 400, 299] },
    'hold',
    '999 and 4000 samples, at least 1000 are needed on each side',
  ],
  [
    psi,
    { champion: [300, 400, 299], challenger: bins },
    'hold',
    '4000 and 999 samples, at least 1000 are needed on each side',
  ],
  [
    psi,
    { champion: bins, challenger: [1000, 2000] },
    'hold',
    'champion and challenger must have the same number of bins',
  ],
  [
    { ...psi, failAbove: 0.09 },
    { champion: bins, challenger: bins },
    'hold',
    'failAbove must be at least maximum, got 0.09 and 0.1',
  ],
  [
    { ...psi, measure: 'wasserstein' },
    { champion: bins, challenger: bins, edges: [0, 1, 2] },
    'hold',
    'edges must be one more than the bins, got 3 for 3',
  ],
  [
    { ...psi, measure: 'wasserstein' },
    { champion: bins, challenger: bins, edges: [0, 1, 1, 2] },
    'hold',
    'edges must rise',
  ],
  [
    offline,
    { slices: [{ name: 'all', difference: { value: 0, standardError: 0.01 } }] },
    'pass',
    'rmse loses less than 0.1 in every slice',
  ],
  [
    { ...offline, slices: ['a', 'b'] },
    losses(0.2, 0.300051),
    'fail',
    'rmse loses more than 0.1: a by 0.2, b by 0.3001',
  ],
  [
    { ...offline, slices: ['a', 'b'] },
    losses(0.1, 0),
    'hold',
    'too few examples to tell rmse from a loss of 0.1: a by 0.1',
  ],
  [
    { ...offline, slices: ['a', 'b'] },
    { slices: [...losses(0).slices, ...losses(0).slices] },
    'hold',
    'slice a must be in the reports once, found 2 times; slice b must be in the reports once, found 0 times',
  ],
  [
    { ...offline, metric: '' },
    { slices: [] },
    'hold',
    'metric must be a name, got the text ""; slice all must be in the reports once, found 0 times',
  ],
  [fairness, values(1, 0), 'pass', 'all 2 measures are within their limits'],
  [fairness, values(0.512345, 0.2), 'fail', 'DI of age is 0.5123, GE of age is 0.2'],
  [
    counted,
    { facets: [{ name: 'age', disadvantaged: group(5, 5), advantaged: group(5, 5) }] },
    'hold',
    'too few examples to be sure: DI of age is 1',
  ],
  [fairness, values(-0.1, 0), 'hold', 'DI of age must not be negative, got -0.1'],
  [
    counted,
    values(1, 0),
    'hold',
    'DI of age has no interval: give counts of a measure that has one, or ignore uncertainty',
  ],
  [fairness, { facets: [] }, 'hold', 'facet the text "age" must be in the data once, found 0 times'],
  [{ ...fairness, limits: {} }, values(1, 0), 'hold', 'limits must name at least one measure'],
  [
    { ...fairness, limits: { XX: 1 } },
    values(1, 0),
    'hold',
    'limits has no measure XX, it may be one of DI, DPPL, RD, SD, DAR, DRR, AD, DCAcc, DCR, TE, GE',
  ],
  [
    psi,
    { champion: [250, 500, 250], challenger: [250, 500, 250] },
    'pass',
    'psi is 0, of which chance may explain 0.01842: within 0.1',
  ],
  [fairness, { facets: [null as never, ...values(1, 0).facets] }, 'pass', 'all 2 measures are within their limits'],
  [{ ...offline, slices: [7 as never] }, { slices: [] }, 'hold', 'slices must be names, got 7'],
  [
    difference,
    { ...series(equal), asOf: 3000 },
    'pass',
    "the challenger's rate is less than 1.23 % above the champion's: 1 % against 1 %",
  ],
  [difference, { ...series(equal), asOf: 3001 }, 'hold', 'no data of every arm for 601 s, at most 600 s is allowed'],
  [
    mean,
    { ...series(money(10, 1)), periods: [{ start: 0, challenger: { sum: 5, count: 0 }, champion: null }] },
    'hold',
    'periods[0].challenger must have a sum of 0 without samples, got 5',
  ],
  [
    { kind: 'sampleRatio', challengerShare: 0.1 },
    { challenger: 100, champion: 900 },
    'pass',
    'the challenger got 100 of 1000 requests, as configured',
  ],
  [
    { kind: 'sampleRatio', challengerShare: 0.1 },
    { challenger: 400, champion: 600 },
    'hold',
    'the traffic split is broken: the challenger got 400 of 1000 requests, its share should be 0.1',
  ],
  [
    { kind: 'sampleRatio', challengerShare: 0.1 },
    { challenger: 99, champion: 900 },
    'hold',
    '999 requests are fewer than the 1000 that the rule needs',
  ],
  [{ kind: 'ceiling', maximum: 5, minimumSamples: 3 }, { value: 4, samples: 3 }, 'pass', '4 is within its limits'],
  [
    { kind: 'ceiling', maximum: 5, minimumSamples: 3 },
    { value: 4, samples: 2 },
    'hold',
    '2 samples are fewer than the 3 that the rule needs',
  ],
  [
    { kind: 'ceiling', minimum: 3, maximum: 2 },
    { value: 2, samples: 1 },
    'hold',
    'minimum must not be above maximum, got 3 and 2',
  ],
  [
    { kind: 'alarm', alarms: ['a', 'b'] },
    { alarms: ['a', 'b'].map((name) => ({ name, state: 'OK' })) },
    'pass',
    'all 2 alarms are OK',
  ],
  [
    { kind: 'alarm', alarms: ['a', 'b'] },
    { alarms: ['a', 'b'].map((name) => ({ name, state: 'ALARM' })) },
    'fail',
    'a, b in ALARM',
  ],
  [
    { kind: 'alarm', alarms: ['a'] },
    { alarms: ['a', 'a'].map((name) => ({ name, state: 'OK' })) },
    'hold',
    'alarm a was reported 2 times',
  ],
];

describe('what a verdict says', () => {
  test.each(rows)('%# of %j', (rule, data, kind, reason) => {
    expect(judgeAnything(rule, data)).toMatchObject({ kind, reason, evidence: { rule: rule.kind } });
  });
});
