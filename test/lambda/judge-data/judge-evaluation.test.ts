import { App, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import {
  Direction,
  EvaluationCheck,
  EvaluationReport,
  GateContext,
  MetricPlace,
  OfflineEvaluationGate,
} from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { judgeData } from '../../../lambda/judge-data/judge-data';
import { bucketPorts, shadowEvent } from './fake-bucket';
import { clarify, huggingFace, modelQuality, sklearn } from './reports';

const stack = new Stack(new App(), 'Gates');
const bucket = s3.Bucket.fromBucketName(stack, 'Reports', 'reports');
const at = (version: string) => EvaluationReport.fromBucket(bucket, `fraud/${version}/evaluation.json`);

const gateOf = (...checks: EvaluationCheck[]) =>
  JSON.parse(
    JSON.stringify(
      new OfflineEvaluationGate({ report: at('v7'), championReport: at('v6'), checks }).bind(
        stack,
        new GateContext({ endpointName: 'fraud' }),
      ).definition,
    ),
  ) as unknown;

/** Judges reports, each given as an object, or as the text that lies in the bucket. */
const ask = async (gate: unknown, challenger: unknown, champion: unknown) => {
  const text = (report: unknown) => Buffer.from(typeof report === 'string' ? report : JSON.stringify(report));
  const objects = new Map([
    ['fraud/v7/evaluation.json', text(challenger)],
    ['fraud/v6/evaluation.json', text(champion)],
  ]);
  return judgeData(bucketPorts(objects).ports)(shadowEvent([gate], { phase: 'before', shadow: null, champion: null }));
};

const auc = EvaluationCheck.comparison({
  metric: MetricPlace.modelQuality('binary_classification', 'auc'),
  direction: Direction.HIGHER_IS_BETTER,
  absoluteMargin: 0.005,
});
const recall = EvaluationCheck.comparison({
  metric: MetricPlace.sklearnRecallByClass(),
  direction: Direction.HIGHER_IS_BETTER,
  absoluteMargin: 0.02,
  slices: ['cat', 'dog'],
});
const fair = EvaluationCheck.fairness({ facet: 'age', group: '(40, 90]' });
const p99 = EvaluationCheck.limit({ metric: MetricPlace.huggingFace('p99_ms'), maximum: 250 });

describe('evaluation reports', () => {
  test.each([
    ['as good as the champion', 0.941, 'pass'],
    ['better', 0.96, 'pass'],
    ['clearly worse', 0.92, 'fail'],
    ['at the margin, which no test can tell', 0.936, 'hold'],
  ])('model quality: %s', async (_name, value, kind) => {
    expect((await ask(gateOf(auc), modelQuality(value), modelQuality(0.941))).kind).toBe(kind);
  });

  test('scikit-learn: one class that lost is a failure, however good the other', async () => {
    const champion = sklearn({ cat: 0.9, dog: 0.9 });
    expect((await ask(gateOf(recall), sklearn({ cat: 0.9, dog: 0.9 }), champion)).kind).toBe('pass');
    const answer = await ask(gateOf(recall), sklearn({ cat: 0.99, dog: 0.8 }), champion);
    expect(answer.kind).toBe('fail');
    expect(answer.reason).toContain('dog');
  });

  test('too few examples hold', async () => {
    const small = sklearn({ cat: 0.9, dog: 0.9 }, 50);
    expect((await ask(gateOf(recall), small, small)).kind).toBe('hold');
  });

  test('Hugging Face: a p99 beyond its limit fails', async () => {
    expect((await ask(gateOf(p99), huggingFace(0.9, 240), {})).kind).toBe('pass');
    expect((await ask(gateOf(p99), huggingFace(0.9, 260), {})).kind).toBe('fail');
  });

  test.each([
    ['fair', 0.95, 0.03, 'pass'],
    ['half as many approvals', 0.5, 0.03, 'fail'],
    ['none at all, which is no improvement', 0, 0.03, 'fail'],
    ['too many for one group', 0.95, 0.3, 'fail'],
    ['too few for one group', 0.95, -0.3, 'fail'],
  ])('Clarify: %s', async (_name, di, dppl, kind) => {
    expect((await ask(gateOf(fair), clarify(di, dppl), {})).kind).toBe(kind);
  });

  test('quality, fairness and latency must all hold', async () => {
    const report = (p: number, di: number) => ({ ...modelQuality(0.941), ...huggingFace(0.9, p), ...clarify(di, 0) });
    const gate = gateOf(auc, fair, p99);
    expect((await ask(gate, report(240, 0.95), modelQuality(0.941))).kind).toBe('pass');
    expect((await ask(gate, report(400, 0.95), modelQuality(0.941))).kind).toBe('fail');
    expect((await ask(gate, report(240, 0.4), modelQuality(0.941))).kind).toBe('fail');
  });
});

/** A bad report, on which side it lies, and what the reason must say. */
interface Row {
  readonly name: string;
  readonly challenger: unknown;
  readonly champion: unknown;
  readonly gate: unknown;
  readonly says: RegExp;
}

const values: readonly unknown[] = ['NaN', 'nan', '0.94', '', null, {}, [], true, 'Infinity'];
const sound = modelQuality(0.941);
const quality = gateOf(auc);

const valueRows: Row[] = values.flatMap((value) => {
  const name = JSON.stringify(value);
  const says = /must be a finite number|there is no value at/;
  return [
    { name: `value ${name}`, challenger: modelQuality(value as number), champion: sound, gate: quality, says },
    {
      name: `champion's value ${name}`,
      challenger: sound,
      champion: modelQuality(value as number),
      gate: quality,
      says,
    },
    { name: `standard error ${name}`, challenger: modelQuality(0.941, value), champion: sound, gate: quality, says },
    {
      name: `champion's standard error ${name}`,
      challenger: sound,
      champion: modelQuality(0.941, value),
      gate: quality,
      says,
    },
    { name: `latency ${name}`, challenger: huggingFace(0.9, value as number), champion: {}, gate: gateOf(p99), says },
    {
      name: `disparate impact ${name}`,
      challenger: clarify(value, 0),
      champion: {},
      gate: gateOf(fair),
      says: /must be|there is no value/,
    },
    {
      name: `difference ${name}`,
      challenger: clarify(1, value),
      champion: {},
      gate: gateOf(fair),
      says: /must be|there is no value/,
    },
  ];
});
const numberRows: Row[] = [
  ['a standard error of zero', modelQuality(0.941, 0), /standardError must be above 0/],
  ['a standard error below zero', modelQuality(0.941, -1), /standardError must be above 0/],
  ['a number beyond numbers', JSON.stringify(sound).replace('0.941', '1e999'), /must be a finite number/],
  ['a support of zero', sklearn({ cat: 0.9, dog: 0.9 }, 0), /at least 1/],
  ['a recall above one', sklearn({ cat: 1.2, dog: 0.9 }), /between 0 and 1/],
  ['a recall below zero', sklearn({ cat: -0.1, dog: 0.9 }), /between 0 and 1/],
].map(([name, report, says]) => {
  const cats = JSON.stringify(report).includes('"cat"');
  const [gate, good] = cats ? [gateOf(recall), sklearn({ cat: 0.9, dog: 0.9 })] : [quality, sound];
  return { name: name as string, challenger: report, champion: good, gate, says: says as RegExp };
});
const missing: Row[] = [
  ['no metrics', { version: 0 }, sound, quality],
  ['another problem', { multiclass_classification_metrics: sound.binary_classification_metrics }, sound, quality],
  ['no standard error', { binary_classification_metrics: { auc: { value: 0.94 } } }, sound, quality],
  ["a champion's report without the metric", sound, { version: 0 }, quality],
  [
    'a missing slice',
    { ...sklearn({ cat: 0.9, dog: 0.9 }), dog: undefined },
    sklearn({ cat: 0.9, dog: 0.9 }),
    gateOf(recall),
  ],
  ['another facet', { post_training_bias_metrics: { facets: { sex: [] } } }, {}, gateOf(fair)],
  [
    'another group',
    { post_training_bias_metrics: { facets: { age: [{ value_or_threshold: '1', metrics: [] }] } } },
    {},
    gateOf(fair),
  ],
  [
    'a group named twice',
    {
      post_training_bias_metrics: {
        facets: {
          age: [
            ...clarify(1, 0).post_training_bias_metrics.facets.age,
            ...clarify(1, 0).post_training_bias_metrics.facets.age,
          ],
        },
      },
    },
    {},
    gateOf(fair),
  ],
  ['only a prototype', { ['__proto__']: sound }, sound, quality],
].map(([name, challenger, champion, gate]) => ({
  name: name as string,
  challenger,
  champion,
  gate,
  says: /there is no value at \$/,
}));
const texts: Row[] = [
  ['nothing', '', /is empty/],
  ['a space', ' ', /is not JSON/],
  ['half a document', JSON.stringify(sound).slice(0, 60), /is not JSON/],
  ['a bare NaN, as Python writes it', JSON.stringify(sound).replace('0.941', 'NaN'), /is not JSON/],
  ['a bare Infinity', JSON.stringify(sound).replace('0.941', 'Infinity'), /is not JSON/],
  ['a page of HTML', '<html>403</html>', /is not JSON/],
  ['a byte order mark', `\uFEFF${JSON.stringify(sound)}`, /is not JSON/],
  ['lines of JSON', `${JSON.stringify(sound)}\n${JSON.stringify(sound)}`, /is not JSON/],
  ['a list', '[]', /no value/],
  ['null', 'null', /no value/],
  ['a number', '7', /no value/],
  ['a text', '"auc"', /no value/],
].flatMap(([name, text, says]) => [
  { name: `challenger: ${name}`, challenger: text, champion: sound, gate: quality, says: says as RegExp },
  { name: `champion: ${name}`, challenger: sound, champion: text, gate: quality, says: says as RegExp },
]);

describe('evaluation reports that cannot be believed hold, and say why', () => {
  test.each([...valueRows, ...numberRows, ...missing, ...texts])(
    '$name',
    async ({ challenger, champion, gate, says }) => {
      const answer = await ask(gate, challenger, champion);
      expect(answer.kind).toBe('hold');
      expect(answer.reason).toMatch(says);
    },
  );

  test.each(['NoSuchKey', 'AccessDenied', 'SlowDown', 'InternalError', 'TimeoutError', 'KMS.DisabledException'])(
    'S3 says %s',
    async (name) => {
      const open = () => Promise.reject(Object.assign(new Error('simulated'), { name }));
      const { ports } = bucketPorts(new Map(), { objects: { list: async () => [], open } });
      const answer = await judgeData(ports)(shadowEvent([quality], { phase: 'before', shadow: null }));
      expect(answer.kind).toBe('hold');
      expect(answer.reason).toContain(name);
    },
  );

  test('a comparison without a champion holds', async () => {
    const alone = { ...(quality as object), champion: null };
    expect((await ask(alone, sound, sound)).reason).toContain("champion's report");
  });

  test('evidence that cannot be kept holds back a pass, and no failure', async () => {
    const save = () => Promise.reject(new Error('full'));
    const judged = async (value: number) => {
      const objects = new Map([
        ['fraud/v7/evaluation.json', Buffer.from(JSON.stringify(modelQuality(value)))],
        ['fraud/v6/evaluation.json', Buffer.from(JSON.stringify(sound))],
      ]);
      const { ports } = bucketPorts(objects, { evidence: { save } });
      return (await judgeData(ports)(shadowEvent([quality], { phase: 'before', shadow: null }))).kind;
    };
    expect([await judged(0.941), await judged(0.9)]).toEqual(['hold', 'fail']);
  });
});
