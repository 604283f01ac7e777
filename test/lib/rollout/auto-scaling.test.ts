import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import * as rollouts from '../../../lib';
import { fourInstances, fraudModel } from '../endpoint/fraud';

const autoScaling = (maxInstances = 8) =>
  rollouts.AutoScaling.onInvocations({ minInstances: 2, maxInstances, target: 600 });
const scaled = (maxInstances?: number, initialInstanceCount = 4) =>
  rollouts.Hosting.instances({
    instanceType: 'ml.m5.xlarge',
    initialInstanceCount,
    autoScaling: autoScaling(maxInstances),
  });

function drawn(hosting: rollouts.Hosting) {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Fraud');
  new rollouts.ModelDeployment(stack, 'Fraud', {
    endpointName: 'fraud',
    model: fraudModel(stack, 'v7'),
    hosting,
    strategy: rollouts.StagedStrategy.minimumViable(),
    gates: [new rollouts.ErrorRateGate({ absoluteMargin: 0.005, maximumRate: 0.02 })],
  });
  const template = Template.fromStack(stack);
  const [fence] = Object.values(template.findResources('Custom::RolloutFence'));
  const [handover] = Object.values(template.findResources('Custom::RolloutSpec'));
  const text = JSON.stringify(handover.Properties.Spec);
  const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const about = (word: string) => statements.filter((statement) => JSON.stringify(statement.Action).includes(word));
  return { template, fence, text, about };
}

test('a deployment that is scaled hands over its bounds and its policy, in the words of the API', () => {
  const { text, template } = drawn(scaled());
  const policy =
    '{"PredefinedMetricSpecification":{"PredefinedMetricType":"SageMakerVariantInvocationsPerInstance"},"TargetValue":600}';
  expect(text.replaceAll('\\"', '"')).toContain(`"scaling":{"minimum":2,"maximum":8,"policy":${policy}}`);
  // CloudFormation scales nothing: it would put stale bounds back in the middle of a rollout.
  template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
});

test('bounds make no other version, and neither does scaling', () => {
  const digest = (hosting: rollouts.Hosting) => drawn(hosting).fence.Properties.Digest;
  expect(digest(scaled(12, 6))).toEqual(digest(scaled()));
  expect(digest(fourInstances)).toEqual(digest(scaled()));
});

test('the quota is asked for the most that it may grow to', () => {
  expect(drawn(scaled()).fence.Properties.PeakInstances).toBe('17');
  expect(drawn(fourInstances).fence.Properties.PeakInstances).toBe('9');
});

test('the engine may scale the variants of what is scaled, and nothing else', () => {
  const { about } = drawn(scaled());
  const arn = (service: string, resource: string) => ({
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        `:${service}:`,
        { Ref: 'AWS::Region' },
        ':',
        { Ref: 'AWS::AccountId' },
        `:${resource}`,
      ],
    ],
  });
  const SCALER = 'sagemaker.application-autoscaling.amazonaws.com';
  expect(about('application-autoscaling')).toEqual([
    {
      Effect: 'Allow',
      Action: ['Register', 'Deregister']
        .map((verb) => `application-autoscaling:${verb}ScalableTarget`)
        .concat('application-autoscaling:PutScalingPolicy'),
      Resource: arn('application-autoscaling', 'scalable-target/*'),
      Condition: {
        StringEquals: {
          'application-autoscaling:service-namespace': 'sagemaker',
          'application-autoscaling:scalable-dimension': 'sagemaker:variant:DesiredInstanceCount',
        },
      },
    },
    { Effect: 'Allow', Action: 'application-autoscaling:DescribeScalableTargets', Resource: '*' },
  ]);
  const role = `role/aws-service-role/${SCALER}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`;
  expect(about('iam:CreateServiceLinkedRole')).toMatchObject([
    { Condition: { StringEquals: { 'iam:AWSServiceName': SCALER } } },
  ]);
  expect(JSON.stringify(about('iam:CreateServiceLinkedRole')[0].Resource)).toContain(role);
  expect(about('cloudwatch:PutMetricAlarm')).toMatchObject([
    { Resource: arn('cloudwatch', 'alarm:TargetTracking-endpoint/fraud/variant/*') },
  ]);
});

test('where nothing is scaled the engine may scale nothing', () => {
  const { about, text } = drawn(fourInstances);
  expect([about('autoscaling'), about('CreateServiceLinkedRole'), about('PutMetricAlarm')]).toEqual([[], [], []]);
  expect(text).not.toContain('scaling');
});
