import { aws_kms as kms, aws_s3 as s3 } from 'aws-cdk-lib';
import { GatePhase, PredictionField, ShadowDivergenceGate, WatchAbility } from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { bind, stack } from './bind';

const bucket = s3.Bucket.fromBucketName(stack, 'Captures', 'captures');
const capture = { bucket, prefix: 'capture' };

describe('ShadowDivergenceGate', () => {
  test('reads the captures of its own endpoint, and may read nothing else', () => {
    const gate = new ShadowDivergenceGate({ maximumRate: 0.02 });
    const { evaluator, definition, statements } = bind(gate, { capture });
    expect(evaluator).toBe('judge-data');
    expect(gate.phases).toEqual([GatePhase.SHADOW]);
    expect(gate.watchAbility).toBe(WatchAbility.NOT_ASKED);
    expect(definition).toMatchObject({
      kind: 'divergence',
      captures: { bucket: 'captures', prefix: 'capture' },
      joinOn: ['inferenceId', 'eventId'],
      output: { type: 'auto', column: 0, path: '$', tolerance: 0.05 },
      maximumUnusableShare: 0,
    });
    expect(definition.rules.map(({ kind }: { kind: string }) => kind)).toEqual([
      'disagreement',
      'drift',
      'countDifference',
    ]);
    expect(statements).toEqual([
      {
        Action: 's3:GetObject',
        Effect: 'Allow',
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::captures/capture/fraud/*']] },
      },
      {
        Action: 's3:ListBucket',
        Effect: 'Allow',
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::captures']] },
        Condition: { StringLike: { 's3:prefix': 'capture/fraud/*' } },
      },
    ]);
  });

  test('may decrypt with the key of the bucket', () => {
    const key = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/1');
    const locked = s3.Bucket.fromBucketAttributes(stack, 'Locked', { bucketName: 'locked', encryptionKey: key });
    const { statements } = bind(new ShadowDivergenceGate({ maximumRate: 0.02 }), { capture: { bucket: locked } });
    expect(statements[2]).toEqual({ Action: 'kms:Decrypt', Effect: 'Allow', Resource: key.keyArn });
  });

  test('compares the field that it is told to', () => {
    const prediction = PredictionField.score({ path: '$.predictions[0].score', tolerance: 0.1 });
    const { output } = bind(new ShadowDivergenceGate({ maximumRate: 0.02, prediction }), { capture }).definition;
    expect(output).toEqual({ type: 'number', column: 0, path: '$.predictions[0].score', tolerance: 0.1 });
  });

  test('fails without captures, and says what to add', () => {
    expect(() => bind(new ShadowDivergenceGate({ maximumRate: 0.02 }))).toThrow(
      'ShadowDivergenceGate at Gates: the deployment must capture input and output of its requests, got no data capture',
    );
  });

  test.each<[string, () => unknown, string]>([
    ['a rate of 2', () => new ShadowDivergenceGate({ maximumRate: 2 }), 'did you mean 0.02?'],
    ['a rate of 0', () => new ShadowDivergenceGate({ maximumRate: 0 }), 'maximumRate must be more than 0'],
    [
      'a drift of 0',
      () => new ShadowDivergenceGate({ maximumRate: 0.02, maximumDrift: 0 }),
      'maximumDrift must be a number above 0',
    ],
    [
      'a share of lost records of 1',
      () => new ShadowDivergenceGate({ maximumRate: 0.02, maximumUnjoinedRate: 1 }),
      'maximumUnjoinedRate must be at least 0 and less than 1',
    ],
    [
      'a wildcard',
      () => PredictionField.label({ path: '$.*' }),
      "path must name one place, such as $.predictions[0].score, got '$.*'",
    ],
    ['half a column', () => PredictionField.label({ column: 0.5 }), 'column must be a whole number'],
    [
      'a tolerance below zero',
      () => PredictionField.score({ tolerance: -1 }),
      'tolerance must be a number of at least 0',
    ],
  ])('fails on %s', (_name, make, message) => {
    expect(make).toThrow(message);
  });
});
