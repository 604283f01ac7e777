import type { CampaignCase, CasePhase } from '../../rehearsal/campaign/campaign-case';
import { caseOf } from '../../rehearsal/campaign/draw-case';
import type { Engine, Send } from '../../rehearsal/campaign/engine-account';
import type { Fault, Json } from '../../rehearsal/services';

/** A rollout whose end is known beforehand. */
export interface Story {
  readonly name: string;
  readonly one: CampaignCase;
  /** What is different about its account. @default - nothing */
  readonly account?: (engine: Engine) => Engine;
  /** @default - anything that breaks no invariant */
  readonly outcome?: string;
  /** A state that it must not come to. @default - any may be visited */
  readonly avoids?: string;
}

/** Every kind of phase once, minutes long. */
const tour: readonly CasePhase[] = [
  { kind: 'before', deadline: 'PT60M' },
  { kind: 'shadow', samplingPercent: 100, minimumRequests: 1, bake: 'PT2M', deadline: 'PT10M' },
  { kind: 'stage', percent: 20, bake: 'PT3M', deadline: 'PT12M' },
  { kind: 'stage', percent: 50, bake: 'PT3M', deadline: 'PT12M', approval: true },
  { kind: 'watch', bake: 'PT3M', holdbackPercent: 5 },
];
const short: readonly CasePhase[] = [
  { kind: 'stage', percent: 60, bake: 'PT2M', deadline: 'PT10M' },
  { kind: 'watch', bake: 'PT2M', holdbackPercent: 0 },
];

const WEIGHTS = 'sagemaker:UpdateEndpointWeightsAndCapacities';

export const CALM: CampaignCase = {
  seed: 1,
  plan: { phases: tour, onUndecided: 'stay', instances: 4, functions: ['stage'] },
  model: { startup: 'healthy', answers: [], approvals: [{ minute: 1, status: 'approved' }] },
  alarms: [],
  deeds: [],
  stops: [],
  faults: [],
  weather: { weightsApplySeconds: 5, describeStaleSeconds: 0, events: 1, outOfOrder: false },
};

const says = (phase: number, answer: 'fail' | 'hold' | 'crash' | 'garbage', ticks = 10_000) => ({
  model: { ...CALM.model, answers: [{ phase, asker: 0, tick: 0, ticks, answer }] },
});
const inPlan = (plan: Partial<CampaignCase['plan']>) => ({ plan: { ...CALM.plan, ...plan } });
const deaf = { weather: { ...CALM.weather, events: 0 as const } };
const story = (name: string, outcome: string, ...changes: readonly Partial<CampaignCase>[]): Story => ({
  name,
  outcome,
  one: Object.assign({}, CALM, ...changes),
});
/** A minute in which the first stage of the tour has traffic. */
const IN_STAGE = 14;
/** The call that gives it the last five percent. */
const FINALISING = 6;
/** The minute in which it is about to get it. */
const FIRST_SHIFT = 10.9;

/** An account whose function takes most of a minute between looking at an endpoint and giving the challenger traffic. */
const slowWriter = (engine: Engine): Engine => ({
  ...engine,
  jobs: (send, now) => {
    const slow: Send = async (service, operation, input) => {
      const until = now() + 45_000;
      const away = input.DesiredWeightsAndCapacities?.some(
        ({ VariantName, DesiredWeight }: Json) => VariantName === 'b' && DesiredWeight > 0,
      );
      while (away && now() < until) await send('sagemaker', 'DescribeEndpoint', { EndpointName: input.EndpointName });
      return send(service, operation, input);
    };
    return engine.jobs(slow, now);
  },
});

/** The ways a rollout goes, each with the end that it must have. */
export const STORIES: readonly Story[] = [
  story('every phase passes', 'promoted'),
  ...([5, 60, 300] as const).map((weightsApplySeconds) =>
    story(`weights apply after ${weightsApplySeconds} s, descriptions are old`, 'promoted', {
      weather: { ...CALM.weather, weightsApplySeconds, describeStaleSeconds: 30 },
    }),
  ),
  story('a data gate fails before any traffic', 'failed', says(0, 'fail')),
  story('a gate fails in the shadow', 'failed', says(1, 'fail')),
  story('a gate fails in the first stage', 'rolledBack', says(2, 'fail')),
  story('a gate fails in the second stage', 'rolledBack', says(3, 'fail')),
  story('a gate fails in the watch', 'rolledBack', says(4, 'fail')),
  story('a gate fails and no event arrives', 'rolledBack', says(2, 'fail'), deaf),
  story('a gate does not decide: traffic stays', 'held', says(2, 'hold')),
  story('a gate does not decide: traffic goes home', 'held', says(2, 'hold'), inPlan({ onUndecided: 'champion' })),
  story(
    'a gate does not decide, weights are slow: traffic goes home',
    'held',
    says(2, 'hold'),
    inPlan({ onUndecided: 'champion' }),
    {
      weather: { ...CALM.weather, weightsApplySeconds: 300 },
    },
  ),
  story('a gate crashes for good', 'held', says(2, 'crash')),
  story('a gate talks nonsense for good', 'held', says(3, 'garbage')),
  story('a gate crashes once', 'promoted', says(2, 'crash', 1)),
  story('nobody approves', 'held', { model: { ...CALM.model, approvals: [] } }),
  story('somebody says no', 'rolledBack', { model: { ...CALM.model, approvals: [{ minute: 1, status: 'rejected' }] } }),
  story('the container crashes', 'failed', { model: { ...CALM.model, startup: 'crashes' } }),
  story('there is no capacity', 'failed', { model: { ...CALM.model, startup: 'noCapacity' } }),
  story('the alarm of the new version rings', 'rolledBack', {
    alarms: [{ minute: IN_STAGE, side: 'challenger', minutes: 5 }],
  }),
  story('the alarm of the old version rings', 'promoted', {
    alarms: [{ minute: IN_STAGE, side: 'champion', minutes: 2 }],
  }),
  story('a person takes it back', 'rolledBack', { deeds: [{ minute: IN_STAGE, deed: 'rollback' }] }),
  story(
    'a person takes it back, weights are slow',
    'rolledBack',
    { deeds: [{ minute: IN_STAGE, deed: 'rollback' }] },
    {
      weather: { ...CALM.weather, weightsApplySeconds: 300 },
    },
  ),
  story('the version before it is deployed again', 'aborted', { deeds: [{ minute: IN_STAGE, deed: 'revert' }] }),
  story('it is deployed again', 'promoted', { deeds: [{ minute: IN_STAGE, deed: 'redeploy' }] }),
  story('a third version is deployed', 'promoted', { deeds: [{ minute: IN_STAGE, deed: 'third' }] }),
  story('two of three come at once', 'promoted', {
    deeds: [0, 0.001, 0.5].map((minute) => ({ minute, deed: 'third' as const })),
  }),
  story('a bake is over before anybody hears that it has begun', 'promoted', {
    faults: [{ api: 'states:StartExecution', call: 1, kind: 'replyLost' }],
  }),
  {
    name: 'no bake is heard of for an hour',
    one: { ...CALM, faults: [{ api: 'states:StartExecution', call: 1, times: 60, kind: 'replyLost' }] },
  },
  story('a change window opens later', 'promoted', inPlan({ phases: short, window: { fromHour: 1, toHour: 23 } })),
  story('the way back is denied for an hour', 'rolledBack', says(2, 'fail'), {
    faults: [{ api: WEIGHTS, call: 2, times: 60, kind: 'denied' }],
  }),
  story('finalising is denied', 'held', { faults: [{ api: WEIGHTS, call: FINALISING, times: 99, kind: 'denied' }] }),
  story('nobody can be asked to take it back', 'rolledBack', says(2, 'fail'), deaf, {
    faults: [{ api: 'states:StartExecution', call: 4, times: 60, kind: 'denied' }],
  }),
  {
    ...story('a shift is denied for good, and who takes it back is throttled', 'failed', deaf, {
      faults: [
        { api: WEIGHTS, call: 1, times: 200, kind: 'denied' },
        { api: 'states:StartExecution', call: 3, times: 3, kind: 'throttled' },
      ],
    }),
    // What passes by itself is no reason to wake anybody.
    avoids: 'rollout: CallPeople',
  },
  {
    ...story('a writer that began before the way back ends after it', 'rolledBack', {
      deeds: [{ minute: FIRST_SHIFT, deed: 'rollback' }],
    }),
    account: slowWriter,
  },
  ...(['rollout', 'bake', 'rollback'] as const).map((machine) => ({
    name: `${machine} is stopped by hand`,
    one: { ...CALM, ...says(2, 'fail'), stops: [{ machine, event: 40 }] },
  })),
];

/** Short rollouts, for trouble at every call of theirs. */
const SHORT: readonly Story[] = [
  story('short', 'promoted', inPlan({ phases: short, functions: [] })),
  story('shadow', 'promoted', inPlan({ phases: [...tour.slice(0, 2), short[1]], functions: [] })),
  story('short, failing', 'rolledBack', inPlan({ phases: short, functions: [] }), says(0, 'fail')),
  story('short, failing, way back denied', 'rolledBack', inPlan({ phases: short, functions: [] }), says(0, 'fail'), {
    faults: [{ api: WEIGHTS, call: 3, times: 3, kind: 'denied' }],
  }),
  story(
    'short, going home',
    'held',
    inPlan({ phases: short, functions: [], onUndecided: 'champion' }),
    says(0, 'hold'),
  ),
];

/** What machines call themselves, and what their functions call. */
const OWN = ['lambda:Invoke', 'states:StartExecution', 'states:StopExecution'];
const FURTHER = ['GetItem', 'PutItem', 'UpdateItem'].map((operation) => `dynamodb:${operation}`);

type Trouble = Omit<Fault, 'call'>;
const TROUBLE: readonly Trouble[] = [
  ...OWN.map((api): Trouble => ({ api, kind: 'throttled' })),
  // A Retry that has fourteen attempts asks fifteen times.
  ...[...OWN, WEIGHTS].map((api): Trouble => ({ api, kind: 'denied', times: 15 })),
  ...FURTHER.map((api): Trouble => ({ api, kind: 'denied', times: 30 })),
];

/** Addresses of one trouble: the call at which it strikes, one after the other, until none is left to strike. */
export const troubles = SHORT.flatMap((each) =>
  TROUBLE.filter(({ api }) => each.one.faults.every((fault) => fault.api !== api)).map((trouble) => ({
    cell: `${trouble.api} ${trouble.kind}`,
    /** What passes by itself changes nothing of the end; what does not may, as long as nothing breaks. */
    at: (call: number): Story => {
      const name = `${each.name}: ${trouble.api}#${call} ${trouble.kind}`;
      const one = { ...each.one, ...deaf, faults: [...each.one.faults, { ...trouble, call }] };
      return trouble.kind === 'throttled' ? { name, one, outcome: each.outcome } : { name, one };
    },
  })),
);

/** A person takes it back at any moment, one every quarter of a minute. */
export const anyMoment: readonly Story[] = Array.from({ length: 130 }, (_, i) => ({
  name: `a person takes it back after ${i / 4} min`,
  one: {
    ...CALM,
    deeds: [{ minute: i / 4, deed: 'rollback' as const }],
    // Whether the way forward could be stopped must change nothing.
    faults: i % 2 === 0 ? [] : [{ api: 'states:StopExecution', call: 1, times: 99, kind: 'denied' as const }],
  },
}));

/** Rollouts as a campaign draws them; nothing is expected of them but that nothing breaks. */
export const drawn = (count: number): Story[] =>
  Array.from({ length: count }, (_, i) => ({ name: `seed ${i + 1}`, one: caseOf(i + 1) }));
