import { describe, expect, test } from 'vitest';
import type { RuleKind } from '../../../decision';
import { judgeAnything } from './broken-inputs';
import { passing } from './samples';

type Place = 'rule' | 'data';
type Row = readonly [
  name: string,
  place: Place,
  words: string,
  refused: readonly number[],
  accepted: readonly number[],
  /** The place in the input, where the name is not the last part of it. */
  path?: readonly (string | number)[],
];

const open = (most: number) => [`above 0 and below ${most}`, [0, most], [1e-6, most - 1e-6]] as const;
const level = (name: string): Row => [name, 'rule', ...open(0.5)];
const sequential: readonly Row[] = [
  level('alphaRollback'),
  ['horizonPeriods', 'rule', 'at least 1 and at most 1000000', [0, 1_000_001], [1, 1_000_000]],
  ['maximumSilenceSeconds', 'rule', 'at least 0', [-1], [0]],
  ['periodSeconds', 'data', 'above 0 and at most 86400', [0, 86_401], [0.5, 86_400]],
  ['asOf', 'data', 'at least 0', [-1], [0]],
  ['periods[1].start', 'data', 'at least 0', [-1], [0], ['periods', 1, 'start']],
  [
    'periods[1].challenger.count',
    'data',
    'at least 0 and at most 1000000000000',
    [-1, 1e12 + 1],
    [0, 1e12],
    ['periods', 1, 'challenger', 'count'],
  ],
];
const events: readonly Row[] = ['challenger', 'champion'].map((arm) => [
  `periods[1].${arm}.sum`,
  'data',
  'at least 0',
  [-1],
  [0, 1],
  ['periods', 1, arm, 'sum'],
]);
const shadow: readonly Row[] = [
  level('alphaRollback'),
  level('alphaPromote'),
  ['minimumRequests', 'rule', 'at least 1', [0], [1]],
  ['minimumHours', 'rule', 'at least 0', [-1], [0]],
  ['maximumUnjoinedShare', 'rule', 'at least 0 and at most 1', [-0.1, 1.1], [0, 1]],
  ['pairs', 'data', 'at least 0 and at most 1000000000000', [-1, 1e12 + 1], [0, 1e12]],
  ['unjoined', 'data', 'at least 0 and at most 1000000000000', [-1, 1e12 + 1], [0, 1e12]],
  ['hours', 'data', 'at least 0 and at most 1000000', [-1, 1e6 + 1], [0, 1e6]],
];
const counts = (group: string, cell: string): Row => [
  `age.${group}.${cell}`,
  'data',
  'at least 0 and at most 1000000000000',
  [-1, 1e12 + 1],
  [0, 1e12],
  ['facets', 0, group, cell],
];
const estimates = (key: string, words: string, refused: readonly number[], accepted: readonly number[]): Row[] =>
  ['challenger', 'champion'].map((arm) => [
    `all.${arm}.${key}`,
    'data',
    words,
    refused,
    accepted,
    ['slices', 0, arm, key],
  ]);

const rows: { readonly [K in RuleKind]?: readonly Row[] } = {
  ceiling: [
    ['maximum', 'rule', '', [], []],
    ['minimum', 'rule', '', [], []],
    ['value', 'data', '', [], []],
    ['minimumSamples', 'rule', 'at least 1', [0], [1]],
    ['samples', 'data', 'at least 0 and at most 1000000000000000', [-1, 1e15 + 1], [0, 1e15]],
  ],
  countDifference: [...sequential, ...events, level('alphaPromote'), ['absoluteMargin', 'rule', ...open(1)]],
  countRatio: [...sequential, ...events, ['relativeMargin', 'rule', ...open(1)]],
  disagreement: [...shadow, ['maximumShare', 'rule', ...open(1)], ['disagreements', 'data', 'at least 0', [-1], [0]]],
  drift: [
    ['edges[1]', 'data', '', [], [], ['edges', 1]],
    level('alpha'),
    ['maximum', 'rule', 'above 0', [0], [1e-9]],
    ['failAbove', 'rule', 'above 0', [0], [0.2]],
    ['minimumSamples', 'rule', 'at least 1', [0], [1]],
    ['champion[1]', 'data', 'at least 0 and at most 1000000000000', [-1, 1e12 + 1], [0, 1e12], ['champion', 1]],
    ['challenger[1]', 'data', 'at least 0 and at most 1000000000000', [-1, 1e12 + 1], [0, 1e12], ['challenger', 1]],
  ],
  exceedance: [...sequential, ...events, ['maximumShare', 'rule', ...open(1)]],
  fairness: [
    level('alpha'),
    ['limits.DI', 'rule', ...open(1), ['limits', 'DI']],
    ['limits.DPPL', 'rule', 'above 0 and at most 1000000', [0, 1e6 + 1], [1e-9, 1e6], ['limits', 'DPPL']],
    ...['disadvantaged', 'advantaged'].flatMap((group) => ['TP', 'FN', 'FP', 'TN'].map((cell) => counts(group, cell))),
  ],
  mean: [
    ...sequential,
    ['relativeMargin', 'rule', ...open(1)],
    ['windowPeriods', 'rule', 'at least 20 and at most 1000000', [19, 1e6 + 1], [20, 1e6]],
    [
      'periods[1].challenger.sum',
      'data',
      'at least -1000000000000000 and at most 1000000000000000',
      [-1e15 - 1, 1e15 + 1],
      [-1e15, 1e15],
      ['periods', 1, 'challenger', 'sum'],
    ],
  ],
  numericDifference: [
    ['meanDifference', 'data', '', [], []],
    ...shadow,
    ['maximumBias', 'rule', 'above 0 and at most 1000000000000', [0, 1e12 + 1], [1e-9, 1e12]],
    ['standardDeviation', 'data', 'at least 0', [-1], [0]],
  ],
  offline: [
    level('alpha'),
    ['absoluteMargin', 'rule', 'at least 0 and at most 1000000000000', [-1, 1e12 + 1], [0, 1e12]],
    ...estimates('trials', 'at least 1 and at most 1000000000000', [0, 1e12 + 1], [1, 1e12]),
    ...estimates('standardError', 'above 0 and at most 1000000000000000', [0, 1e15 + 1], [1e-9, 1e15]),
  ],
  sampleRatio: [
    ['challengerShare', 'rule', ...open(1)],
    ['alpha', 'rule', ...open(1)],
    ['minimumRequests', 'rule', 'at least 1', [0], [1]],
    ['challenger', 'data', 'at least 0 and at most 1000000000000', [-1, 1e12 + 1], [0, 1e12]],
    ['champion', 'data', 'at least 0 and at most 1000000000000', [-1, 1e12 + 1], [0, 1e12]],
  ],
  watch: [...sequential, ...events, ['absoluteMargin', 'rule', ...open(1)]],
};

/** Numbers that must be whole. */
const whole: { readonly [K in RuleKind]?: readonly (readonly [string, Place, readonly (string | number)[]])[] } = {
  countDifference: [['horizonPeriods', 'rule', ['horizonPeriods']]],
  disagreement: [
    ['pairs', 'data', ['pairs']],
    ['unjoined', 'data', ['unjoined']],
    ['disagreements', 'data', ['disagreements']],
  ],
  fairness: [
    ['age.disadvantaged.TP', 'data', ['facets', 0, 'disadvantaged', 'TP']],
    ['age.advantaged.FN', 'data', ['facets', 0, 'advantaged', 'FN']],
    ['age.advantaged.FP', 'data', ['facets', 0, 'advantaged', 'FP']],
    ['age.advantaged.TN', 'data', ['facets', 0, 'advantaged', 'TN']],
  ],
  mean: [['windowPeriods', 'rule', ['windowPeriods']]],
  sampleRatio: [
    ['challenger', 'data', ['challenger']],
    ['champion', 'data', ['champion']],
  ],
};

/** What is said of the input that passes, with one number of it replaced. */
function problems(kind: RuleKind, place: Place, path: readonly (string | number)[], value: unknown): string[] {
  const input = structuredClone(passing[kind]) as Record<Place, unknown>;
  let at = input[place] as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as typeof at;
  at[path[path.length - 1]] = value;
  const verdict = judgeAnything(input.rule, input.data);
  const said = (verdict.evidence['problems'] ?? []) as string[];
  if (said.length > 0) expect([verdict.kind, verdict.evidence['rule']]).toEqual(['hold', kind]);
  return said;
}

describe('what a number must be', () => {
  for (const [kind, list] of Object.entries(rows) as [RuleKind, readonly Row[]][]) {
    test.each(list.map((row) => ({ row })))(`${kind}: $row.0`, ({ row }) => {
      const [name, place, words, refused, accepted, path = [name]] = row;
      for (const value of refused) {
        expect(problems(kind, place, path, value)).toContain(`${name} must be ${words}, got ${value}`);
      }
      for (const value of accepted) {
        const about = problems(kind, place, path, value).filter((said) => said.startsWith(`${name} must be`));
        expect(about).toEqual([]);
      }
      for (const word of ['1', Number.NaN, Number.POSITIVE_INFINITY]) {
        const shown = typeof word === 'string' ? 'the text "1"' : String(word);
        expect(problems(kind, place, path, word)).toContain(`${name} must be a finite number, got ${shown}`);
      }
    });
  }

  for (const [kind, list] of Object.entries(whole) as [RuleKind, NonNullable<(typeof whole)[RuleKind]>][]) {
    test.each(list)(`${kind}: %s is whole`, (name, place, path) => {
      expect(problems(kind, place, path, 30.5)).toContain(`${name} must be a whole number, got 30.5`);
    });
  }

  test('mean: absoluteMargin instead of a relative one', () => {
    const reason = (absoluteMargin: unknown) => {
      const rule = { kind: 'mean', absoluteMargin, direction: 'higherIsBetter' };
      return judgeAnything(rule, passing.mean.data).reason;
    };
    for (const value of [-1, 0, 1e12 + 1]) {
      expect(reason(value)).toBe(`absoluteMargin must be above 0 and at most 1000000000000, got ${value}`);
    }
    for (const value of [1e-6, 1e12]) expect(reason(value)).not.toContain('absoluteMargin');
    expect(reason('1')).toBe('absoluteMargin must be a finite number, got the text "1"');
  });
});

describe('what a word must be', () => {
  const directions = 'higherIsBetter or lowerIsBetter';
  const measures = 'psi or ks or linfRobust or jensenShannon or wasserstein or cramersV';
  test.each([
    ['countRatio', 'direction', directions],
    ['mean', 'direction', directions],
    ['offline', 'direction', directions],
    ['offline', 'uncertainty', 'required or ignored'],
    ['fairness', 'uncertainty', 'required or ignored'],
    ['drift', 'measure', measures],
  ] as const)('%s: %s', (kind, name, words) => {
    expect(problems(kind, 'rule', [name], 'up')).toEqual([`${name} must be ${words}, got the text "up"`]);
  });
});

describe('what must be a list', () => {
  const many = (length: number) => Array.from({ length }, () => 'x');
  test.each([
    ['alarm', 'rule', 'alarms', 'alarms', 1, 1000],
    ['alarm', 'data', 'alarms', 'data.alarms', 0, 10_000],
    ['countDifference', 'data', 'periods', 'periods', 0, 200_000],
    ['countDifference', 'data', 'baseline', 'baseline', 0, 200_000],
    ['drift', 'data', 'champion', 'champion', 2, 10_000],
    ['drift', 'data', 'challenger', 'challenger', 2, 10_000],
    ['drift', 'data', 'edges', 'edges', 3, 10_001],
    ['offline', 'rule', 'slices', 'slices', 1, 1000],
    ['offline', 'data', 'slices', 'data.slices', 0, 10_000],
    ['fairness', 'rule', 'facets', 'facets', 1, 1000],
    ['fairness', 'data', 'facets', 'data.facets', 0, 10_000],
  ] as const)('%s: %s.%s', (kind, place, path, name, least, most) => {
    const sentence = (got: string) => `${name} must be a list of ${least} to ${most} entries, got ${got}`;
    expect(problems(kind, place, [path], 'x')).toContain(sentence('the text "x"'));
    for (const length of least > 0 ? [least - 1, most + 1] : [most + 1]) {
      expect(problems(kind, place, [path], many(length))).toContain(sentence(`${length} entries`));
    }
    // Two hundred thousand would be as true, and slow.
    for (const length of [least, Math.min(most, 10_001)]) {
      const about = problems(kind, place, [path], many(length)).filter((said) => said.includes('must be a list'));
      expect(about).toEqual([]);
    }
  });
});
