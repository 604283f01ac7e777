import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  type CfnResource,
  CloudFormationValidatePlugin,
  aws_lambda as lambda,
  Stack,
  Validations,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import * as rollouts from '../../../lib';
import { ModelDeployment } from '../../../lib/rollout';
import { fourInstances, fraudModel } from '../endpoint/fraud';

const deployment = (stack: Stack, name: string) =>
  new ModelDeployment(stack, name, {
    endpointName: name.toLowerCase(),
    model: fraudModel(stack, 'v7', `${name}Model`),
    hosting: fourInstances,
    strategy: rollouts.StagedStrategy.standard(),
    gates: [new rollouts.ErrorRateGate({ absoluteMargin: 0.005, maximumRate: 0.02 })],
  });

function synthesized(count: number): { stack: Stack; types: string[] } {
  const outdir = mkdtempSync(join(tmpdir(), 'deployments-'));
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Many');
  for (let i = 0; i < count; i++) deployment(stack, `Model${i}`);
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> };
  return { stack, types: Object.values(Resources).map(({ Type }) => Type) };
}

test('a deployment adds at most nine resources beside its alarms to a stack that has a platform', () => {
  const [one, two] = [synthesized(1), synthesized(2)].map(({ types }) =>
    types.filter((type) => type !== 'AWS::CloudWatch::Alarm'),
  );
  expect(two.length - one.length).toBeLessThanOrEqual(9);
});

test('an escape hatch on a model makes another version of it, for the engine too', () => {
  const digest = (image?: string) => {
    const stack = new Stack(new App(), 'Fraud');
    deployment(stack, 'Fraud');
    const model = stack.node.findChild('FraudModel').node.defaultChild as CfnResource;
    if (image !== undefined) model.addPropertyOverride('PrimaryContainer.Image', image);
    const [fence] = Object.values(Template.fromStack(stack).findResources('Custom::RolloutFence'));
    return fence.Properties.Digest;
  };
  expect(digest()).toBe(digest());
  expect(new Set([digest(), digest('a/b:v8'), digest('a/b:v9')]).size).toBe(3);
});

test('a model of another region is refused, as under an Endpoint', () => {
  const stack = new Stack(new App(), 'Fraud', { env: { account: '123456789012', region: 'eu-west-1' } });
  const arn = 'arn:aws:sagemaker:us-east-1:123456789012:model/fraud-7';
  const props = { model: rollouts.Model.fromModelArn(stack, 'Model', arn), hosting: fourInstances };
  const make = () => new ModelDeployment(stack, 'D', { ...props, strategy: rollouts.StagedStrategy.standard() });
  expect(make).toThrow("model Fraud/Model must be in the endpoint's region, eu-west-1, got us-east-1 [ModelElsewhere]");
});

test('fifty deployments fit into one stack', () => {
  const { types } = synthesized(50);
  expect(types.length).toBeLessThanOrEqual(500);
  expect(types.filter((type) => type === 'Custom::RolloutSpec')).toHaveLength(50);
});

test("AWS's rules for templates find nothing", () => {
  const outdir = mkdtempSync(join(tmpdir(), 'deployment-'));
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Fraud', { env: { account: '123456789012', region: 'us-east-1' } });
  deployment(stack, 'Fraud');
  app.synth();
  const template = { templatePath: join(outdir, stack.templateFile), stackConstructPath: stack.node.path };
  const { violations } = new CloudFormationValidatePlugin().validate({ stackTemplates: [template] } as never);
  expect(violations).toEqual([]);
});

test('cdk-nag finds what is meant, and nothing else', () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Fraud');
  const { platformName } = deployment(stack, 'Fraud').platform;
  const arn = (service: string, resource: string) =>
    `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;
  const meant = {
    '*': 'a registry token and a metric have no ARN',
    [arn('logs', 'log-group:/aws/sagemaker/Endpoints/*')]: 'SageMaker names the log group and its streams',
    [arn('logs', 'log-group:/aws/lambda/Fraud*')]: 'Lambda names the log group and its streams',
    [arn('cloudwatch', 'alarm:fraud-*')]: 'a deployment may get further alarms on its own endpoint',
    [arn('sagemaker', 'endpoint-config/fraud*')]: 'the engine writes one config a generation',
    [arn('cloudformation', 'stack/*')]: 'deployments of any stack may share the platform',
    [arn('states', `execution:${platformName}-rollout:*`)]: 'an execution is named by its rollout',
    [arn('states', `execution:${platformName}-bake:*`)]: 'an execution is named by its rollout',
    [arn('states', `stateMachine:${platformName}-bake:*`)]: 'a rollout keeps the version that it began with',
    [arn('states', `stateMachine:${platformName}-rollout:*`)]: 'a rollout keeps the version that it began with',
    ...Object.fromEntries(
      stack.node
        .findAll()
        .filter((node) => node instanceof lambda.CfnFunction)
        .map((node) => [`<${stack.getLogicalId(node)}.Arn>:*`, 'a rollout keeps the versions that it began with']),
    ),
    'arn:<AWS::Partition>:s3:::models/fraud/*': 'a rollback starts instances of the old version',
  };
  for (const [resource, reason] of Object.entries(meant)) {
    Validations.of(stack).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
  }
  const others = {
    L1: 'the handlers are bundled for Node.js 22',
    SF1: 'a standard execution keeps its whole history, and the record keeps the evidence of every tick',
  };
  for (const [id, reason] of Object.entries(others)) {
    Validations.of(stack).acknowledge({ id: `AwsSolutions-${id}`, reason });
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).not.toThrow();
});
