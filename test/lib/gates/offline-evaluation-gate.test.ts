import { aws_s3 as s3 } from 'aws-cdk-lib';
import {
  Direction,
  EvaluationCheck,
  EvaluationReport,
  GatePhase,
  MetricPlace,
  OfflineEvaluationGate,
} from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { bind, stack } from './bind';

const bucket = s3.Bucket.fromBucketName(stack, 'Reports', 'reports');
const report = EvaluationReport.fromBucket(bucket, 'fraud/v7.json');
const championReport = EvaluationReport.fromBucket(bucket, 'fraud/v6.json');
const auc = MetricPlace.modelQuality('binary_classification', 'auc');
const compare = (more = {}) =>
  EvaluationCheck.comparison({ metric: auc, direction: Direction.HIGHER_IS_BETTER, absoluteMargin: 0.005, ...more });

describe('OfflineEvaluationGate', () => {
  test('reads both reports, and may read nothing else', () => {
    const gate = new OfflineEvaluationGate({ report, championReport, checks: [compare()] });
    const { evaluator, definition, statements } = bind(gate);
    expect([evaluator, gate.phases]).toEqual(['judge-data', [GatePhase.BEFORE]]);
    expect(definition).toEqual({
      kind: 'offline',
      id: 'OfflineEvaluation',
      challenger: { bucket: 'reports', key: 'fraud/v7.json' },
      champion: { bucket: 'reports', key: 'fraud/v6.json' },
      checks: [
        {
          check: 'comparison',
          metric: 'auc',
          slices: [
            {
              name: 'all',
              value: "$.binary_classification_metrics['auc'].value",
              standardError: "$.binary_classification_metrics['auc'].standard_deviation",
              trials: null,
            },
          ],
          rule: {
            kind: 'offline',
            metric: 'auc',
            absoluteMargin: 0.005,
            direction: 'higherIsBetter',
            slices: ['all'],
            uncertainty: 'required',
          },
        },
      ],
    });
    expect(statements.map(({ Action, Resource }) => [Action, Resource['Fn::Join'][1][2]])).toEqual([
      ['s3:GetObject', ':s3:::reports/fraud/v7.json'],
      ['s3:GetObject', ':s3:::reports/fraud/v6.json'],
    ]);
  });

  test('a name of a slice may hold quotes', () => {
    const metric = MetricPlace.atPath({ name: 'recall', value: "$['{slice}'].recall" });
    const gate = new OfflineEvaluationGate({ report, championReport, checks: [compare({ metric, slices: ["it's"] })] });
    expect(bind(gate).definition.checks[0].slices[0].value).toBe("$['it\\'s'].recall");
  });

  test('finds the group of a facet in the report of Clarify', () => {
    const check = EvaluationCheck.fairness({ facet: 'age', group: '(40, 90]', limits: { DI: 0.8 } });
    const { definition } = bind(new OfflineEvaluationGate({ report, checks: [check] }));
    expect(definition.champion).toBeNull();
    expect(definition.checks[0].facets[0].values.DI).toBe(
      "$.post_training_bias_metrics.facets['age'][?(@.value_or_threshold=='(40, 90]')].metrics[?(@.name=='DI')].value",
    );
  });

  test.each<[string, () => unknown, string]>([
    [
      'no checks',
      () => new OfflineEvaluationGate({ report, checks: [] }),
      'a gate that looks at nothing lets everything pass',
    ],
    [
      'a comparison with nothing',
      () => new OfflineEvaluationGate({ report, checks: [compare()] }),
      'championReport must be given for a comparison',
    ],
    [
      'a margin below zero',
      () => compare({ absoluteMargin: -1 }),
      'absoluteMargin must be a number of at least 0, got -1',
    ],
    [
      'slices without a place',
      () => compare({ slices: ['eu'] }),
      "slices and {slice} in the metric's place belong together",
    ],
    ['a place without slices', () => compare({ metric: MetricPlace.sklearnRecallByClass() }), 'got no slices'],
    ['no slices at all', () => compare({ metric: MetricPlace.sklearnRecallByClass(), slices: [] }), 'got 0 slices'],
    [
      'a path to many places',
      () => compare({ metric: MetricPlace.atPath({ name: 'x', value: '$..x' }) }),
      'a path must name one place',
    ],
    ['no limit', () => EvaluationCheck.limit({ metric: auc }), 'minimum or maximum must be given'],
    [
      'limits that cross',
      () => EvaluationCheck.limit({ metric: auc, minimum: 2, maximum: 1 }),
      'the minimum not above the maximum',
    ],
    [
      'a disparate impact of 80',
      () => EvaluationCheck.fairness({ facet: 'a', group: '1', limits: { DI: 80 } }),
      'did you mean 0.8?',
    ],
    [
      'no measure',
      () => EvaluationCheck.fairness({ facet: 'a', group: '1', limits: {} }),
      'limits must name at least one measure',
    ],
    [
      'a key with a slash at its begin',
      () => EvaluationReport.fromBucket(bucket, '/x.json'),
      'key must name one object',
    ],
    ['a key with a wildcard', () => EvaluationReport.fromBucket(bucket, 'x/*'), 'key must name one object'],
  ])('fails on %s', (_name, make, message) => {
    expect(make).toThrow(message);
  });
});
