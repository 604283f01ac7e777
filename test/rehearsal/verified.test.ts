import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aspects, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { afterAll, describe, expect, test } from 'vitest';
import { rehearse } from '../../rehearsal/rehearse';
import { crashes, errors, good } from './fixtures/scenarios';

const root = mkdtempSync(join(tmpdir(), 'verified-'));
afterAll(() => rmSync(root, { recursive: true }));
let apps = 0;

/** An app with one endpoint as users declare it, with its verifier's real bundle. */
function app(change: (stack: Stack) => void = () => undefined): App {
  const made = new App({ outdir: join(root, String(++apps)), builtinCloudFormationValidation: false });
  const stack = new Stack(made, 'Fraud');
  const model = new rollouts.Model(stack, 'Model', {
    containers: [
      { image: rollouts.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:7') },
    ],
  });
  new rollouts.Endpoint(stack, 'Endpoint', {
    endpointName: 'fraud',
    model,
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
    strategy: new rollouts.CanaryStrategy({
      canarySize: rollouts.CapacitySize.instances(1),
      waitInterval: Duration.minutes(15),
      terminationWait: Duration.minutes(15),
    }),
    rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
  });
  change(stack);
  return made;
}

/** Takes every statement away from the verifier's role. */
const denyVerifier = (stack: Stack) =>
  Aspects.of(stack).add({
    visit(node) {
      if (!CfnResource.isCfnResource(node) || node.cfnResourceType !== 'AWS::IAM::Role') return;
      const trust = JSON.stringify(
        stack.resolve((node as unknown as { assumeRolePolicyDocument: unknown }).assumeRolePolicyDocument),
      );
      if (!trust.includes('lambda.amazonaws.com')) return;
      node.addPropertyDeletionOverride('Policies');
      node.addPropertyDeletionOverride('ManagedPolicyArns');
    },
  });

describe('an endpoint whose serving is verified', () => {
  test('is promoted when the new version is good, and the handler says so', async () => {
    const outcome = await rehearse(app(), { scenario: good });
    expect(outcome).toMatchObject({ outcome: 'promoted', servedConfig: 'challenger', violations: [] });
    expect(outcome.timeline.map(({ event }) => event)).toContain('FunctionReturned');
  });

  test('fails its deployment when SageMaker goes back in silence and CloudFormation calls that a success', async () => {
    for (const scenario of [errors, crashes]) {
      const outcome = await rehearse(app(), { scenario, knobs: { silentRollback: 'success' } });
      expect(outcome).toMatchObject({ outcome: 'rolledBack', servedConfig: 'champion', violations: [] });
      const last = outcome.timeline.filter(({ event }) => event === 'StackStatus').at(-1);
      expect(last?.detail).toMatch(/^UPDATE_ROLLBACK_COMPLETE: .*SageMaker went back/);
    }
  });

  test('fails its first deployment when the verifier may not look: no answer is no yes', async () => {
    await expect(rehearse(app(denyVerifier), { scenario: good })).rejects.toThrow(
      /is not authorized to perform: sagemaker:DescribeEndpoint on resource: .*:endpoint\/fraud.* \[NoChampion\]/,
    );
  });
});
