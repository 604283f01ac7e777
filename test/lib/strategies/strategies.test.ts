import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as rollouts from '../../../lib';
import { deploymentConfigProblems, inCloudFormationWords } from '../../../lib/private/deployment-config';

const { instances, percent } = rollouts.CapacitySize;
const minutes = Duration.minutes;
const four = new rollouts.PlanContext({ instanceCount: 4 });
const shares = (plan: rollouts.RolloutPlan) => plan.steps.map((step) => step.effectivePercent);

/** What a strategy needs to be made, the way a user says it; legal and illegal alike. */
const anySize = fc.oneof(
  fc.integer({ min: -2, max: 130 }).map((value) => ({ unit: 'percent' as const, value })),
  fc.integer({ min: -2, max: 25 }).map((value) => ({ unit: 'instances' as const, value })),
);
const anySeconds = fc.oneof(fc.integer({ min: 0, max: 3600 }), fc.integer({ min: 0, max: 30_000 }));
const anyStrategy = fc.record({
  mode: fc.constantFrom('allAtOnce' as const, 'canary' as const, 'linear' as const, 'rolling' as const),
  size: anySize,
  wait: anySeconds,
  termination: anySeconds,
  timeout: fc.option(fc.integer({ min: 0, max: 30_000 }), { nil: undefined }),
  count: fc.integer({ min: 1, max: 40 }),
});
type AnyStrategy = typeof anyStrategy extends fc.Arbitrary<infer T> ? T : never;

function make({ mode, size, wait, termination, timeout }: AnyStrategy): rollouts.GuardrailStrategy {
  const of = () => (size.unit === 'percent' ? percent(size.value) : instances(size.value));
  const waitInterval = Duration.seconds(wait);
  const terminationWait = Duration.seconds(termination);
  const maximumExecutionTimeout = timeout === undefined ? undefined : Duration.seconds(timeout);
  const common = { waitInterval, terminationWait, maximumExecutionTimeout };
  if (mode === 'allAtOnce') return new rollouts.AllAtOnceStrategy({ terminationWait, maximumExecutionTimeout });
  if (mode === 'canary') return new rollouts.CanaryStrategy({ canarySize: of(), ...common });
  if (mode === 'linear') return new rollouts.LinearStrategy({ linearStepSize: of(), ...common });
  return new rollouts.RollingStrategy({ maximumBatchSize: of(), waitInterval, maximumExecutionTimeout });
}

/** SageMaker's prose, written down a second time and by hand. */
function legal({ mode, size, wait, termination, timeout, count }: AnyStrategy): boolean {
  const share = size.unit === 'percent' ? size.value : (size.value / count) * 100;
  const least = { allAtOnce: 0, canary: 0, linear: 10, rolling: 5 }[mode];
  if (mode !== 'allAtOnce' && !(size.value >= 1 && share >= least && share <= 50)) return false;
  // One instance is all of the fleet: nothing of it can go first.
  if (mode !== 'allAtOnce' && count < 2) return false;
  const waits = [...(mode === 'allAtOnce' ? [] : [wait]), ...(mode === 'rolling' ? [] : [termination])];
  if (waits.some((each) => each > 3600)) return false;
  if (timeout === undefined) return true;
  return timeout >= 600 && timeout <= 28_800 && timeout > waits.reduce((sum, each) => sum + each, 0);
}

/** As an endpoint holds it against the rules. */
function accepts(some: AnyStrategy): boolean {
  try {
    const context = new rollouts.PlanContext({ instanceCount: some.count });
    const config = inCloudFormationWords(make(some).bind(context));
    return deploymentConfigProblems('AWS::SageMaker::Endpoint', config, some.count).length === 0;
  } catch {
    return false;
  }
}

describe('every strategy', () => {
  test('renders what is legal, and refuses what is not', () => {
    fc.assert(
      fc.property(anyStrategy, (some) => {
        expect(accepts(some)).toBe(legal(some));
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  test('plans whole instances, always more, up to all of them', () => {
    fc.assert(
      fc.property(anyStrategy.filter(legal), (some) => {
        const plan = make(some).plan(new rollouts.PlanContext({ instanceCount: some.count }));
        const percents = shares(plan);
        expect(percents.at(-1)).toBe(100);
        for (const [index, each] of percents.entries()) {
          expect(each).toBeGreaterThan(percents[index - 1] ?? 0);
          expect((each * some.count) / 100).toBeCloseTo(Math.round((each * some.count) / 100), 6);
        }
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  test('gives itself more time than all its bakes when nobody says how much', () => {
    fc.assert(
      fc.property(
        anyStrategy.filter((some) => some.timeout === undefined && legal(some)),
        (some) => {
          const context = new rollouts.PlanContext({ instanceCount: some.count });
          const { blueGreenUpdatePolicy: blueGreen, rollingUpdatePolicy: rolling } = make(some).bind(context) as {
            blueGreenUpdatePolicy?: { maximumExecutionTimeoutInSeconds: number };
            rollingUpdatePolicy?: { maximumExecutionTimeoutInSeconds: number };
          };
          const timeout = (blueGreen ?? rolling)!.maximumExecutionTimeoutInSeconds;
          const baked = make(some).plan(context).totalBake!.toSeconds();
          expect(timeout > baked || timeout === 28_800).toBe(true);
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });

  test('says the same every time it is asked', () => {
    fc.assert(
      fc.property(anyStrategy.filter(legal), (some) => {
        const strategy = make(some);
        const context = new rollouts.PlanContext({ instanceCount: some.count });
        expect(strategy.plan(context).toJson()).toEqual(strategy.plan(context).toJson());
        expect(strategy.bind(context)).toEqual(strategy.bind(context));
        expect(strategy.toJson()).toEqual(make(some).toJson());
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});

describe('a plan', () => {
  test('of a canary has two steps, and shows what whole instances make of it', () => {
    const canary = new rollouts.CanaryStrategy({ canarySize: percent(10), waitInterval: minutes(10) });
    expect(canary.plan(four).toJson()).toEqual({
      strategy: 'canary',
      steps: [
        { percent: 10, effectivePercent: 25, bake: 'PT10M' },
        { percent: 100, bake: 'PT15M' },
      ],
    });
  });

  test.each([
    ['a third of three', percent(33), 3, [100 / 3, 200 / 3, 100]],
    ['half of five', percent(50), 5, [60, 100]],
    ['one of four', instances(1), 4, [25, 50, 75, 100]],
    ['two of five', instances(2), 5, [40, 80, 100]],
  ])('in equal steps of %s ends with the rest', (_what, linearStepSize, instanceCount, expected) => {
    const linear = new rollouts.LinearStrategy({ linearStepSize, waitInterval: minutes(5) });
    expect(shares(linear.plan(new rollouts.PlanContext({ instanceCount })))).toEqual(expected);
  });

  test('of a fleet whose size only the deployment knows counts in percent', () => {
    const linear = new rollouts.LinearStrategy({ linearStepSize: percent(33), waitInterval: minutes(5) });
    expect(shares(linear.plan(new rollouts.PlanContext()))).toEqual([33, 66, 99, 100]);
  });

  test('of a rolling deployment bakes after the last batch too', () => {
    const rolling = new rollouts.RollingStrategy({ maximumBatchSize: percent(50), waitInterval: minutes(7) });
    expect(rolling.plan(four).steps.map((step) => step.bake.toMinutes())).toEqual([7, 7]);
    expect(rolling.plan(four).totalBake!.toMinutes()).toBe(14);
  });

  test('with zero for a wait has zero', () => {
    const now = new rollouts.AllAtOnceStrategy({ terminationWait: Duration.seconds(0) });
    expect(now.plan(four).toJson()).toEqual({ strategy: 'allAtOnce', steps: [{ percent: 100, bake: 'PT0S' }] });
    expect(now.toJson()).toEqual({ strategy: 'allAtOnce', terminationWait: 'PT0S' });
  });
});

describe('as plain data', () => {
  test('a strategy is what the user said', () => {
    const rolling = new rollouts.RollingStrategy({
      maximumBatchSize: percent(25),
      waitInterval: minutes(10),
      rollbackMaximumBatchSize: instances(2),
      maximumExecutionTimeout: Duration.hours(3),
    });
    expect(rolling.toJson()).toEqual({
      strategy: 'rolling',
      maximumBatchSize: { percent: 25 },
      waitInterval: 'PT10M',
      rollbackMaximumBatchSize: { instances: 2 },
      maximumExecutionTimeout: 'PT3H',
    });
  });

  test('waits of days are a strategy too, only not one for an endpoint', () => {
    const days = new rollouts.CanaryStrategy({ canarySize: percent(5), waitInterval: Duration.days(2) });
    expect(days.toJson()).toMatchObject({ waitInterval: 'P2D' });
  });

  test('a wait that only the deployment knows stays one', () => {
    const stack = new Stack(new App(), 'Stack');
    const wait = new CfnParameter(stack, 'Wait', { type: 'Number' }).valueAsNumber;
    const canary = new rollouts.CanaryStrategy({ canarySize: percent(25), waitInterval: Duration.seconds(wait) });
    expect(stack.resolve(canary.toJson().waitInterval)).toEqual({ 'Fn::Join': ['', ['PT', { Ref: 'Wait' }, 'S']] });
    expect(canary.plan(four).totalBake).toBeUndefined();
  });
});

describe('a capacity size', () => {
  test.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 101])('fails on %s percent', (value) => {
    expect(() => percent(value)).toThrow(/CapacitySize.* percent must be/s);
  });

  test.each([0, -1, 1.5, Number.NaN])('fails on %s instances', (value) => {
    expect(() => instances(value)).toThrow(/instances must be a whole number of at least 1/);
  });

  test.each([
    [percent(1), 4, 1],
    [percent(33), 3, 1],
    [percent(50), 5, 3],
    [percent(100), 5, 5],
    [instances(9), 5, 5],
  ])('%s of %i instances is %i', (size, count, expected) => {
    expect(size.instancesOf(count)).toBe(expected);
  });
});
