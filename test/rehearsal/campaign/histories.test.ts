import { App, Duration, aws_lambda as lambda, Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { sourceEngine } from '../../../bin/commands/campaign-engine';
import * as rollouts from '../../../lib';
import type { CampaignCase, CasePhase } from '../../../rehearsal/campaign/campaign-case';
import { runCase } from '../../../rehearsal/campaign/run-case';
import { fourInstances, fraudModel } from '../../lib/endpoint/fraud';

// An execution of Step Functions ends at 25,000 events: a plan that gets there would be taken back for no reason.
const MOST = 20_000;

function run(phases: CasePhase[], functions: CampaignCase['plan']['functions'] = []) {
  return runCase(
    {
      seed: 1,
      plan: { phases, onUndecided: 'stay', instances: 4, functions },
      model: { startup: 'healthy', answers: [], approvals: [] },
      alarms: [],
      deeds: [],
      stops: [],
      faults: [],
      weather: { weightsApplySeconds: 5, describeStaleSeconds: 0, events: 1, outOfOrder: false },
    },
    sourceEngine(),
  );
}

const watch: CasePhase = { kind: 'watch', bake: 'PT5M', holdbackPercent: 0 };

test('a bake with as many functions as may be asked is continued in time', async () => {
  const stage: CasePhase = { kind: 'stage', percent: 25, bake: 'PT1000M', deadline: 'PT2000M' };
  const { outcome, histories, coverage } = await run(
    [stage, watch],
    Array.from({ length: 10 }, () => 'stage' as const),
  );
  expect(outcome).toBe('promoted');
  // It was continued: what one execution writes at most has been seen.
  expect([...coverage.edges]).toContain('rollout: IsBaked -> Bake');
  expect(histories['bake']).toBeGreaterThan(15_000);
  expect(histories['bake']).toBeLessThan(MOST);
});

test('more functions than that are refused', () => {
  const stack = new Stack(new App(), 'Fraud');
  const gates = Array.from({ length: 11 }, (_, i) => {
    const arn = `arn:aws:lambda:us-east-1:123456789012:function:check-${i}`;
    const handler = lambda.Function.fromFunctionArn(stack, `Check${i}`, arn);
    return new rollouts.FunctionGate({ gateName: `Check${i}`, handler, phases: [rollouts.GatePhase.STAGE] });
  });
  const deploy = () =>
    new rollouts.ModelDeployment(stack, 'Fraud', {
      endpointName: 'fraud',
      model: fraudModel(stack, 'v7'),
      hosting: fourInstances,
      strategy: new rollouts.StagedStrategy({ stages: [{ percent: 5, bake: Duration.hours(1) }] }),
      gates,
    });
  expect(deploy).toThrow(/at most 10 gates of phase stage may be FunctionGates, got 11.*\[TooManyFunctionGates\]/s);
});

test('a rollout of as many phases and days as there may be stays far below it', { timeout: 120_000 }, async () => {
  // Twenty stages and a watch of 2.8 days each: the rollout's own time-out is sixty days.
  const stages = Array.from({ length: 20 }, (_, i): CasePhase => {
    return { kind: 'stage', percent: 4 * (i + 1), bake: 'PT4032M', deadline: 'PT8064M' };
  });
  const { outcome, histories } = await run([...stages, { ...watch, bake: 'PT4032M' }]);
  expect(outcome).toBe('promoted');
  expect(histories['rollout']).toBeLessThan(MOST / 5);
  expect(histories['bake']).toBeLessThan(MOST);
});
