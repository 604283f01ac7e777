import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deploymentConfigProblems, type GuardedResource } from '../../../lib/private/deployment-config';

interface Vector {
  readonly name: string;
  readonly resource: GuardedResource;
  readonly input: { readonly DeploymentConfig: unknown };
  readonly productionVariant?: { readonly InitialInstanceCount?: number };
  readonly expected: { readonly valid: boolean; readonly errors?: readonly { readonly path: string }[] };
}
const { vectors } = JSON.parse(readFileSync('test/vectors/deploymentconfig.json', 'utf8')) as { vectors: Vector[] };

describe('the rules of DeploymentConfig', () => {
  test.each(vectors.filter(({ expected }) => expected.valid))(
    'accept $name',
    ({ resource, input, productionVariant }) => {
      const found = deploymentConfigProblems(resource, input.DeploymentConfig, productionVariant?.InitialInstanceCount);
      expect(found).toEqual([]);
    },
  );

  test.each(vectors.filter(({ expected }) => !expected.valid))('fails $name, at the right place', (vector) => {
    const { resource, input, productionVariant, expected } = vector;
    const found = deploymentConfigProblems(resource, input.DeploymentConfig, productionVariant?.InitialInstanceCount);
    expect(found.map(({ path }) => path)).toEqual(expect.arrayContaining(expected.errors!.map(({ path }) => path)));
  });

  const canary = (routing: object, policy: object = {}) => ({
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: { Type: 'CANARY', WaitIntervalInSeconds: 60, ...routing },
      ...policy,
    },
  });
  const size = (Type: string, Value: unknown) => ({ Type, Value });

  test.each<[string, unknown, string, string]>([
    [
      'a scalar size',
      canary({ CanarySize: 30 }),
      'BlueGreenUpdatePolicy.TrafficRoutingConfiguration.CanarySize',
      'WrongType',
    ],
    [
      "the guide's CAPACITY_PERCENTAGE",
      canary({ CanarySize: size('CAPACITY_PERCENTAGE', 30) }),
      'BlueGreenUpdatePolicy.TrafficRoutingConfiguration.CanarySize.Type',
      'UnknownWord',
    ],
    [
      'a wait beside the routing',
      canary({ CanarySize: size('CAPACITY_PERCENT', 30) }, { WaitIntervalInSeconds: 60 }),
      'BlueGreenUpdatePolicy.WaitIntervalInSeconds',
      'UnknownProperty',
    ],
    [
      'half an instance',
      canary({ CanarySize: size('INSTANCE_COUNT', 0.5) }),
      'BlueGreenUpdatePolicy.TrafficRoutingConfiguration.CanarySize.Value',
      'SizeOutOfRange',
    ],
    [
      'a routing without a wait',
      { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE' } } },
      'BlueGreenUpdatePolicy.TrafficRoutingConfiguration.WaitIntervalInSeconds',
      'Missing',
    ],
    ['an empty policy', { BlueGreenUpdatePolicy: {} }, 'BlueGreenUpdatePolicy.TrafficRoutingConfiguration', 'Missing'],
    [
      'an alarm without a name',
      { AutoRollbackConfiguration: { Alarms: [{}] } },
      'AutoRollbackConfiguration.Alarms.0.AlarmName',
      'Missing',
    ],
    [
      'a blank alarm name',
      { AutoRollbackConfiguration: { Alarms: [{ AlarmName: ' ' }] } },
      'AutoRollbackConfiguration.Alarms.0.AlarmName',
      'AlarmNameOutOfRange',
    ],
    [
      'alarms that are strings',
      { AutoRollbackConfiguration: { Alarms: ['a'] } },
      'AutoRollbackConfiguration.Alarms.0',
      'WrongType',
    ],
  ])('fails %s', (_what, config, path, code) => {
    const found = deploymentConfigProblems('AWS::SageMaker::Endpoint', config, 4);
    expect(found).toContainEqual(expect.objectContaining({ path, code }));
  });

  test.each([
    ['canary', 1, 2, true],
    ['canary', 2, 3, false],
    ['rolling', 1, 20, true],
    ['rolling', 1, 21, false],
    ['linear', 1, 10, true],
    ['linear', 1, 11, false],
    ['linear', 6, 11, false],
  ])('%s of %i of %i instances is legal: %s', (mode, value, count, legal) => {
    const some = size('INSTANCE_COUNT', value);
    const config =
      mode === 'rolling'
        ? { RollingUpdatePolicy: { MaximumBatchSize: some, WaitIntervalInSeconds: 60 } }
        : canary(mode === 'canary' ? { CanarySize: some } : { Type: 'LINEAR', LinearStepSize: some });
    expect(deploymentConfigProblems('AWS::SageMaker::Endpoint', config, count).length === 0).toBe(legal);
  });

  test('skip what only the deployment knows', () => {
    const config = canary({ CanarySize: size('CAPACITY_PERCENT', 30), WaitIntervalInSeconds: { Ref: 'Wait' } });
    expect(deploymentConfigProblems('AWS::SageMaker::Endpoint', config, 4)).toEqual([]);
  });

  test('fails with everything at once', () => {
    const config = {
      ...canary({ CanarySize: size('CAPACITY_PERCENT', 51), WaitIntervalInSeconds: 3601 }),
      AutoRollbackConfiguration: { Alarms: [] },
    };
    const found = deploymentConfigProblems('AWS::SageMaker::Endpoint', config, 4);
    expect(found.map(({ message }) => message)).toEqual([
      'waitInterval must be a whole number of seconds, between 0 and 3600, got 3601',
      "canarySize must be at most 50 % of the variant's instances, got 51 %",
      'rollbackAlarms must make 1 to 10 alarms, got 0',
    ]);
  });
});
