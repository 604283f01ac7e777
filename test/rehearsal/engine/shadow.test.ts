import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { afterAll, describe, expect, test } from 'vitest';
import { rehearse } from '../../../rehearsal/rehearse';
import { defineScenario, type ScenarioInput } from '../../../rehearsal/scenario';

const root = mkdtempSync(join(tmpdir(), 'shadow-'));
afterAll(() => rmSync(root, { recursive: true }));
let apps = 0;

/** Half an hour of shadow, then ten minutes at 25 %. */
function app(gate: Partial<rollouts.ShadowDivergenceGateProps> = {}, samplingPercent = 100): App {
  const made = new App({ outdir: join(root, String(++apps)), builtinCloudFormationValidation: false });
  const stack = new Stack(made, 'Fraud');
  const image = rollouts.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:7');
  const bucket = new s3.Bucket(stack, 'Captures');
  new rollouts.ModelDeployment(stack, 'Fraud', {
    endpointName: 'fraud',
    model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
    strategy: new rollouts.StagedStrategy({
      shadow: { minimumRequests: 1000, minimumDuration: Duration.minutes(30), deadline: Duration.hours(3) },
      stages: [{ percent: 25, bake: Duration.minutes(10) }],
      watchPeriod: Duration.minutes(10),
    }),
    dataCapture: { bucket, samplingPercent },
    gates: [new rollouts.ShadowDivergenceGate({ maximumRate: 0.02, ...gate })],
  });
  return made;
}

const told = (predictions: ScenarioInput['predictions'], more: Partial<ScenarioInput> = {}) =>
  defineScenario({
    name: 'shadow',
    requestsPerSecond: 20,
    predictions: predictions && { capturedPerHour: 6000, ...predictions },
    expect: { outcome: 'promoted' },
    ...more,
  });

describe('a shadow', () => {
  test('that agrees is followed by live traffic', async () => {
    const outcome = await rehearse(app(), { scenario: told({ disagreementRate: 0.005 }) });
    console.log(outcome.reason, outcome.verdicts, outcome.totalSeconds);
    expect(outcome).toMatchObject({ outcome: 'promoted', servedConfig: 'challenger', violations: [] });
  });

  test('that diverges is taken back before it has any traffic', async () => {
    const outcome = await rehearse(app(), { scenario: told({ disagreementRate: 0.08 }) });
    console.log(outcome.reason, outcome.verdicts, outcome.totalSeconds);
    expect(outcome).toMatchObject({ outcome: 'rolledBack', servedConfig: 'champion', badRequests: 0, violations: [] });
  });

  test('of which the scenario says nothing is held', async () => {
    const outcome = await rehearse(app(), { scenario: told(undefined) });
    console.log(outcome.reason, outcome.verdicts, outcome.totalSeconds);
    expect(outcome).toMatchObject({ outcome: 'held', violations: [] });
  });
});
