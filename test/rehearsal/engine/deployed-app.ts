import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';

const root = mkdtempSync(join(tmpdir(), 'data-'));
process.once('exit', () => rmSync(root, { recursive: true, force: true }));
let apps = 0;

/** An app with one deployment; what is special about it is made in its stack. */
export function deployed(
  special: (stack: Stack) => Pick<rollouts.ModelDeploymentProps, 'strategy'> & Partial<rollouts.ModelDeploymentProps>,
): App {
  const app = new App({ outdir: join(root, String(++apps)), builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Fraud');
  const image = rollouts.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:7');
  new rollouts.ModelDeployment(stack, 'Fraud', {
    endpointName: 'fraud',
    model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
    ...special(stack),
  });
  return app;
}
