import { beforeEach, describe, expect, test } from 'vitest';
import { WorldLog } from '../../../rehearsal/log';
import { ApplicationAutoScaling, type Json, type Variants } from '../../../rehearsal/services';
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
/** One variant `a`; `now` is the metric in every minute that is over. */
const fleet = { count: 4, busy: false, now: undefined as number | undefined, registered: [] as string[] };
const variants: Variants = {
  count: (_, variant) => (variant === 'a' && !fleet.busy ? fleet.count : undefined),
  setCount: (_endpoint, _variant, count) => {
    fleet.count = count;
  },
  sum: (metric, _endpoint, _variant, from) =>
    metric === 'InvocationsPerInstance' && from < clock.now() - MINUTE ? fleet.now : undefined,
  register: (_, variant, { minimum, maximum }) => fleet.registered.push(`${variant} ${minimum}-${maximum}`),
  deregister: (_, variant) => fleet.registered.push(`${variant} gone`),
};
const MINUTE = 60_000;
let clock: Clock;
let scaling: ApplicationAutoScaling;
beforeEach(() => {
  Object.assign(fleet, { count: 4, busy: false, now: undefined, registered: [] });
  clock = new Clock();
  const prefix = 'arn:aws:application-autoscaling:eu-west-1:123456789012';
  scaling = new ApplicationAutoScaling(clock, new WorldLog(clock), prefix, variants);
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
      RoleARN: expect.stringMatching(/^arn:aws:iam::123456789012:role\/aws-service-role\//),
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
  [
    'what is no variant of an endpoint',
    'RegisterScalableTarget',
    { ...one, ResourceId: 'service/default/web', MinCapacity: 1, MaxCapacity: 2 },
    'ValidationException',
  ],
  ['a target that is not there', 'DeregisterScalableTarget', one, 'ObjectNotFoundException'],
  ['a policy without a target', 'PutScalingPolicy', policy, 'ObjectNotFoundException'],
])('refuses %s', (_, operation, input, code) => {
  expect(() => scaling.invoke(operation, input)).toThrow(expect.objectContaining({ code }));
  expect(describeTargets()).toEqual([]);
});

test('IAM is asked for the target that changes, with what it scales', () => {
  scaling.invoke('RegisterScalableTarget', { ...one, MinCapacity: 1, MaxCapacity: 2 });
  const [{ ScalableTargetARN }] = describeTargets();
  expect(scaling.resourcesOf('PutScalingPolicy', policy)).toEqual([ScalableTargetARN]);
  expect(scaling.resourcesOf('DescribeScalableTargets', {})).toEqual(['*']);
  expect(scaling.contextOf('PutScalingPolicy', policy)).toEqual({
    'application-autoscaling:service-namespace': 'sagemaker',
    'application-autoscaling:scalable-dimension': 'sagemaker:variant:DesiredInstanceCount',
  });
});

describe('the instances of a variant', () => {
  const tracking = (rest: Json = {}) => ({
    ...policy,
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 100,
      PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
      ...rest,
    },
  });
  const register = (rest: Json = {}) =>
    scaling.invoke('RegisterScalableTarget', { ...one, MinCapacity: 2, MaxCapacity: 8, ...rest });
  /** The count after so many minutes of this load. */
  const countIn = (minutes: number, now: number | undefined) => {
    fleet.now = now;
    clock.advanceTo(clock.now() + minutes * MINUTE);
    return fleet.count;
  };
  const suspended = (In: boolean, Out: boolean) => ({
    SuspendedState: { DynamicScalingInSuspended: In, DynamicScalingOutSuspended: Out },
  });

  test('are brought into the bounds when these are registered, suspended or not', () => {
    register({ MinCapacity: 6 });
    expect(fleet.count).toBe(6);
    register({ MinCapacity: 1, MaxCapacity: 3, ...suspended(true, true) });
    expect(fleet.count).toBe(3);
    expect(fleet.registered).toEqual(['a 6-8', 'a 1-3']);
  });

  test('are left alone while their endpoint is busy', () => {
    fleet.busy = true;
    register({ MinCapacity: 6 });
    scaling.invoke('PutScalingPolicy', tracking());
    expect(countIn(30, 500)).toBe(4);
  });

  test('grow with the load, up to the maximum', () => {
    register();
    scaling.invoke('PutScalingPolicy', tracking());
    expect(countIn(4, 150)).toBe(6);
    // The cooldown: five minutes from the end of what was done.
    expect(countIn(2, 150)).toBe(6);
    expect(countIn(1, 150)).toBe(8);
    expect(countIn(60, 900)).toBe(8);
  });

  test('become fewer after a quarter of an hour with less load, down to the minimum', () => {
    register();
    scaling.invoke('PutScalingPolicy', tracking());
    fleet.now = 70;
    expect(countIn(14, 70)).toBe(3);
    expect(countIn(60, 1)).toBe(2);
  });

  test('stay with a load near the target, and without any sample', () => {
    register();
    scaling.invoke('PutScalingPolicy', tracking());
    expect([countIn(60, 95), countIn(60, undefined)]).toEqual([4, 4]);
  });

  test('stay where growing or shrinking is suspended', () => {
    register(suspended(true, true));
    scaling.invoke('PutScalingPolicy', tracking());
    expect([countIn(60, 10), countIn(60, 200)]).toEqual([4, 4]);
    register(suspended(true, false));
    expect([countIn(10, 200), countIn(60, 10)]).toEqual([8, 8]);
  });

  test('belong to nobody once they are not registered any more', () => {
    register();
    scaling.invoke('PutScalingPolicy', tracking());
    scaling.invoke('DeregisterScalableTarget', one);
    expect(countIn(60, 900)).toBe(4);
    expect(fleet.registered.at(-1)).toBe('a gone');
  });

  test('do not follow a metric that is not rehearsed', () => {
    register();
    const PredefinedMetricType = 'SageMakerVariantConcurrentRequestsPerModelHighResolution';
    scaling.invoke('PutScalingPolicy', tracking({ PredefinedMetricSpecification: { PredefinedMetricType } }));
    expect(countIn(60, 900)).toBe(4);
  });
});
