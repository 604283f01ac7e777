import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  CfnOutput,
  CfnResource,
  CustomResource,
  Duration,
  aws_ec2 as ec2,
  aws_events as events,
  Fn,
  aws_kms as kms,
  aws_lambda as lambda,
  Stack,
  Stage,
  aws_ssm as ssm,
  aws_stepfunctions as stepfunctions,
} from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import type { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { rehearse } from '../../rehearsal';
import { readAssembly } from '../../rehearsal/cloudformation/assembly';
import { knobSettings } from '../../rehearsal/knobs';
import { World } from '../../rehearsal/world';
import { errors, good } from './fixtures/scenarios';

const newApp = () =>
  new App({ outdir: mkdtempSync(join(tmpdir(), 'several-')), builtinCloudFormationValidation: false });
const image = rollouts.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:v7');
const hosting = rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 });

function fraud(scope: Construct, more: Partial<rollouts.EndpointProps> & { readonly vpc?: ec2.IVpc } = {}): Stack {
  const stack = new Stack(scope, 'Fraud');
  const { vpc, ...others } = more;
  new rollouts.Endpoint(stack, 'Endpoint', {
    endpointName: 'fraud',
    model: new rollouts.Model(stack, 'Model', { containers: [{ image }], vpc }),
    hosting,
    strategy: new rollouts.AllAtOnceStrategy(),
    ...others,
  });
  return stack;
}

describe('an app of several stacks', () => {
  test('what a stack needs of others is deployed first, whatever they hold', async () => {
    const app = newApp();
    const shared = new Stack(app, 'Shared');
    const vpc = new ec2.Vpc(shared, 'Vpc', { natGateways: 1 });
    const encryptionKey = new kms.Key(shared, 'Key');
    // What a rehearsal knows nothing of: a type, a function's code, a rule by the clock, and a custom resource that fails.
    const activity = new stepfunctions.CfnActivity(shared, 'Activity', { name: 'unheard-of' });
    const inline = new lambda.Function(shared, 'Inline', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => { throw new Error("must not run"); };'),
    });
    new events.Rule(shared, 'Nightly', { schedule: events.Schedule.rate(Duration.days(1)) });
    const custom = new CustomResource(shared, 'Custom', { serviceToken: inline.functionArn });
    for (const [id, value] of Object.entries({ a: activity.attrArn, b: custom.getAttString('Anything') })) {
      new CfnOutput(shared, id, { value, exportName: `shared-${id}` });
    }
    const stack = fraud(app, { vpc, encryptionKey });
    new ssm.StringParameter(stack, 'Found', {
      stringValue: `${Fn.importValue('shared-a')} ${Fn.importValue('shared-b')}`,
    });
    expect(await rehearse(app, { scenario: good })).toMatchObject({ outcome: 'promoted', violations: [] });
    expect(await rehearse(app, { scenario: errors })).toMatchObject({ outcome: 'rolledBack', violations: [] });
  });

  test('what a stack waits for may wait for others, and is deployed once', async () => {
    const app = newApp();
    const chain = ['First', 'Second', 'Third'].map((id) => new Stack(app, id));
    for (const [i, stack] of chain.entries()) {
      new ssm.StringParameter(stack, 'Parameter', { stringValue: 'x' });
      for (const before of chain.slice(0, i)) stack.addStackDependency(before);
    }
    fraud(app).addStackDependency(chain[2]);
    const where = { region: 'us-east-1', account: '123456789012' };
    const world = new World({ seed: 1, knobs: knobSettings(), startup: () => 'healthy', ...where });
    const artifact = readAssembly(app.synth().directory).find(({ name }) => name === 'Fraud')!;
    const stack = world.stack(artifact);
    for (let deployment = 0; deployment < 2; deployment++) await world.clock.run(world.deploy(stack, artifact));
    const begun = world.log.events.filter(
      ({ source, event }) => source === 'cloudformation' && event.endsWith('Started'),
    );
    expect(begun.map(({ event, data }) => `${event} ${data['stack']}`)).toEqual([
      'CreateStarted First',
      'CreateStarted Second',
      'CreateStarted Third',
      'CreateStarted Fraud',
      'UpdateStarted Fraud',
    ]);
  });

  test('what nobody exports fails the deployment, as CloudFormation does', async () => {
    const app = newApp();
    const stack = fraud(app);
    new CfnResource(stack, 'Imports', {
      type: 'AWS::SSM::Parameter',
      properties: { Type: 'String', Value: Fn.importValue('nowhere') },
    });
    await expect(rehearse(app, { scenario: good })).rejects.toThrow(/No export named nowhere found\. \[NoChampion\]/);
  });

  test('a stack that is needed and does not deploy is told by its name', async () => {
    const app = newApp();
    const broken = new Stack(app, 'Broken');
    new CfnOutput(broken, 'Out', { value: 'x', exportName: 'out' });
    new CfnResource(broken, 'Imports', {
      type: 'AWS::SSM::Parameter',
      properties: { Type: 'String', Value: Fn.importValue('nowhere') },
    });
    fraud(app).addStackDependency(broken);
    await expect(rehearse(app, { scenario: good })).rejects.toThrow(/stack Broken must deploy first.*\[NeedFailed\]/);
  });

  test('a platform in a stack of its own', async () => {
    const app = newApp();
    const platform = new rollouts.RolloutPlatform(new Stack(app, 'Platform'), 'Platform');
    const stack = new Stack(app, 'Fraud');
    new rollouts.ModelDeployment(stack, 'Fraud', {
      endpointName: 'fraud',
      model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
      hosting,
      strategy: new rollouts.AllAtOnceStrategy(),
      platform,
    });
    expect(await rehearse(app, { scenario: good })).toMatchObject({ outcome: 'promoted', violations: [] });
    expect(await rehearse(app, { scenario: errors })).toMatchObject({ outcome: 'rolledBack', violations: [] });
  });

  test('one endpoint of several in a stack, the others left out', async () => {
    const app = newApp();
    const stack = fraud(app);
    const churn = new rollouts.Endpoint(stack, 'Churn', {
      endpointName: 'churn',
      model: new rollouts.Model(stack, 'ChurnModel', { containers: [{ image }] }),
      hosting,
      strategy: new rollouts.AllAtOnceStrategy(),
    });
    // Waits for an endpoint that is left out, and is left out with it.
    const waits = new ssm.StringParameter(stack, 'Waits', { stringValue: 'x' });
    waits.node.addDependency(churn);
    new CfnOutput(stack, 'Out', { value: waits.parameterName, exportName: 'out' });
    const platform = new rollouts.RolloutPlatform(stack, 'Platform');
    for (const endpointName of ['spam', 'rank']) {
      new rollouts.ModelDeployment(stack, endpointName, {
        endpointName,
        model: new rollouts.Model(stack, `${endpointName}Model`, { containers: [{ image }] }),
        hosting,
        strategy: new rollouts.AllAtOnceStrategy(),
        platform,
      });
    }
    const { directory } = app.synth();
    await expect(rehearse(directory, { scenario: good })).rejects.toThrow(
      'endpoint must name one of stack Fraud, fraud, churn, spam, rank, got nothing [WhichEndpoint]',
    );
    await expect(rehearse(directory, { scenario: good, endpoint: 'else' })).rejects.toThrow(
      /got 'else' \[WhichEndpoint\]/,
    );
    for (const endpoint of ['fraud', 'churn', 'spam', 'rank']) {
      const bad = await rehearse(directory, { scenario: errors, endpoint });
      expect(bad, endpoint).toMatchObject({ endpoint, outcome: 'rolledBack', violations: [] });
      const fine = await rehearse(directory, { scenario: good, endpoint });
      expect(fine, endpoint).toMatchObject({ endpoint, outcome: 'promoted', violations: [] });
    }
    // Of the version before, too.
    const again = await rehearse(directory, { scenario: good, endpoint: 'churn', from: directory });
    expect(again).toMatchObject({ endpoint: 'churn', servedConfig: 'champion' });
  });

  test('the stacks of a stage', async () => {
    const app = newApp();
    fraud(new Stage(app, 'Prod'));
    expect(await rehearse(app, { scenario: good, stack: 'Prod-Fraud' })).toMatchObject({ outcome: 'promoted' });
  });
});
