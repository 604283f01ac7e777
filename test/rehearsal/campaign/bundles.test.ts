import { afterEach, describe, expect, test, vi } from 'vitest';
import { withDeployment } from '../../../bin/commands/campaign-deployment';
import type { BundleCase } from '../../../rehearsal/campaign/bundles/bundle-case';
import { bundleViolations } from '../../../rehearsal/campaign/bundles/bundle-violations';
import { bundleCaseOf } from '../../../rehearsal/campaign/bundles/draw-bundle-case';
import { runBundleCase } from '../../../rehearsal/campaign/bundles/run-bundle-case';
import type { Outcome } from '../../../rehearsal/outcome';

afterEach(() => void vi.restoreAllMocks());

const rehearsed = (one: BundleCase) => withDeployment(one, (stack) => runBundleCase(one, stack));

/** A good model on a short way, in good weather. */
const calm: BundleCase = {
  seed: 1,
  plan: {
    stages: [{ percent: 25, bakeMinutes: 5, deadlineMinutes: 30 }],
    watchMinutes: 3,
    holdbackPercent: 0,
    onUndecided: 'stay',
    approval: false,
    instances: 2,
    gates: [],
  },
  model: { kind: 'good', fromMinute: 0 },
  requestsPerSecond: 100,
  people: [],
  stops: [],
  faults: [],
  knobs: { updateToServedConfig: 'noOp' },
};

describe('one rollout with the handlers as they are shipped', () => {
  test('is promoted when its model is good, and a call is throttled', async () => {
    const faults = [{ api: 'sagemaker:UpdateEndpointWeightsAndCapacities', call: 1, kind: 'throttled' as const }];
    const { outcome, violations, visited, told } = await rehearsed({ ...calm, faults });
    expect({ outcome, violations }, told()).toEqual({ outcome: 'promoted', violations: [] });
    expect([...visited.cells]).toEqual(['sagemaker:UpdateEndpointWeightsAndCapacities throttled']);
  });

  test('is taken back when its model fails, and an execution is stopped in the middle of it', async () => {
    const one: BundleCase = {
      ...calm,
      model: { kind: 'errors', fromMinute: 0 },
      stops: [{ machine: 'rollback', event: 20 }],
    };
    const { outcome, violations, told } = await rehearsed(one);
    expect({ outcome, violations }, told()).toEqual({ outcome: 'rolledBack', violations: [] });
    expect(told()).toContain('ABORTED');
  });

  test('fails when a good model with trouble that passes is not promoted, or a bad one is', () => {
    const outcome = { violations: [], outcome: 'held', servedConfig: 'mixed', reason: 'why', timeline: [] };
    expect(bundleViolations(calm, outcome as unknown as Outcome, [])).toEqual([
      'a good version with trouble that passes is held: why',
    ]);
    const bad: BundleCase = { ...calm, model: { kind: 'errors', fromMinute: 0 } };
    const promoted = { ...outcome, outcome: 'promoted', servedConfig: 'challenger' } as unknown as Outcome;
    expect(bundleViolations(bad, promoted, [])).toEqual([
      'a version of errors is promoted',
      'a version of errors ends promoted, and challenger serves',
    ]);
  });
});

// Two hundred of them: npm run rehearse -- --campaign 200 --bundles.
test.each([1005, 1012, 1019])('a rollout that was drawn breaks nothing: %i', async (seed) => {
  const { violations, told } = await rehearsed(bundleCaseOf(seed));
  expect(violations, told()).toEqual([]);
});

test('the same seed is the same rollout, byte for byte', async () => {
  const [first, second] = [await rehearsed(bundleCaseOf(1023)), await rehearsed(bundleCaseOf(1023))];
  expect(second.told()).toBe(first.told());
  expect(bundleCaseOf(1024)).not.toEqual(bundleCaseOf(1023));
});
