import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import * as rollouts from '../../../lib';
import { earliestAlarmSeconds, requireAlarmShape, requireReachable } from '../../../lib/private/alarm-rules';
import { Problems } from '../../../lib/private/problems';
import { canary, fourInstances, fraudModel } from '../endpoint/fraud';

interface Sample {
  readonly name: string;
  readonly namespace?: string;
  readonly metric: string;
  readonly statistic: string;
  readonly period: number;
  readonly evaluationPeriods: number;
  readonly threshold: number;
  readonly comparison?: string;
  readonly analysis?: { readonly canEverFire?: boolean; readonly earliestAlarmSeconds?: number };
}
interface Shadow {
  readonly name: string;
  readonly ProductionVariants?: readonly { readonly InitialVariantWeight: number }[];
  readonly expected: { readonly valid: boolean; readonly sampling?: number };
}
const { alarmSamples, shadowVectors } = JSON.parse(readFileSync('test/vectors/deploymentconfig.json', 'utf8')) as {
  alarmSamples: Sample[];
  shadowVectors: Shadow[];
};
const factsOf = (sample: Sample) => ({
  namespace: sample.namespace ?? 'AWS/SageMaker',
  metricName: sample.metric,
  statistic: sample.statistic,
  comparisonOperator: sample.comparison ?? 'GreaterThanThreshold',
  threshold: sample.threshold,
  periodSeconds: sample.period,
  datapointsToAlarm: sample.evaluationPeriods,
  evaluationPeriods: sample.evaluationPeriods,
});

describe('published alarms', () => {
  test.each(alarmSamples.map((sample) => ({ ...sample, can: sample.analysis?.canEverFire ?? true })))(
    '$name can ever fire: $can',
    (sample) => {
      const problems = new Problems('Sample');
      requireReachable(problems, '', factsOf(sample));
      expect(problems.messages.length === 0).toBe(sample.can);
    },
  );

  test.each(alarmSamples.filter(({ analysis }) => analysis?.earliestAlarmSeconds !== undefined))(
    '$name fires after its time at the earliest',
    (sample) => {
      expect(earliestAlarmSeconds(factsOf(sample))).toBe(sample.analysis!.earliestAlarmSeconds);
    },
  );

  test.each(alarmSamples)('$name is one that CloudWatch takes', (sample) => {
    const problems = new Problems('Sample');
    requireAlarmShape(problems, '', factsOf(sample));
    expect(problems.messages).toEqual([]);
  });
});

describe('an alarm', () => {
  const facts = { namespace: 'AWS/SageMaker', metricName: 'Invocation5XXErrors', statistic: 'Average' };
  test.each([
    ['GreaterThanThreshold', 0.99, []],
    ['GreaterThanThreshold', 1, ['AlarmNeverFires']],
    ['GreaterThanOrEqualToThreshold', 1, []],
    ['GreaterThanOrEqualToThreshold', 1.01, ['AlarmNeverFires']],
    ['GreaterThanOrEqualToThreshold', 0, ['AlarmAlwaysFires']],
    ['GreaterThanThreshold', 0, []],
    ['LessThanThreshold', 0, ['AlarmNeverFires']],
    ['LessThanOrEqualToThreshold', 0, []],
    ['LessThanThreshold', 1.5, ['AlarmAlwaysFires']],
    ['LessThanOrEqualToThreshold', 1, ['AlarmAlwaysFires']],
  ])('on a rate, %s %s: %j', (comparisonOperator, threshold, codes) => {
    const problems = new Problems('Alarm');
    requireReachable(problems, '', { ...facts, comparisonOperator, threshold });
    expect(problems.messages.map((message) => /\[(\w+)\]$/.exec(message)![1])).toEqual(codes);
  });

  test('on a metric that nobody knows may have any threshold', () => {
    const problems = new Problems('Alarm');
    requireReachable(problems, '', {
      ...facts,
      namespace: 'Mine',
      comparisonOperator: 'LessThanThreshold',
      threshold: -5,
    });
    expect(problems.messages).toEqual([]);
  });
});

describe('a shadow', () => {
  test.each(shadowVectors.filter(({ expected }) => expected.sampling !== undefined))(
    'samples as $name does',
    ({ expected, ProductionVariants }) => {
      const stack = new Stack(new App(), 'Shadow');
      new rollouts.Endpoint(stack, 'Endpoint', {
        model: fraudModel(stack),
        hosting: fourInstances,
        strategy: canary,
        shadow: { model: fraudModel(stack, 'v8', 'Challenger'), samplingPercent: expected.sampling! * 100 },
      });
      const [config] = Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::EndpointConfig'));
      const [production, ...others] = config.Properties.ProductionVariants;
      const [shadow, ...more] = config.Properties.ShadowProductionVariants;
      // Of each there is one, as SageMaker's prose asks.
      expect([others, more]).toEqual([[], []]);
      expect(production.InitialVariantWeight).toBe(ProductionVariants![0].InitialVariantWeight);
      expect(shadow.InitialVariantWeight / production.InitialVariantWeight).toBe(expected.sampling);
      expect(shadow).not.toHaveProperty('SamplingPercentage');
    },
  );
});
