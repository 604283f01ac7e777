import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { afterAll, describe, expect, test } from 'vitest';
import { ModelDeployment } from '../../../lib/rollout';
import { rehearse } from '../../../rehearsal/rehearse';
import { crashes, errors, good } from '../fixtures/scenarios';

const root = mkdtempSync(join(tmpdir(), 'rehearse-engine-'));
afterAll(() => rmSync(root, { recursive: true }));
let apps = 0;

/** An app with one deployment that an engine owns. */
function app(): App {
  const made = new App({ outdir: join(root, String(++apps)), builtinCloudFormationValidation: false });
  const stack = new Stack(made, 'Fraud');
  const image = rollouts.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:7');
  new ModelDeployment(stack, 'Fraud', {
    endpointName: 'fraud',
    model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
    strategy: new rollouts.StagedStrategy({
      stages: [{ percent: 25, bake: Duration.minutes(10) }],
      watchPeriod: Duration.minutes(10),
    }),
    rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
  });
  return made;
}

describe('rehearse() on an app whose endpoint an engine owns', () => {
  test('tells of a good version how it was promoted', async () => {
    const outcome = await rehearse(app(), { scenario: good });
    expect(outcome).toMatchObject({
      outcome: 'promoted',
      servedConfig: 'challenger',
      strategy: 'staged',
      endpoint: 'fraud',
      badRequests: expect.any(Number),
      decideSeconds: null,
      confirmSeconds: null,
      violations: [],
    });
    expect(outcome.verdicts.map(({ by, kind }) => [by, kind])).toEqual([
      ['gates', 'pass'],
      ['gates', 'pass'],
    ]);
    const shares = new Set(outcome.timeline.map(({ challengerPercent }) => challengerPercent));
    expect([...shares]).toEqual([0, 25, 100]);
  });

  test('tells of a bad version how fast it was found, decided, taken back and confirmed', async () => {
    const outcome = await rehearse(app(), { scenario: errors });
    expect(outcome).toMatchObject({ outcome: 'rolledBack', servedConfig: 'champion', violations: [] });
    expect(outcome.reason).toBe('alarm fraud-ErrorRate-b-rollout');
    expect(outcome.detectSeconds).toBeLessThanOrEqual(300);
    expect(outcome.decideSeconds).toBeLessThanOrEqual(600);
    expect(outcome.restoreSeconds).toBeLessThanOrEqual(30 + 5);
    expect(outcome.confirmSeconds).toBeLessThanOrEqual(900);
    expect(outcome.badRequests).toBeGreaterThan(0);
  });

  test('tells of a version that does not start that it has failed, and why', async () => {
    expect(await rehearse(app(), { scenario: crashes })).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^SageMaker went back to config .* by itself: .*failed its health check$/),
      servedConfig: 'champion',
      badRequests: 0,
      violations: [],
    });
  });

  test('knows a model that no template makes', async () => {
    const made = new App({ outdir: join(root, String(++apps)), builtinCloudFormationValidation: false });
    const stack = new Stack(made, 'Fraud');
    new ModelDeployment(stack, 'Fraud', {
      endpointName: 'fraud',
      model: rollouts.Model.fromModelName(stack, 'Model', 'house-model'),
      hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
      strategy: new rollouts.StagedStrategy({
        stages: [{ percent: 25, bake: Duration.minutes(10) }],
        watchPeriod: Duration.minutes(10),
      }),
    });
    expect(await rehearse(made, { scenario: good })).toMatchObject({ outcome: 'promoted', violations: [] });
  });

  test('is the same to the byte with the same seed', async () => {
    const [one, two] = [
      await rehearse(app(), { scenario: errors, seed: 7 }),
      await rehearse(app(), { scenario: errors, seed: 7 }),
    ];
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
  });
});
