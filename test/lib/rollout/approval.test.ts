import { App, Duration, aws_iam as iam, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import type { Spec } from '../../../decision';
import { type Approval, ApprovalRule, ModelDeployment, type ModelDeploymentProps } from '../../../lib/rollout';

const account = '111111111111';
const onCall = `arn:aws:iam::${account}:role/OnCall`;

function deployed(props: Partial<ModelDeploymentProps> = {}) {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Fraud', { env: { account, region: 'eu-west-1' } });
  const deployment = new ModelDeployment(stack, 'Fraud', {
    endpointName: 'fraud',
    model: rollouts.Model.fromModelName(stack, 'Model', 'fraud-v7'),
    hosting: rollouts.Hosting.instances({
      instanceType: 'ml.m5.xlarge',
      initialInstanceCount: 4,
      requestsPerSecond: 20,
    }),
    strategy: rollouts.StagedStrategy.standard(),
    ...props,
  });
  return {
    stack,
    deployment,
    get template() {
      return Template.fromStack(stack);
    },
  };
}

/** The spec of the deployment, with CloudFormation's references as text. */
function specOf(template: Template): Spec {
  const [{ Properties }] = Object.values(template.findResources('Custom::RolloutSpec'));
  const spec = Properties['Spec'];
  const text =
    typeof spec === 'string'
      ? spec
      : spec['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : '?')).join('');
  return JSON.parse(text);
}

const approvers = [iam.Role.fromRoleArn(new Stack(), 'OnCall', onCall)];
const when = (rule: ApprovalRule, props: Partial<ModelDeploymentProps> = {}) => {
  const approval: Approval = { approvers: [new iam.ArnPrincipal(onCall)], when: [rule] };
  return specOf(deployed({ approval, ...props }).template).approval?.when[0];
};

describe('approval', () => {
  test('is asked before all traffic moves, of the roles that are named', () => {
    const { template } = deployed({ approval: { approvers } });
    const spec = specOf(template);
    expect(spec.approval).toEqual({ approvers: [onCall], when: [{ kind: 'always' }] });
    expect(spec.plan.phases.map((phase) => (phase as { approval?: boolean }).approval ?? false)).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  test('is asked by nobody when nothing is said', () => {
    const spec = specOf(deployed().template);
    expect(spec.approval).toBeUndefined();
    expect(JSON.stringify(spec.plan)).not.toContain('approval');
  });

  test('by blast radius: 20 requests a second, 5 % more errors, six minutes', () => {
    expect(when(ApprovalRule.blastRadiusAbove(500))).toEqual({
      kind: 'blastRadiusAbove',
      badRequests: 500,
      expected: 360,
    });
    const hosting = rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 });
    expect(when(ApprovalRule.blastRadiusAbove(500), { hosting })).toMatchObject({ expected: null });
  });

  test('by what is not normal', () => {
    const usual = { instanceTypes: ['ml.m5.xlarge'], maximumInstanceCount: 4, maximumStepPercent: 50 };
    expect(when(ApprovalRule.outsideNormal(usual))).toEqual({ kind: 'outsideNormal', found: [] });
    const narrow = { instanceTypes: ['ml.c5.large'], maximumInstanceCount: 3, maximumStepPercent: 25 };
    expect(when(ApprovalRule.outsideNormal(narrow))).toEqual({
      kind: 'outsideNormal',
      found: ['instance type ml.m5.xlarge', '4 instances', 'a step of 50 %'],
    });
  });

  test('for a time after a rollback, in the words of the plan', () => {
    expect(when(ApprovalRule.afterRollback(Duration.days(30)))).toEqual({ kind: 'afterRollback', within: 'P30D' });
  });

  test.each<[string, string, () => unknown]>([
    [
      'the strategy asks and nobody may answer',
      'ApproversMissing',
      () => deployed({ strategy: rollouts.StagedStrategy.highStakes() }),
    ],
    ['the list of approvers is empty', 'ApproversMissing', () => deployed({ approval: { approvers: [] } })],
    [
      'an approver is a service',
      'ApproverUnknown',
      () => deployed({ approval: { approvers: [new iam.ServicePrincipal('lambda.amazonaws.com')] } }),
    ],
    [
      'an approver is a whole account',
      'ApproverUnknown',
      () => deployed({ approval: { approvers: [new iam.AccountPrincipal(account)] } }),
    ],
    ['a limit is no number', 'BadRequestsOutOfRange', () => ApprovalRule.blastRadiusAbove(Number.NaN)],
  ])('fails when %s', (_, code, build) => {
    expect(build).toThrow(`[${code}]`);
  });
});

describe('what people need', () => {
  test('is found by the name of the endpoint', () => {
    const { template } = deployed();
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/cdk-sagemaker-rollouts/fraud',
      Value: {
        'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('^{"schemaVersion":1,"platform":".+","table":"$')])],
      },
    });
  });

  test('is granted: the record to read, the door to knock at, and no write to anything', () => {
    const { stack, deployment } = deployed();
    const role = new iam.Role(stack, 'Person', { assumedBy: new iam.AccountRootPrincipal() });
    deployment.grantOperate(role);
    const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const [[, policy]] = policies.filter(([id]) => id.startsWith('Person'));
    const statements = policy.Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[];
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:Query',
      'lambda:InvokeFunction',
      'lambda:InvokeFunctionUrl',
      'sagemaker:DescribeEndpoint',
      'ssm:GetParameter',
    ]);
    expect(JSON.stringify(statements.map(({ Resource }) => Resource))).not.toContain('"*"');
  });

  test('has the exact command that takes a rollout back, and one dashboard', () => {
    const { template } = deployed();
    template.hasOutput('*', {
      Value: 'npx rollouts rollback fraud --region eu-west-1 --reason "..."',
    });
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    const [{ Properties }] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(Properties['DashboardBody']);
    for (const words of [
      'Share of traffic',
      'Requests a minute',
      '5xx',
      '99th percentile',
      'Rollback alarms',
      'Verdicts',
    ]) {
      expect(body).toContain(words);
    }
  });

  test('is heard at a URL that IAM guards', () => {
    deployed().template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
  });
});
