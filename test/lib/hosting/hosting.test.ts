import { ProductionVariantInstanceType } from '@aws-sdk/client-sagemaker';
import { App, CfnParameter, CfnResource, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AutoScaling, Hosting, type InstancesHostingProps } from '../../../lib/hosting';

const minimal = { instanceType: 'ml.m5.xlarge', initialInstanceCount: 2 };
const withProps = (more: Partial<InstancesHostingProps>) => () => Hosting.instances({ ...minimal, ...more });
const whole = (from: number, to: number) => fc.integer({ min: from, max: to });

describe('a variant on instances', () => {
  test('renders the required properties alone when nothing else is asked for', () => {
    const variant = Hosting.instances(minimal)._renderVariant('a', 'model-name');
    expect(JSON.parse(JSON.stringify(variant))).toEqual({
      variantName: 'a',
      modelName: 'model-name',
      instanceType: 'ml.m5.xlarge',
      initialInstanceCount: 2,
    });
  });

  test('renders volume and time-outs in the units that SageMaker wants', () => {
    const variant = withProps({
      volumeSize: Size.gibibytes(30),
      containerStartupHealthCheckTimeout: Duration.minutes(10),
      modelDataDownloadTimeout: Duration.hours(1),
    })()._renderVariant('a', 'm');
    expect(variant).toMatchObject({
      volumeSizeInGb: 30,
      containerStartupHealthCheckTimeoutInSeconds: 600,
      modelDataDownloadTimeoutInSeconds: 3600,
    });
  });

  test('accepts every instance type that the SDK knows for hosting', () => {
    const refused = Object.values(ProductionVariantInstanceType).filter((instanceType) => {
      try {
        Hosting.instances({ ...minimal, instanceType });
        return false;
      } catch {
        return true;
      }
    });
    expect(refused).toEqual([]);
  });

  test('takes a token as count and hands it on', () => {
    const stack = new Stack(new App(), 'S');
    const parameter = new CfnParameter(stack, 'Count', { type: 'Number' });
    const variant = Hosting.instances({ ...minimal, initialInstanceCount: parameter.valueAsNumber });
    expect(stack.resolve(variant._renderVariant('a', 'm')).initialInstanceCount).toEqual({ Ref: 'Count' });
  });

  test('takes a token as instance type', () => {
    const instanceType = Lazy.string({ produce: () => 'ml.c5.large' });
    expect(() => Hosting.instances({ ...minimal, instanceType })).not.toThrow();
  });

  test('keeps zero requests a second as zero', () => {
    expect(withProps({ requestsPerSecond: 0 })().requestsPerSecond).toBe(0);
    expect(Hosting.instances(minimal).requestsPerSecond).toBeUndefined();
  });

  test.each([
    ['fails on an EC2 type and names the hosting type', { instanceType: 'm5.xlarge' }, "did you mean 'ml.m5.xlarge'"],
    ['fails on a size alone', { instanceType: 'xlarge' }, 'InstanceType'],
    ['fails on an upper-case type', { instanceType: 'ML.M5.XLARGE' }, 'InstanceType'],
    ['fails on an empty type', { instanceType: '' }, 'InstanceType'],
    ['fails on no instance', { initialInstanceCount: 0 }, 'at least 1, got 0'],
    ['fails on half an instance', { initialInstanceCount: 1.5 }, 'got 1.5'],
    ['fails on a count that is no number', { initialInstanceCount: Number.NaN }, 'got NaN'],
    ['fails on a volume of 513 GiB', { volumeSize: Size.gibibytes(513) }, 'from 1 to 512, got 513 GiB'],
    ['fails on no volume', { volumeSize: Size.gibibytes(0) }, 'got 0 GiB'],
    ['fails on a volume that is no whole GiB', { volumeSize: Size.mebibytes(1536) }, 'got 1.5 GiB'],
    ['fails on a start-up of 59 s', { containerStartupHealthCheckTimeout: Duration.seconds(59) }, 'got 59'],
    ['fails on a download of 3601 s', { modelDataDownloadTimeout: Duration.seconds(3601) }, 'got 3601'],
    ['fails on broken seconds', { modelDataDownloadTimeout: Duration.millis(60_500) }, 'got 60.5'],
    ['fails on negative traffic', { requestsPerSecond: -1 }, 'got -1'],
    ['fails on endless traffic', { requestsPerSecond: Number.POSITIVE_INFINITY }, 'got Infinity'],
  ])('%s', (_name, props, message) => {
    expect(withProps(props)).toThrow(message);
  });

  test('fails once, with every problem', () => {
    const hosting = withProps({
      instanceType: 'm5',
      initialInstanceCount: 0,
      volumeSize: Size.gibibytes(600),
      requestsPerSecond: -1,
    });
    expect(hosting).toThrow(
      /has 4 problems[\s\S]*\[InstanceType\][\s\S]*\[InitialInstanceCount\][\s\S]*\[VolumeSize\][\s\S]*\[RequestsPerSecond\]/,
    );
  });

  test('renders whatever is legal, and nothing else passes', () => {
    fc.assert(
      fc.property(whole(-2, 9), whole(-50, 600), whole(0, 3700), (count, gib, seconds) => {
        const legal = count >= 1 && gib >= 1 && gib <= 512 && seconds >= 60 && seconds <= 3600;
        const make = withProps({
          initialInstanceCount: count,
          volumeSize: Size.gibibytes(Math.max(gib, 0)),
          modelDataDownloadTimeout: Duration.seconds(seconds),
        });
        if (!legal) {
          expect(make).toThrow();
          return;
        }
        expect(make()._renderVariant('a', 'm')).toMatchObject({
          initialInstanceCount: count,
          volumeSizeInGb: gib,
          modelDataDownloadTimeoutInSeconds: seconds,
        });
      }),
    );
  });
});

describe('auto scaling', () => {
  const draw = (autoScaling?: AutoScaling) => {
    const stack = new Stack(new App(), 'S');
    const endpoint = new CfnResource(stack, 'Endpoint', { type: 'AWS::SageMaker::Endpoint' });
    Hosting.instances({ ...minimal, autoScaling })._bindScaling(stack, 'fraud', 'a', endpoint);
    return Template.fromStack(stack);
  };

  test('draws nothing where nothing scales', () => {
    expect(Hosting.instances(minimal).autoScaled).toBe(false);
    draw().resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  });

  test('draws one target and one policy, after the endpoint, and no role', () => {
    const template = draw(
      AutoScaling.onInvocations({
        minInstances: 2,
        maxInstances: 8,
        target: 600,
        scaleInCooldown: Duration.minutes(10),
        scaleOutCooldown: Duration.seconds(0),
      }),
    );
    template.hasResource('AWS::ApplicationAutoScaling::ScalableTarget', {
      Properties: {
        ServiceNamespace: 'sagemaker',
        ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
        ResourceId: 'endpoint/fraud/variant/a',
        MinCapacity: 2,
        MaxCapacity: 8,
      },
      DependsOn: ['Endpoint'],
    });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      ScalingTargetId: { Ref: 'ScalableTarget' },
      TargetTrackingScalingPolicyConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
        TargetValue: 600,
        ScaleInCooldown: 600,
        ScaleOutCooldown: 0,
      },
    });
    template.resourceCountIs('AWS::IAM::Role', 0);
  });

  test('follows requests in flight by the metric of ten seconds', () => {
    draw(AutoScaling.onConcurrentRequests({ minInstances: 1, maxInstances: 4, target: 5 })).hasResourceProperties(
      'AWS::ApplicationAutoScaling::ScalingPolicy',
      {
        TargetTrackingScalingPolicyConfiguration: {
          PredefinedMetricSpecification: {
            PredefinedMetricType: 'SageMakerVariantConcurrentRequestsPerModelHighResolution',
          },
        },
      },
    );
  });

  const bounds = { minInstances: 2, maxInstances: 8, target: 600 };
  test.each([
    ['fails on no instance', { ...bounds, minInstances: 0 }, 'at least 1, got 0'],
    ['fails on bounds the wrong way round', { ...bounds, maxInstances: 1 }, 'minInstances (2), got 1'],
    ['fails on a target of zero', { ...bounds, target: 0 }, 'above 0, got 0'],
    ['fails on a target that is no number', { ...bounds, target: Number.NaN }, 'got NaN'],
    ['fails on broken seconds', { ...bounds, scaleInCooldown: Duration.millis(1500) }, 'got 1.5 seconds'],
  ])('%s', (_name, props, message) => {
    expect(() => AutoScaling.onInvocations(props)).toThrow(message);
  });

  test('fails when the fleet starts outside the bounds', () => {
    const autoScaling = AutoScaling.onInvocations({ minInstances: 3, maxInstances: 8, target: 600 });
    expect(() => Hosting.instances({ ...minimal, autoScaling })).toThrow('3 to 8, got 2');
  });
});
