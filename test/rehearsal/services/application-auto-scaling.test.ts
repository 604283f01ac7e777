import { beforeEach, expect, test } from 'vitest';
import { ApplicationAutoScaling, type Json } from '../../../rehearsal/services';
import { Clock, EPOCH } from '../../../rehearsal/time/clock';

const one = {
  ServiceNamespace: 'sagemaker',
  ResourceId: 'endpoint/fraud/variant/a',
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
};
const policy = {
  ...one,
  PolicyName: 'p',
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: { TargetValue: 70 },
};
let scaling: ApplicationAutoScaling;
beforeEach(() => {
  scaling = new ApplicationAutoScaling(new Clock(), 'arn:aws:application-autoscaling:eu-west-1:123456789012');
});
const describeTargets = (rest: Json = {}) =>
  scaling.invoke('DescribeScalableTargets', { ServiceNamespace: 'sagemaker', ...rest }).ScalableTargets;

test('registers, and a second call changes only what it says', () => {
  const { ScalableTargetARN } = scaling.invoke('RegisterScalableTarget', { ...one, MinCapacity: 2, MaxCapacity: 8 });
  scaling.invoke('RegisterScalableTarget', { ...one, SuspendedState: { DynamicScalingInSuspended: true } });
  scaling.invoke('RegisterScalableTarget', { ...one, MinCapacity: 4 });
  expect(describeTargets({ ResourceIds: [one.ResourceId] })).toEqual([
    {
      ...one,
      MinCapacity: 4,
      MaxCapacity: 8,
      SuspendedState: {
        DynamicScalingInSuspended: true,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: false,
      },
      CreationTime: EPOCH / 1000,
      ScalableTargetARN,
    },
  ]);
  expect(scaling.target(one.ResourceId)?.SuspendedState.DynamicScalingInSuspended).toBe(true);
});

test('zero is a capacity', () => {
  scaling.invoke('RegisterScalableTarget', { ...one, MinCapacity: 0, MaxCapacity: 0 });
  expect(scaling.target(one.ResourceId)).toMatchObject({ MinCapacity: 0, MaxCapacity: 0 });
});

test('deregistering takes the policies with it', () => {
  scaling.invoke('RegisterScalableTarget', { ...one, MinCapacity: 1, MaxCapacity: 2 });
  scaling.invoke('PutScalingPolicy', policy);
  const policies = () =>
    scaling.invoke('DescribeScalingPolicies', { ServiceNamespace: 'sagemaker', ResourceId: one.ResourceId })
      .ScalingPolicies;
  expect(policies()).toMatchObject([
    { PolicyName: 'p', TargetTrackingScalingPolicyConfiguration: { TargetValue: 70 } },
  ]);
  scaling.invoke('DeregisterScalableTarget', one);
  expect([policies(), describeTargets(), scaling.target(one.ResourceId)]).toEqual([[], [], undefined]);
});

test('a policy can be taken away alone', () => {
  scaling.invoke('RegisterScalableTarget', { ...one, MinCapacity: 1, MaxCapacity: 2 });
  scaling.invoke('PutScalingPolicy', policy);
  scaling.invoke('DeleteScalingPolicy', policy);
  expect(() => scaling.invoke('DeleteScalingPolicy', policy)).toThrow(
    expect.objectContaining({ code: 'ObjectNotFoundException' }),
  );
  expect(describeTargets().length).toBe(1);
});

test.each<[string, string, Json, string]>([
  ['a first registration without capacities', 'RegisterScalableTarget', one, 'ValidationException'],
  [
    'a maximum below the minimum',
    'RegisterScalableTarget',
    { ...one, MinCapacity: 3, MaxCapacity: 2 },
    'ValidationException',
  ],
  [
    'a capacity below zero',
    'RegisterScalableTarget',
    { ...one, MinCapacity: -1, MaxCapacity: 2 },
    'ValidationException',
  ],
  ['no resource', 'RegisterScalableTarget', { MinCapacity: 1, MaxCapacity: 2 }, 'ValidationException'],
  ['a target that is not there', 'DeregisterScalableTarget', one, 'ObjectNotFoundException'],
  ['a policy without a target', 'PutScalingPolicy', policy, 'ObjectNotFoundException'],
])('refuses %s', (_, operation, input, code) => {
  expect(() => scaling.invoke(operation, input)).toThrow(expect.objectContaining({ code }));
  expect(describeTargets()).toEqual([]);
});
