import * as fc from 'fast-check';
import type { Fault } from '../services';
import { randomStream } from '../time/random';
import type { CampaignCase, CaseModel, CasePhase, CasePlan, CaseWeather } from './campaign-case';
import { APIS, FAULT_KINDS } from './fault-cells';
import { isExcused } from './unvisited';

/** What a case is drawn from, concern by concern. */
export type Concerns = { readonly [C in Exclude<keyof CampaignCase, 'seed'>]: fc.Arbitrary<CampaignCase[C]> };

const minutes = (count: number) => `PT${count}M`;
export const rarely = <T>(usual: T, rare: fc.Arbitrary<T>, times: number): fc.Arbitrary<T> =>
  fc.oneof({ weight: times, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: rare });

const stage = (percent: number): fc.Arbitrary<CasePhase> =>
  fc
    .record({
      bake: fc.integer({ min: 1, max: 40 }),
      more: fc.integer({ min: 20, max: 90 }),
      approval: rarely(false, fc.constant(true), 5),
    })
    .map(({ bake, more, approval }) => ({
      kind: 'stage',
      percent,
      bake: minutes(bake),
      deadline: minutes(bake + more),
      ...(approval ? { approval } : {}),
    }));

const stages = fc
  .uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 4 })
  .chain((percents) => fc.tuple(...[...percents].sort((a, b) => a - b).map(stage)));

const shadow: fc.Arbitrary<CasePhase> = fc.integer({ min: 5, max: 30 }).map((bake) => ({
  kind: 'shadow',
  samplingPercent: 100,
  minimumRequests: 1,
  bake: minutes(bake),
  deadline: minutes(3 * bake + 30),
}));

const watch: fc.Arbitrary<CasePhase> = fc
  .record({ bake: fc.integer({ min: 1, max: 60 }), holdbackPercent: rarely(0, fc.integer({ min: 1, max: 50 }), 5) })
  .map(({ bake, holdbackPercent }) => ({ kind: 'watch', bake: minutes(bake), holdbackPercent }));

const plan: fc.Arbitrary<CasePlan> = fc
  .record({
    before: rarely(false, fc.constant(true), 2),
    shadow: rarely<CasePhase | undefined>(undefined, shadow, 4),
    stages,
    watch,
    onUndecided: fc.constantFrom('stay' as const, 'champion' as const),
    instances: fc.integer({ min: 1, max: 6 }),
    functions: rarely<CasePlan['functions']>([], fc.subarray(['shadow', 'stage', 'watch'] as const), 2),
    fromHour: rarely<number | undefined>(undefined, fc.integer({ min: 0, max: 3 }), 15),
  })
  .map(({ before, shadow: copies, stages: shares, watch: last, fromHour, ...rest }) => ({
    ...rest,
    phases: [
      ...(before ? [{ kind: 'before' as const, deadline: minutes(60) }] : []),
      ...(copies === undefined ? [] : [copies]),
      ...shares,
      last,
    ],
    ...(fromHour === undefined ? {} : { window: { fromHour, toHour: fromHour + 3 } }),
  }));

const answers = (least: number, most: number): fc.Arbitrary<CaseModel['answers']> =>
  fc.array(
    fc.record({
      phase: fc.integer({ min: 0, max: 5 }),
      asker: fc.integer({ min: 0, max: 2 }),
      tick: fc.integer({ min: 0, max: 30 }),
      // Most trouble passes; some stays.
      ticks: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(10_000)),
      answer: fc.constantFrom('fail', 'hold', 'crash', 'garbage', 'late'),
    }),
    { minLength: least, maxLength: most },
  );

const model: fc.Arbitrary<CaseModel> = fc.record({
  startup: rarely<CaseModel['startup']>('healthy', fc.constantFrom('crashes', 'noCapacity'), 8),
  answers: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: answers(1, 4) }),
  approvals: fc.array(
    fc.record({
      minute: fc.integer({ min: 0, max: 60 }),
      status: fc.oneof(
        { weight: 4, arbitrary: fc.constant('approved' as const) },
        { weight: 1, arbitrary: fc.constant('rejected' as const) },
      ),
    }),
    { maxLength: 2 },
  ),
});

const minute = fc.integer({ min: 0, max: 240 });
export const few = <T>(arbitrary: fc.Arbitrary<T>, never: number, most: number): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: never, arbitrary: fc.constant<T[]>([]) },
    { weight: 1, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: most }) },
  );

/** How many calls of an API most rollouts make at least, once they have begun. */
const callsOf = (api: string): number => {
  // Whose an endpoint is, only another deployment asks.
  if (api === 'sagemaker:ListTags') return 1;
  return /(Update|Create|Delete)Endpoint|EndpointConfig|StartExecution|StopExecution|Alarms/.test(api) ? 6 : 40;
};

export const fault: fc.Arbitrary<Fault> = fc
  .record({
    api: fc.constantFrom(...APIS),
    call: fc.integer({ min: 1, max: 40 }),
    times: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 4 }) },
      { weight: 1, arbitrary: fc.integer({ min: 5, max: 60 }) },
    ),
    kind: fc.constantFrom(...FAULT_KINDS),
  })
  .filter(({ api, kind }) => !isExcused(`${api} ${kind}`))
  // Few calls are made of an API that changes something: an address far behind them would hit nothing.
  .map((one) => ({ ...one, call: 1 + ((one.call - 1) % callsOf(one.api)) }));

const weather: fc.Arbitrary<CaseWeather> = fc.record({
  weightsApplySeconds: fc.constantFrom(5, 60, 300),
  describeStaleSeconds: fc.constantFrom(0, 30),
  events: fc.oneof(
    { weight: 6, arbitrary: fc.constant(1 as const) },
    { weight: 2, arbitrary: fc.constant(2 as const) },
    { weight: 1, arbitrary: fc.constant(0 as const) },
  ),
  outOfOrder: fc.boolean(),
});

/** The concerns of a case, each independent of the others. */
export const CONCERNS: Concerns = {
  plan,
  model,
  alarms: few(
    fc.record({
      minute,
      side: fc.constantFrom('challenger', 'challenger', 'champion'),
      minutes: fc.integer({ min: 1, max: 30 }),
    }),
    4,
    3,
  ),
  deeds: few(
    fc.record({
      minute,
      deed: fc.constantFrom('revert', 'revert', 'revert', 'revert', 'revert', 'redeploy', 'third', 'rollback', 'touch'),
    }),
    3,
    2,
  ),
  stops: few(
    fc.record({
      machine: fc.constantFrom('rollout', 'rollout', 'bake', 'rollback'),
      event: fc.integer({ min: 1, max: 200 }),
    }),
    9,
    2,
  ),
  faults: few(fault, 1, 4),
  weather,
};

/** The case of a seed. */
export function caseOf(seed: number): CampaignCase {
  const drawn = Object.entries(CONCERNS).map(([concern, arbitrary]) => [
    concern,
    drawOf(arbitrary, seed, concern).value,
  ]);
  return { seed, ...Object.fromEntries(drawn) };
}

/** One value of a concern, with what fast-check needs to make it smaller. */
export function drawOf(arbitrary: fc.Arbitrary<unknown>, seed: number, concern: string) {
  const stream = randomStream(seed, `case/${concern}`);
  return arbitrary.generate(new fc.Random(generatorOf(stream)), undefined);
}

/** A stream of ours in the shape of a generator of fast-check's: 32 signed bits a draw. */
function generatorOf(stream: () => number) {
  const generator = {
    next: () => Math.floor(stream() * 0x100000000) | 0,
    clone: () => generator,
    jump: () => {},
    getState: () => [],
  };
  return generator;
}
