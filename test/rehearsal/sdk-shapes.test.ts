import { Duration } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { practised, versionOf } from './engine/deployment';
import { calls, rollOut, told } from './engine/practice';
import { errors, good } from './fixtures/scenarios';
import { callProblems } from './sdk-shapes';

const describeEndpoint = { service: 'sagemaker', operation: 'DescribeEndpoint', input: { EndpointName: 'x' } };

describe('the comparison with the model of a service', () => {
  const known = {
    EndpointName: 'x',
    EndpointArn: 'arn',
    EndpointStatus: 'InService',
    CreationTime: 1,
    LastModifiedTime: 1,
  };

  test('finds nothing in a call that is as the model has it', () => {
    expect(callProblems(describeEndpoint, known)).toEqual([]);
  });

  test.each<[string, object, object, string]>([
    [
      'a member of the request that is not in the model',
      { EndpointName: 'x', Name: 'x' },
      known,
      'input.Name is not in the model',
    ],
    ['a member of the request that is missing', {}, known, 'input.EndpointName is missing'],
    [
      'a member of the request of another type',
      { EndpointName: 7 },
      known,
      'input.EndpointName must be a string, is number',
    ],
    [
      'a member of the reply that is missing',
      { EndpointName: 'x' },
      { ...known, EndpointStatus: undefined },
      'output.EndpointStatus is missing',
    ],
    [
      'a member deep in the reply',
      { EndpointName: 'x' },
      { ...known, ProductionVariants: [{ VariantName: 'a', CurrentWeight: '1' }] },
      'output.ProductionVariants[0].CurrentWeight must be a number, is string',
    ],
  ])('finds %s', (_, input, output, problem) => {
    expect(callProblems({ ...describeEndpoint, input }, output)).toEqual([`sagemaker:DescribeEndpoint ${problem}`]);
  });

  test('finds an operation that a service does not have', () => {
    expect(callProblems({ ...describeEndpoint, operation: 'PatchEndpoint' }, {})).toEqual([
      'sagemaker:PatchEndpoint is no operation',
    ]);
  });
});

describe('what handlers and state machines ask, and what they are answered', () => {
  const gates = [
    new rollouts.ErrorRateGate({ absoluteMargin: 0.005 }),
    new rollouts.LatencyGate({ percentile: 99, ceiling: Duration.millis(250) }),
  ];

  test.each([
    ['promoted', good],
    ['rolledBack', errors],
  ])('is in the words of the SDK while a rollout is %s', async (outcome, scenario) => {
    const engine = await practised({ scenario }, versionOf('1', { gates }));
    const ended = await rollOut(engine, versionOf('2', { gates }));
    expect(ended, told(engine)).toMatchObject({ outcome, violations: [] });
  });

  test('is compared for every service but Lambda, whose SDK we do not have', () => {
    const services = new Set([...calls.checked].map((call) => call.split(':')[0]));
    expect([...services]).toEqual(expect.arrayContaining(['cloudwatch', 'dynamodb', 'sagemaker', 'sns', 'states']));
    expect([...calls.unchecked]).toEqual(['lambda:Invoke']);
  });
});
