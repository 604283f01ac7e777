import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { afterAll, describe, expect, test } from 'vitest';
import { rehearse } from '../../../rehearsal/rehearse';
import { errors, good } from '../fixtures/scenarios';

const root = mkdtempSync(join(tmpdir(), 'engine-strategies-'));
afterAll(() => rmSync(root, { recursive: true }));

const one = rollouts.CapacitySize.instances(1);
const terminationWait = Duration.minutes(10);
// Two hours are more than guardrails can wait: under the engine they are stages.
const waitInterval = Duration.hours(2);

describe.each<[string, rollouts.Strategy, readonly number[]]>([
  ['AllAtOnce', new rollouts.AllAtOnceStrategy({ terminationWait }), [0, 100]],
  ['Canary', new rollouts.CanaryStrategy({ canarySize: one, waitInterval, terminationWait }), [0, 25, 100]],
  ['Linear', new rollouts.LinearStrategy({ linearStepSize: one, waitInterval, terminationWait }), [0, 25, 50, 75, 100]],
  [
    'Rolling',
    new rollouts.RollingStrategy({ maximumBatchSize: one, waitInterval: Duration.minutes(10) }),
    [0, 25, 50, 75, 100],
  ],
])('%sStrategy under the engine', (name, strategy, shares) => {
  function app(scenario: string): App {
    const made = new App({ outdir: join(root, `${name}-${scenario}`), builtinCloudFormationValidation: false });
    const stack = new Stack(made, 'Fraud');
    const image = rollouts.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:7');
    new rollouts.ModelDeployment(stack, 'Fraud', {
      endpointName: 'fraud',
      model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
      hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
      strategy,
      rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
    });
    return made;
  }

  test('moves a good version step by step', async () => {
    const outcome = await rehearse(app('good'), { scenario: good });
    expect(outcome).toMatchObject({ outcome: 'promoted', servedConfig: 'challenger', violations: [] });
    expect([...new Set(outcome.timeline.map(({ challengerPercent }) => challengerPercent))]).toEqual(shares);
  });

  test('takes a bad one back from its first step', async () => {
    const outcome = await rehearse(app('errors'), { scenario: errors });
    expect(outcome).toMatchObject({ outcome: 'rolledBack', servedConfig: 'champion', violations: [] });
    expect(Math.max(...outcome.timeline.map(({ challengerPercent }) => challengerPercent ?? 0))).toBe(shares[1]);
  });
});
