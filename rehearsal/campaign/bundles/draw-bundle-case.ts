import * as fc from 'fast-check';
import type { Deed } from '../../scenario';
import { drawOf, fault, few, rarely } from '../draw-case';
import type { BundleCase, BundlePlan } from './bundle-case';

const stages = fc
  .uniqueArray(fc.integer({ min: 10, max: 90 }), { minLength: 1, maxLength: 2 })
  .chain((percents) =>
    fc.tuple(
      ...[...percents]
        .sort((a, b) => a - b)
        .map((percent) =>
          fc
            .record({ bakeMinutes: fc.integer({ min: 5, max: 15 }), more: fc.integer({ min: 15, max: 40 }) })
            .map(({ bakeMinutes, more }) => ({ percent, bakeMinutes, deadlineMinutes: bakeMinutes + more })),
        ),
    ),
  );

const plan: fc.Arbitrary<BundlePlan> = fc.record({
  shadowMinutes: rarely<number | undefined>(undefined, fc.integer({ min: 3, max: 10 }), 6),
  stages,
  watchMinutes: fc.integer({ min: 3, max: 20 }),
  holdbackPercent: rarely(0, fc.integer({ min: 5, max: 50 }), 5),
  onUndecided: fc.constantFrom('stay', 'champion'),
  approval: rarely(false, fc.constant(true), 4),
  instances: fc.integer({ min: 1, max: 4 }),
  gates: rarely<BundlePlan['gates']>([], fc.subarray(['latency', 'function'] as const), 2),
});

const deed: fc.Arbitrary<Deed> = fc.record({
  does: fc.constantFrom('revert', 'revert', 'revert', 'rollback', 'abort', 'deployAnother'),
  afterSeconds: fc.integer({ min: 60, max: 45 * 60 }),
});
const answer = fc.oneof<fc.MaybeWeightedArbitrary<Deed[]>[]>(
  {
    weight: 5,
    arbitrary: fc.integer({ min: 0, max: 900 }).map((afterSeconds): Deed[] => [{ does: 'approve', afterSeconds }]),
  },
  { weight: 1, arbitrary: fc.constant([{ does: 'reject', afterSeconds: 120 }]) },
  { weight: 1, arbitrary: fc.constant([]) },
);

type Concerns = { readonly [C in Exclude<keyof BundleCase, 'seed'>]: fc.Arbitrary<BundleCase[C]> };

/** The concerns of a case, each independent of the others. */
const CONCERNS: Concerns = {
  plan,
  model: fc.record({
    kind: fc.oneof(
      { weight: 6, arbitrary: fc.constant('good' as const) },
      { weight: 2, arbitrary: fc.constantFrom('errors' as const, 'slow' as const) },
      { weight: 1, arbitrary: fc.constantFrom('crashes' as const, 'noCapacity' as const) },
    ),
    fromMinute: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 })),
  }),
  requestsPerSecond: rarely(100, fc.constantFrom(10, 1), 4),
  people: fc.record({ answers: answer, deeds: few(deed, 3, 2) }).map(({ answers, deeds }) => [...answers, ...deeds]),
  stops: few(
    fc.record({
      machine: fc.constantFrom('rollout', 'rollout', 'bake', 'rollback'),
      event: fc.integer({ min: 1, max: 150 }),
    }),
    12,
    1,
  ),
  faults: few(fault, 1, 3),
  knobs: fc.record({
    weightsApplySeconds: fc.constantFrom(5, 60, 300),
    describeStaleSeconds: fc.constantFrom(0, 30),
    eventDelivery: fc.constantFrom('once', 'once', 'once', 'twice', 'never', 'outOfOrder'),
    metricLagSeconds: fc.constantFrom(60, 60, 150),
    zeroTraffic: fc.constantFrom('nothing', 'zeros'),
    updateToServedConfig: fc.constantFrom('noOp', 'full', 'refused'),
  }),
};

/** The case of a seed. */
export function bundleCaseOf(seed: number): BundleCase {
  const drawn = Object.entries(CONCERNS).map(([concern, arbitrary]) => [
    concern,
    drawOf(arbitrary, seed, `bundle/${concern}`).value,
  ]);
  return { seed, ...Object.fromEntries(drawn) };
}
