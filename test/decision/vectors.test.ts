import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as decision from '../../decision';

interface Vector {
  readonly id: string;
  readonly fn: string;
  readonly inputs: unknown;
  readonly expected: unknown;
  readonly tolerance: { readonly kind: 'abs' | 'rel'; readonly value: number };
}

/** Functions of the vectors that this library has no use for, each with its reason. */
const unused: Readonly<Record<string, string>> = {
  applyExposureFloor: 'no bandit: a rollout is a decision, not an allocation',
  laiRobbinsConstant: 'no bandit',
  probBGreaterA: 'no bandit',
  probBGreaterAGaussian: 'no bandit',
  snipsEstimate: 'no bandit',
  lanDeMetsBounds: 'no group-sequential looks: evidence is looked at every minute',
  naiveRepeatedTestFalsePositive: 'no group-sequential looks',
  pocockConstant: 'no group-sequential looks',
  spendingPocock: 'no group-sequential looks',
  betaBinomialQuantileBound: 'percentiles are judged as exceedance counts',
  sequentialQuantileAbPValue: 'percentiles are judged as exceedance counts',
  gammaExponentialMixtureBound: 'another kind of bound than the ones in use',
  normalMixtureBestRho: 'another kind of bound than the ones in use',
  normalMixtureBound: 'another kind of bound than the ones in use',
  polyStitchingBound: 'another kind of bound than the ones in use',
  msprtLogLambda: 'needs a known variance',
  twoSampleEValuePluginTwoSided: 'judges no margin',
  tTestN: 'means are planned by ratioNonInferiorityCanaryN',
};

const folder = new URL('../vectors/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.startsWith('stats-'));
const functions = decision as unknown as Record<string, ((inputs: unknown) => unknown) | undefined>;

/** Every number of `expected` must be met; what the function returns beyond it is its own business. */
function compare(actual: unknown, expected: unknown, { kind, value }: Vector['tolerance'], path: string): void {
  if (typeof expected === 'number') {
    const allowed = kind === 'abs' ? value : value * Math.abs(expected);
    const difference = Math.abs((actual as number) - expected);
    expect(difference <= allowed || actual === expected, `${path}: ${actual} should be ${expected} ± ${allowed}`).toBe(
      true,
    );
  } else if (Array.isArray(expected)) {
    expect(actual, path).toHaveLength(expected.length);
    for (const [i, item] of expected.entries())
      compare((actual as unknown[])[i], item, { kind, value }, `${path}[${i}]`);
  } else if (typeof expected === 'object' && expected !== null) {
    for (const [key, item] of Object.entries(expected)) {
      compare((actual as Record<string, unknown>)[key], item, { kind, value }, `${path}.${key}`);
    }
  } else expect(actual, path).toEqual(expected);
}

for (const file of files) {
  const { vectors } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { vectors: readonly Vector[] };
  if (vectors.every(({ fn }) => fn in unused)) continue;
  describe(`reference values of ${file}`, () => {
    for (const vector of vectors.filter(({ fn }) => !(fn in unused))) {
      test(`${vector.fn} agrees on ${vector.id}`, () => {
        const call = functions[vector.fn];
        if (call === undefined) throw new Error(`decision has no ${vector.fn}`);
        compare(call(vector.inputs), vector.expected, vector.tolerance, vector.id);
      });
    }
  });
}

test('what is called unused is not there', () => {
  expect(Object.keys(unused).filter((name) => name in functions)).toEqual([]);
});
