import { beforeEach, describe, expect, test, vi } from 'vitest';
import { sourceEngine } from '../../../bin/commands/campaign-engine';
import { runCampaign } from '../../../rehearsal/campaign/campaign';
import type { CampaignCase } from '../../../rehearsal/campaign/campaign-case';
import { ELSEWHERE, edgesOf } from '../../../rehearsal/campaign/coverage';
import { caseOf } from '../../../rehearsal/campaign/draw-case';
import { runCase } from '../../../rehearsal/campaign/run-case';
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

test('edges that are taken elsewhere are edges', () => {
  expect(edgesOf(engine.machines)).toEqual(expect.arrayContaining(Object.keys(ELSEWHERE)));
});

describe('random rollouts', () => {
  test('three hundred of them break nothing, and end in every way', async () => {
    const { failures, outcomes } = await runCampaign(1, 300, engine);
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
