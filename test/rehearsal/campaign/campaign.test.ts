import { beforeEach, describe, expect, test, vi } from 'vitest';
import { sourceEngine } from '../../../bin/commands/campaign-engine';
import { rareEnds, runCampaign } from '../../../rehearsal/campaign/campaign';
import type { CampaignCase } from '../../../rehearsal/campaign/campaign-case';
import { caseOf } from '../../../rehearsal/campaign/draw-case';
import { runCase } from '../../../rehearsal/campaign/run-case';
import { placesOf, staleReasons, unvisited } from '../../../rehearsal/campaign/unvisited';
import reasons from '../../../rehearsal/campaign/unvisited.json';
import type { Json } from '../../../rehearsal/services';

const engine = sourceEngine();
// What the functions would write to their logs.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));

/** A good model on a short way, in good weather. */
const calm: CampaignCase = {
  seed: 1,
  plan: {
    phases: [
      { kind: 'before', deadline: 'PT60M' },
      { kind: 'shadow', samplingPercent: 100, minimumRequests: 1, bake: 'PT5M', deadline: 'PT60M' },
      { kind: 'stage', percent: 25, bake: 'PT10M', deadline: 'PT60M' },
      { kind: 'watch', bake: 'PT10M', holdbackPercent: 0 },
    ],
    onUndecided: 'stay',
    instances: 4,
    functions: ['stage'],
  },
  model: { startup: 'healthy', answers: [], approvals: [] },
  alarms: [],
  deeds: [],
  stops: [],
  faults: [],
  weather: { weightsApplySeconds: 5, describeStaleSeconds: 0, events: 1, outOfOrder: false },
};

describe('one rollout with scripted gates', () => {
  test('is promoted when every gate passes', async () => {
    const { outcome, violations, told } = await runCase(calm, engine);
    expect({ outcome, violations }, told()).toEqual({ outcome: 'promoted', violations: [] });
  });

  test('is taken back when a gate fails in its stage', async () => {
    const answers = [{ phase: 2, asker: 1, tick: 3, ticks: 1, answer: 'fail' as const }];
    const { outcome, violations, told } = await runCase({ ...calm, model: { ...calm.model, answers } }, engine);
    expect({ outcome, violations }, told()).toEqual({ outcome: 'rolledBack', violations: [] });
  });
});

test('a phase longer than one execution may watch is watched on by the next', async () => {
  const phases = [...calm.plan.phases.slice(0, -1), { kind: 'watch' as const, bake: 'PT1200M', holdbackPercent: 0 }];
  const { outcome, violations, coverage } = await runCase({ ...calm, plan: { ...calm.plan, phases } }, engine);
  expect({ outcome, violations }).toEqual({ outcome: 'promoted', violations: [] });
  expect([...coverage.edges]).toContain('rollout: IsBaked -> Bake');
});

describe('what a campaign leaves out', () => {
  const { machines } = engine;
  const nowhere = { states: [], edges: [], apis: [], cells: [] };
  const excused: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(reasons));
  const everywhere = { ...nowhere, states: placesOf(machines) };

  test('has a reason for every place that the engine has, and for no other', () => {
    expect(staleReasons(machines)).toEqual([]);
    expect(Object.values(excused)).not.toContain('');
  });

  test('is nothing when every state, edge and fault was met, and everything without a reason when none was', () => {
    expect(unvisited(machines, everywhere)).toEqual([]);
    expect(unvisited(machines, nowhere)).toHaveLength(placesOf(machines).length - Object.keys(excused).length);
  });

  test.each(['bake: Silent', 'rollback: Seize -> IsSeized', 'sagemaker:UpdateEndpoint replyLost'])(
    'fails when it is %s',
    (place) => {
      expect(placesOf(machines)).toContain(place);
      const states = placesOf(machines).filter((one) => one !== place);
      expect(unvisited(machines, { ...nowhere, states })).toEqual([`not visited, and no reason: ${place}`]);
    },
  );

  test('fails when an API is called for which no fault is ever drawn', () => {
    const apis = ['sagemaker:UpdateEndpoint', 'sagemaker:DeleteEverything'];
    expect(unvisited(machines, { ...everywhere, apis })).toEqual([
      'called, and no fault is ever drawn for it: sagemaker:DeleteEverything',
    ]);
  });

  test('fails when an end is rarer than one in twenty', () => {
    const outcomes = { promoted: 400, rolledBack: 300, held: 200, aborted: 60, failed: 49 };
    const report = { outcomes, failures: [], visited: nowhere, longest: 1, heapMegabytes: [] };
    expect(rareEnds(report)).toEqual(['failed in 49 of 1009 runs, less than 5 %']);
    expect(rareEnds({ ...report, outcomes: { promoted: 10 } })).toHaveLength(4);
  });
});

describe('random rollouts', () => {
  test('three hundred of them break nothing, and end in every way', async () => {
    const { failures, outcomes } = await runCampaign(1, 300, (seed) => runCase(caseOf(seed), engine));
    expect(failures).toEqual([]);
    const ways = ['promoted', 'rolledBack', 'held', 'aborted', 'failed'];
    expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(ways));
  });

  test('the same seed is the same rollout, event by event', async () => {
    const [first, second] = [await runCase(caseOf(7), engine), await runCase(caseOf(7), engine)];
    expect(second.told()).toBe(first.told());
  });
});

type MachineName = keyof typeof engine.machines;

/** Choices whose inversion a few seeds show. */
const choices: readonly (readonly [MachineName, string])[] = [
  ['rollout', 'IsFirst'],
  ['rollout', 'IsReady'],
  ['rollout', 'IsResumed'],
  ['rollout', 'IsEntered'],
  ['rollout', 'IsBaked'],
  ['rollout', 'IsLastPhase'],
  ['rollout', 'IsRetreated'],
  ['rollout', 'IsFinalised'],
  ['rollback', 'IsStillRestored'],
];

/** The engine with one Choice that goes the other way: its first rule and its default have changed places. */
function inverted(machine: MachineName, name: string): typeof engine {
  const definition = engine.machines[machine];
  const state: Json = definition.States[name];
  const [first, ...others] = state.Choices;
  const wrong = { ...state, Choices: [{ ...first, Next: state.Default }, ...others], Default: first.Next };
  const States = { ...definition.States, [name]: wrong };
  return { ...engine, machines: { ...engine.machines, [machine]: { ...definition, States } } };
}

/** Whether one of the first seeds breaks something. */
async function found(wrong: typeof engine, seeds: number): Promise<boolean> {
  for (let seed = 1; seed <= seeds; seed++) {
    if ((await runCase(caseOf(seed), wrong)).violations.length > 0) return true;
  }
  return false;
}

test.each(choices)('fails the campaign when a Choice goes the other way: %s %s', async (machine, name) => {
  expect(await found(inverted(machine, name), 60)).toBe(true);
});
