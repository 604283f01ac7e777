import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { describe, expect, test } from 'vitest';
import { autoScaling } from '../../../lambda/aws/auto-scaling';
import { endpointControl } from '../../../lambda/aws/endpoint-control';
import { fakeTransport, type Reply } from './fake-transport';

const door = (reply: Reply = {}) => {
  const { options, sent } = fakeTransport(() => reply);
  return { scaling: autoScaling(new ApplicationAutoScalingClient(options)), sent };
};
const refused = (__type: string, status = 400): Reply => ({ status, json: { __type, message: 'no' } });
const variant = (name: string) => ({
  ServiceNamespace: 'sagemaker',
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
  ResourceId: `endpoint/fraud/variant/${name}`,
});

describe('the door to Application Auto Scaling', () => {
  test('tells how variants are scaled, and leaves out those that are not', async () => {
    const target = {
      ...variant('a'),
      MinCapacity: 2,
      MaxCapacity: 8,
      SuspendedState: { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: false },
    };
    const { scaling, sent } = door({ json: { ScalableTargets: [target] } });
    expect(await scaling.scaled('fraud', ['a', 'b'])).toEqual(
      new Map([['a', { minimum: 2, maximum: 8, shrinks: false, grows: true }]]),
    );
    const ids = ['a', 'b'].map((name) => variant(name).ResourceId);
    expect(sent).toMatchObject([{ target: 'DescribeScalableTargets', body: { ResourceIds: ids } }]);
  });

  test('takes what is not said for scaling that goes on', async () => {
    const { scaling } = door({ json: { ScalableTargets: [{ ...variant('a'), MinCapacity: 2, MaxCapacity: 8 }] } });
    expect((await scaling.scaled('fraud', ['a'])).get('a')).toMatchObject({ shrinks: true, grows: true });
  });

  test('says the whole of what is wanted: bounds, and what is held back', async () => {
    const { scaling, sent } = door();
    await scaling.scale('fraud', 'b', { minimum: 1, maximum: 8, shrinks: false, grows: true });
    await scaling.scale('fraud', 'b', { minimum: 0, maximum: 8, shrinks: true, grows: true });
    const said = (held: boolean, MinCapacity: number) => ({
      ...variant('b'),
      MinCapacity,
      MaxCapacity: 8,
      SuspendedState: {
        DynamicScalingInSuspended: held,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: held,
      },
    });
    expect(sent.map(({ body }) => body)).toEqual([said(true, 1), said(false, 0)]);
  });

  test('follows by target tracking, in one policy a variant', async () => {
    const { scaling, sent } = door();
    await scaling.follow('fraud', 'b', { TargetValue: 100 });
    expect(sent).toMatchObject([
      {
        target: 'PutScalingPolicy',
        body: {
          ...variant('b'),
          PolicyName: 'fraud-b',
          PolicyType: 'TargetTrackingScaling',
          TargetTrackingScalingPolicyConfiguration: { TargetValue: 100 },
        },
      },
    ]);
  });

  test('leaves a variant that is not scaled as it is', async () => {
    const { scaling, sent } = door(refused('ObjectNotFoundException'));
    await scaling.leave('fraud', 'b');
    expect(sent.map(({ target }) => target)).toEqual(['DeregisterScalableTarget']);
  });

  test.each([
    ['ConcurrentUpdateException', 'ServiceUnavailable'],
    ['InternalServiceException', 'ServiceUnavailable'],
    ['ThrottlingException', 'ThrottlingException'],
    ['AccessDeniedException', 'ScalingRefused'],
    ['ValidationException', 'ScalingRefused'],
    ['LimitExceededException', 'ScalingRefused'],
  ])('fails after %s as %s', async (said, name) => {
    const { scaling } = door(refused(said));
    const scale = scaling.scale('fraud', 'b', { minimum: 1, maximum: 2, shrinks: true, grows: true });
    await expect(scale).rejects.toMatchObject({ name, message: expect.stringContaining('no') });
    await expect(scaling.scaled('fraud', ['b'])).rejects.toMatchObject({ name });
    await expect(scaling.leave('fraud', 'b')).rejects.toMatchObject({ name });
  });

  test('asks once more for a target that was registered this moment', async () => {
    const { scaling } = door(refused('ObjectNotFoundException'));
    await expect(scaling.follow('fraud', 'b', {})).rejects.toMatchObject({ name: 'ServiceUnavailable' });
  });
});

test('an update keeps counts where it is asked to, and takes weights and capture from the config', async () => {
  const { options, sent } = fakeTransport(() => ({ json: { EndpointArn: 'arn' } }));
  const endpoints = endpointControl(new SageMakerClient(options));
  await endpoints.update('fraud', 'split', true);
  await endpoints.update('fraud', 'split', false);
  const named = { EndpointName: 'fraud', EndpointConfigName: 'split' };
  expect(sent.map(({ body }) => body)).toEqual([
    {
      ...named,
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [
        { VariantPropertyType: 'DesiredWeight' },
        { VariantPropertyType: 'DataCaptureConfig' },
      ],
    },
    { ...named, RetainAllVariantProperties: false },
  ]);
});
