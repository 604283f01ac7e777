import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnParameter, aws_iam as iam, Stack, aws_s3 as s3, aws_sagemaker as sagemaker } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../bin/commands/account';
import { doctor } from '../../bin/commands/doctor';
import type { Machine } from '../../bin/commands/machine';

let folder: string;
let out: string;
const hosting = rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 });
const image = () => rollouts.ContainerImage.fromSagemaker('sagemaker-xgboost', '1.7-1');

function synthesize(name: string, fill: (stack: Stack) => void): string {
  const app = new App({ outdir: join(folder, name) });
  fill(new Stack(app, 'Fraud'));
  return app.synth().directory;
}

function deploy(stack: Stack, on: rollouts.Hosting, strategy: rollouts.Strategy, ...more: rollouts.Gate[]): void {
  new rollouts.ModelDeployment(stack, 'Deployment', {
    endpointName: 'fraud',
    model: new rollouts.Model(stack, 'Model', { containers: [{ image: image() }] }),
    hosting: on,
    strategy,
    gates: [new rollouts.ErrorRateGate({ absoluteMargin: 0.005, maximumRate: 0.02 }), ...more],
    ...(more.length > 0 ? { dataCapture: { bucket: s3.Bucket.fromBucketName(stack, 'Captured', 'captured') } } : {}),
    approval: { approvers: [new iam.ArnPrincipal('arn:aws:iam::111111111111:role/on-call')] },
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  out = synthesize('cdk.out', (stack) => {
    new rollouts.Endpoint(stack, 'Endpoint', {
      endpointName: 'fraud',
      model: new rollouts.Model(stack, 'Model', { containers: [{ image: image() }] }),
      hosting,
      strategy: new rollouts.AllAtOnceStrategy(),
    });
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LIBRARY = { version: '2.276.0', dependencies: { '@aws-cdk/cloud-assembly-schema': '^55.3.0' } };
const CDK = { version: '2.1148.1', devDependencies: { '@aws-cdk/cloud-assembly-schema': '>=55.5.0' } };
const machine: Machine = {
  nodeVersion: '22.11.0',
  installed: (name) => (name === 'aws-cdk-lib' ? LIBRARY : undefined),
  cdkCli: () => CDK,
  has: () => true,
};
const account: Account = {
  identity: async () => ({ account: '123456789012', region: 'eu-west-1' }),
  bootstrapVersion: async () => 21,
  endpointQuotas: async () => new Map([['ml.m5.xlarge', 8]]),
};
const denied = async () => {
  throw new Error('not authorized');
};

describe('rollouts doctor', () => {
  test('finds nothing where nothing is wrong, and shows no more of the account than its end', async () => {
    const { text, code } = await doctor({ machine, assembly: out, account });
    expect(code).toBe(0);
    expect(text).toContain('ml.m5.xlarge: Fraud needs 8 at its peak, the quota is 8');
    expect(text).not.toContain('123456789012');
  });

  test.each<[string, Partial<Machine>, Partial<Account>, RegExp]>([
    ['an old Node', { nodeVersion: '18.19.0' }, {}, /Node must be 20 or later, got 18\.19\.0 \[NodeTooOld\]/],
    [
      'an old library',
      { installed: () => ({ version: '2.200.0' }) },
      {},
      /aws-cdk-lib must be \^.*got 2\.200\.0.*\[CdkLibVersion\]/,
    ],
    [
      'a missing bootstrap',
      {},
      { bootstrapVersion: async () => undefined },
      /must be bootstrapped.*and is not: npx cdk bootstrap \[NotBootstrapped\]/,
    ],
    [
      'an old bootstrap',
      {},
      { bootstrapVersion: async () => 5 },
      /has version 5: npx cdk bootstrap \[NotBootstrapped\]/,
    ],
    ['a bootstrap of no number', {}, { bootstrapVersion: async () => Number.NaN }, /\[NotBootstrapped\]/],
    [
      'a quota that holds one fleet',
      {},
      { endpointQuotas: async () => new Map([['ml.m5.xlarge', 7]]) },
      /must hold every fleet of an update at once: Fraud needs 8 at its peak, the quota is 7; ask for more.*\[QuotaTooSmall\]/,
    ],
    [
      'no credentials',
      {},
      { identity: denied },
      /credentials must work, and do not: not authorized.*\[NoCredentials\]/,
    ],
  ])('fails %s', async (_, ofMachine, ofAccount, pattern) => {
    const { text, code } = await doctor({
      machine: { ...machine, ...ofMachine },
      assembly: out,
      account: { ...account, ...ofAccount },
    });
    expect(text).toMatch(pattern);
    expect(text).toMatch(/\n1 problem\n$/);
    expect(code).toBe(1);
  });

  test('says what it may not look at, and blames nobody for it', async () => {
    const blind = { ...account, bootstrapVersion: denied, endpointQuotas: denied };
    const { text, code } = await doctor({ machine, assembly: out, account: blind });
    expect(text).toContain('bootstrap: cannot say, not authorized');
    expect(text).toContain('quotas: cannot say, not authorized');
    expect(code).toBe(0);
  });

  test('cannot say what an endpoint needs whose config is not in the template, and says so', async () => {
    const assembly = synthesize('elsewhere.out', (stack) => {
      new sagemaker.CfnEndpoint(stack, 'Endpoint', { endpointConfigName: 'made-elsewhere' });
    });
    const { text, code } = await doctor({ machine, assembly, account });
    expect(text).toContain('quotas: cannot say what Fraud needs, the config of an endpoint is not in its template');
    expect(code).toBe(0);
  });

  test('compares what a rollout of the engine needs at its peak', async () => {
    const assembly = synthesize('engine.out', (stack) =>
      deploy(stack, hosting, rollouts.StagedStrategy.minimumViable()),
    );
    const { text, code } = await doctor({ machine, assembly, account });
    expect(text).toMatch(
      /must hold every fleet of an update at once: Fraud needs 9 at its peak, the quota is 8; a rollout is refused until it does;.*\[QuotaTooSmall\]/,
    );
    expect(code).toBe(1);
  });

  test('a shadow phase needs three fleets and one instance', async () => {
    const assembly = synthesize('shadow.out', (stack) =>
      deploy(
        stack,
        hosting,
        rollouts.StagedStrategy.highStakes(),
        new rollouts.ShadowDivergenceGate({ maximumRate: 0.02 }),
      ),
    );
    const { text } = await doctor({ machine, assembly, account });
    expect(text).toMatch(/Fraud needs 13 at its peak, the quota is 8/);
  });

  test('of an engine whose instances are a parameter it says that nothing will compare them', async () => {
    const assembly = synthesize('token.out', (stack) => {
      const count = new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber;
      const open = rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: count });
      deploy(stack, open, rollouts.StagedStrategy.minimumViable());
      new sagemaker.CfnEndpoint(stack, 'Elsewhere', { endpointConfigName: 'made-elsewhere' });
    });
    const { text, code } = await doctor({ machine, assembly, account });
    expect(text).toContain('cannot say what Fraud needs, its instances are known at deployment only');
    expect(text).toContain('cannot say what Fraud needs, the config of an endpoint is not in its template');
    expect(code).toBe(0);
  });
});
