import { readdirSync, readFileSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Fleet } from 'cdk-sagemaker-rollouts';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { readModelFile } from '../../bin/model-file';

const models = new URL('../../bin/models/', import.meta.url);
const good = `name: fraud
versions: [v6, v7]
containers:
  - image: { sagemaker: "sagemaker-xgboost:1.7-1" }
    data: s3://artefacts/fraud/{version}/model.tar.gz
hosting:
  instanceType: ml.m5.xlarge
  initialInstanceCount: 4
strategy:
  canary: { canarySize: 25%, waitInterval: 10m }
rollbackAlarms: { errorRate: 2%, latencyP99: 250ms }
`;
const problemsOf = (yaml: string): string[] => {
  try {
    readModelFile(yaml, 'fraud.yaml');
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
};
const changed = (from: string, to: string) => {
  expect(good).toContain(from);
  return problemsOf(good.replace(from, to));
};

/** What the alarms of a file compare with, in the order of size. */
function thresholds({ rollbackAlarms }: ReturnType<typeof readModelFile>): unknown[] {
  const stack = new Stack();
  const watched = { endpointName: 'fraud', variantName: 'a', fingerprint: '0123abcd' };
  for (const [id, fleet] of Object.entries({ Fleet: { ...watched, endpointConfigName: 'config' }, Variant: watched })) {
    const scope = new Construct(stack, id);
    for (const alarm of rollbackAlarms) alarm.bind(scope, new Fleet(fleet));
  }
  const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  return alarms.map(({ Properties }) => Properties.Threshold).sort((a, b) => a - b);
}

describe('a model file', () => {
  test('reads into what the library understands', () => {
    const file = readModelFile(good, 'fraud.yaml');
    expect(file.versions).toEqual(['v6', 'v7']);
    expect(file.containers[0].image.sagemaker).toEqual({ repository: 'sagemaker-xgboost', tag: '1.7-1' });
    expect(file.containers[0].data).toEqual({ bucket: 'artefacts', key: 'fraud/{version}/model.tar.gz' });
    expect(file.hosting.initialInstanceCount).toBe(4);
    expect(file.strategy.toJson()).toMatchObject({ strategy: 'canary' });
    expect(thresholds(file)).toEqual([0.02, 0.02, 250_000, 250_000]);
  });

  test.each([
    ['allAtOnce: { terminationWait: 30m }', 'allAtOnce'],
    ['linear: { linearStepSize: 25%, waitInterval: 10m }', 'linear'],
    ['rolling: { maximumBatchSize: 1 instance, waitInterval: 10m }', 'rolling'],
    ['allAtOnce: {}', 'allAtOnce'],
  ])('knows the strategy %s', (yaml, strategy) => {
    const file = readModelFile(good.replace('canary: { canarySize: 25%, waitInterval: 10m }', yaml), 'fraud.yaml');
    expect(file.strategy.toJson()).toMatchObject({ strategy });
  });

  test.each(readdirSync(models).filter((name) => name.endsWith('.yaml')))('of the example %s is good', (name) => {
    const file = readModelFile(readFileSync(new URL(name, models), 'utf8'), name);
    expect(`${file.name}.yaml`).toBe(name);
    expect(file.versions.length).toBeGreaterThanOrEqual(2);
  });

  test.each([
    [
      'fails on an unknown key, and names the known ones',
      'versions: [v6, v7]',
      'versions: [v6, v7]\nowner: me',
      'fraud.yaml:3:1: owner is not known here, known are name, description, versions, containers, hosting, strategy, rollbackAlarms, shadow',
    ],
    [
      'fails on a key that JavaScript knows',
      'versions: [v6, v7]',
      'versions: [v6, v7]\n__proto__: { shadow: 1 }',
      'fraud.yaml:3:1: __proto__ is not known here',
    ],
    [
      'fails on a description that CloudFormation does not take',
      'versions: [v6, v7]',
      `description: ${'é'.repeat(513)}\nversions: [v6, v7]`,
      'fraud.yaml:2:14: description must be 1024 bytes at most, which CloudFormation takes, got "éé',
    ],
    [
      'fails on an unknown strategy',
      'canary:',
      'canarry:',
      'fraud.yaml:10:3: strategy.canarry is not known here, known are allAtOnce, canary, linear, rolling',
    ],
    ['fails on a canary of 51 %', '25%', '51%', 'fraud.yaml:10:3: strategy is refused: CanaryStrategy: '],
    [
      'fails on a share that is a number',
      '25%',
      '0.25',
      "fraud.yaml:10:25: strategy.canary.canarySize must be a part of the fleet such as 25% or '2 instances', got 0.25",
    ],
    [
      'fails on a wait without a unit',
      '10m',
      '600',
      'fraud.yaml:10:44: strategy.canary.waitInterval must be a time such as 250ms, 30s, 10m or 1h, got 600',
    ],
    [
      'fails on a rate that is not a percentage',
      '2%',
      '2',
      'fraud.yaml:11:30: rollbackAlarms.errorRate must be a percentage such as 2%, got 2',
    ],
    [
      'fails on a count in words',
      'initialInstanceCount: 4',
      'initialInstanceCount: four',
      'fraud.yaml:8:25: hosting.initialInstanceCount must be a number, got "four"',
    ],
    [
      'fails on a count of zero, in the words of the library',
      'initialInstanceCount: 4',
      'initialInstanceCount: 0',
      'fraud.yaml:7:3: hosting is refused: InstancesHosting: initialInstanceCount must be a whole number of at least 1, got 0',
    ],
    [
      'fails on a missing key, where it is missed',
      '  instanceType: ml.m5.xlarge\n',
      '',
      'fraud.yaml:7:3: hosting.instanceType is missing',
    ],
    [
      'fails on a version that YAML takes for a number',
      '[v6, v7]',
      '[6, 7]',
      'fraud.yaml:2:12: versions[0] must be text (put it in quotes), got 6',
    ],
    [
      'fails on the same version twice',
      '[v6, v7]',
      '[v7, v7]',
      'fraud.yaml:2:11: versions must name each version once',
    ],
    ['fails on no version', '[v6, v7]', '[]', 'fraud.yaml:2:11: versions must name one version at least'],
    [
      'fails on an endpoint name with an underscore',
      'name: fraud',
      'name: fraud_score',
      'fraud.yaml:1:7: name must be letters, digits and inner hyphens, got "fraud_score"',
    ],
    [
      'fails on an image of two kinds',
      '{ sagemaker:',
      '{ registry: x, sagemaker:',
      'fraud.yaml:4:12: containers[0].image must be of exactly one kind, got sagemaker and registry',
    ],
    [
      'fails on two strategies',
      'strategy:\n',
      'strategy:\n  allAtOnce: {}\n',
      'fraud.yaml:10:3: strategy must be of exactly one kind, got allAtOnce and canary',
    ],
    [
      'fails on a weight, which would leave a variant without traffic',
      'initialInstanceCount: 4',
      'initialInstanceCount: 4\n  initialVariantWeight: 0',
      'fraud.yaml:9:3: hosting.initialVariantWeight is not known here',
    ],
    [
      'fails on an error rate of 200 %',
      '2%',
      '200%',
      'fraud.yaml:11:17: rollbackAlarms is refused: RollbackAlarm.recommended: errorRate must be more than 0 and less than 1 (0.02 is 2 %), got 2',
    ],
    [
      'fails on an image without a tag',
      'sagemaker-xgboost:1.7-1',
      'sagemaker-xgboost',
      'fraud.yaml:4:25: containers[0].image.sagemaker must be repository:tag, got "sagemaker-xgboost"',
    ],
    [
      'fails on data that is not in S3',
      's3://artefacts',
      'https://artefacts',
      'fraud.yaml:5:11: containers[0].data must be an address such as s3://bucket/key',
    ],
    [
      'fails on nothing where there must be something',
      'strategy:\n  canary: { canarySize: 25%, waitInterval: 10m }',
      'strategy:',
      'strategy must be a mapping, got nothing',
    ],
    [
      'fails on the same key twice',
      'name: fraud',
      'name: fraud\nname: churn',
      'fraud.yaml:2:1: map keys must be unique',
    ],
    ['fails on YAML that cannot be read', '[v6, v7]', '[v6, v7', 'fraud.yaml:'],
    ['fails on a tag that YAML does not know', 'name: fraud', 'name: !secret fraud', 'fraud.yaml:1:7: unresolved tag'],
  ])('%s', (_name, from, to, problem) => {
    const problems = changed(from, to);
    expect(problems.filter((line) => line.startsWith(problem) || line.includes(problem))).toHaveLength(1);
    for (const line of problems) expect(line).toMatch(/^fraud\.yaml:\d+:\d+: /);
  });

  test.each(['', 'null', '- a', 'text'])('fails on a file that is no mapping: %s', (yaml) => {
    expect(problemsOf(yaml)).toEqual([expect.stringContaining('fraud.yaml:1:1: the file must be a mapping, got')]);
  });

  test('fails once, with every problem in the order of the lines', () => {
    const problems = problemsOf(
      good
        .replace('name: fraud', 'name: 7')
        .replace('25%', '1/4')
        .replace('250ms', 'fast')
        .replace('versions', 'version'),
    );
    expect(problems.map((line) => line.split(': ')[1].split(' ')[0])).toEqual([
      'versions',
      'name',
      'version',
      'strategy.canary.canarySize',
      'rollbackAlarms.latencyP99',
    ]);
  });
});
