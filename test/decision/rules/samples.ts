import type { Rule, RuleData, RuleKind } from '../../../decision';
import { stage, stream } from '../simulate';

const healthy = stage(stream(11), 180, { challenger: 600, champion: 5700 }, () => ({
  challenger: 0.002,
  champion: 0.01,
}));
const random = stream(12);
const revenue = {
  ...healthy,
  periods: healthy.periods.map(({ start }) => ({
    start,
    challenger: { sum: 600 * (10 + random()), count: 600 },
    champion: { sum: 5700 * (10 + random()), count: 5700 },
  })),
};
const conversions = stage(stream(13), 180, { challenger: 3000, champion: 3000 }, () => ({
  challenger: 0.32,
  champion: 0.3,
}));
const shadow = { pairs: 20_000, unjoined: 10, hours: 50 };

/** For every rule one input that passes: what a table of broken inputs starts from. */
export const passing: {
  readonly [K in RuleKind]: { readonly rule: Rule & { readonly kind: K }; readonly data: RuleData };
} = {
  alarm: { rule: { kind: 'alarm', alarms: ['a'] }, data: { alarms: [{ name: 'a', state: 'OK' }] } },
  ceiling: { rule: { kind: 'ceiling', maximum: 5, minimumSamples: 10 }, data: { value: 4, samples: 20 } },
  countDifference: { rule: { kind: 'countDifference', absoluteMargin: 0.005 }, data: healthy },
  countRatio: { rule: { kind: 'countRatio', relativeMargin: 0.02, direction: 'higherIsBetter' }, data: conversions },
  disagreement: { rule: { kind: 'disagreement', maximumShare: 0.02 }, data: { ...shadow, disagreements: 200 } },
  drift: {
    rule: { kind: 'drift', measure: 'wasserstein', maximum: 0.2 },
    data: { champion: [1000, 2000, 1000], challenger: [1010, 1980, 1010], edges: [0, 1, 2, 3] },
  },
  exceedance: { rule: { kind: 'exceedance', maximumShare: 0.01 }, data: healthy },
  fairness: {
    rule: { kind: 'fairness', limits: { DI: 0.8, DPPL: 0.1 }, facets: ['age'] },
    data: {
      facets: [
        {
          name: 'age',
          disadvantaged: { TP: 4000, FN: 1000, FP: 1000, TN: 4000 },
          advantaged: { TP: 4050, FN: 1000, FP: 1000, TN: 3950 },
        },
      ],
    },
  },
  mean: { rule: { kind: 'mean', relativeMargin: 0.02, direction: 'higherIsBetter' }, data: revenue },
  numericDifference: {
    rule: { kind: 'numericDifference', maximumBias: 0.1 },
    data: { ...shadow, meanDifference: 0.01, standardDeviation: 1 },
  },
  offline: {
    rule: { kind: 'offline', metric: 'accuracy', absoluteMargin: 0.01, direction: 'higherIsBetter' },
    data: {
      slices: [
        { name: 'all', challenger: { value: 0.91, trials: 20_000 }, champion: { value: 0.905, trials: 20_000 } },
      ],
    },
  },
  sampleRatio: { rule: { kind: 'sampleRatio', challengerShare: 0.05 }, data: { challenger: 5000, champion: 95_000 } },
  watch: { rule: { kind: 'watch', absoluteMargin: 0.005 }, data: healthy },
};
