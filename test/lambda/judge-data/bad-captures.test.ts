import { App, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import { GateContext, PredictionField, ShadowDivergenceGate } from 'cdk-sagemaker-rollouts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captureRecord } from '../../../lambda/judge-data/capture-record';
import { judgeData } from '../../../lambda/judge-data/judge-data';
import { predictions } from '../../../lambda/judge-data/output-values';
import { bucketPorts, captured, captureKey, captureLine, HOUR, type Objects, START, shadowEvent } from './fake-bucket';

const stack = new Stack(new App(), 'Gates');
const bucket = s3.Bucket.fromBucketName(stack, 'Captures', 'captures');
const definition = JSON.parse(
  JSON.stringify(
    new ShadowDivergenceGate({
      maximumRate: 0.05,
      unreadableMargin: 0.05,
      prediction: PredictionField.score({ tolerance: 0.01 }),
    }).bind(stack, new GateContext({ endpointName: 'fraud', capture: { bucket, prefix: 'capture' } })).definition,
  ),
) as Record<string, unknown>;

/** A small shadow, so that a table of many stays quick: 1,500 requests in four hours. */
const event = (overrides = {}) =>
  shadowEvent([definition], {
    at: new Date(START + 5 * HOUR).toISOString(),
    shadow: { samplingPercent: 100, minimumRequests: 1000, minimumHours: 2 },
    ...overrides,
  });
const score = (i: number) => (((i * 7919) % 1000) / 1000).toFixed(3);
const healthy = () => captured(1500, 4, (_side, i) => ({ data: score(i) }));
const judge = (objects: Objects, asked: unknown = event()) => judgeData(bucketPorts(objects).ports)(asked);

const line = captureLine({ id: 'request-0', time: START, data: '0.000' });
const without = (name: string) => line.replace(`"${name}"`, `"x${name}"`);
/** A line in place of the first one, and what the reason must say of it. */
const lines: readonly [name: string, line: string, says: RegExp][] = [
  ['half a line', line.slice(0, line.length / 2), /1 malformed/],
  ['all but its last brace', line.slice(0, -1), /1 malformed/],
  ['two lines in one', line + line, /1 malformed/],
  ['text', 'hello', /1 malformed/],
  ['null', 'null', /1 malformed/],
  ['a number', '7', /1 malformed/],
  ['a list', '[]', /1 malformed/],
  ['an empty object', '{}', /1 malformed/],
  ['a zero byte', '\u0000', /1 malformed/],
  ['another tool', '{"timestamp":1,"message":"x"}', /1 malformed/],
  ['no event', without('eventMetadata'), /1 malformed/],
  ['no capture', without('captureData'), /1 without output/],
  ['no output', without('endpointOutput'), /1 without output/],
  ['no encoding', line.replace(/"encoding":"CSV"/g, '"x":1'), /1 without output/],
  ['an unknown encoding', line.replace(/"encoding":"CSV"/g, '"encoding":"GZIP"'), /1 without output/],
  ['output that is a number', line.replace('"data":"0.000"', '"data":0'), /1 without output/],
  ['output that is null', line.replace('"data":"0.000"', '"data":null'), /1 without output/],
  ['no ids', line.replace(/"eventId":"[^"]*","inferenceId":"[^"]*"/, '"x":1'), /1 without id/],
  [
    'empty ids',
    line.replace(/"eventId":"[^"]*","inferenceId":"[^"]*"/, '"eventId":"","inferenceId":""'),
    /1 without id/,
  ],
  [
    'ids that are numbers',
    line.replace(/"eventId":"[^"]*","inferenceId":"[^"]*"/, '"eventId":1,"inferenceId":2'),
    /1 without id/,
  ],
  ['no time', without('inferenceTime'), /1 without time/],
  ['a time that is none', line.replace(/"inferenceTime":"[^"]*"/, '"inferenceTime":"soon"'), /1 without time/],
  ['a time that is a number', line.replace(/"inferenceTime":"[^"]*"/, '"inferenceTime":7'), /1 without time/],
  ['a line that is there twice', `${line}\n${line}`, /1 duplicated/],
  ['a line that is there five times', Array(5).fill(line).join('\n'), /4 duplicated/],
];
const lineRows = lines.flatMap(([name, bad, says]) =>
  (['a', 'b'] as const).flatMap((side) =>
    (['first', 'last'] as const).map((place) => {
      const key = captureKey(side, START);
      const objects = healthy();
      const [old, ...rest] = (objects.get(key) as Buffer).toString().trimEnd().split('\n');
      // In the last place there is no newline behind it: a file that was cut while it was written.
      const text = place === 'first' ? `${[bad, ...rest].join('\n')}\n` : [...rest, bad].join('\n');
      expect(old).toContain('request-0');
      return { name: `${name}, ${place} of ${side}`, objects: objects.set(key, Buffer.from(text)), says };
    }),
  ),
);

/** Answers of the shadow that are no score. */
const answers = [
  'NaN',
  'nan',
  '',
  ' ',
  'null',
  'inf',
  '1e999',
  'abc',
  '0;5',
  '--1',
  '0x',
  '[]',
  '{}',
  '"',
  '\t',
  '0.5 0.6',
  'None',
  'true',
];

describe('captures of garbage', () => {
  test('the healthy ones pass: what follows is not vacuous', async () => {
    expect((await judge(healthy())).kind).toBe('pass');
  });

  test.each(lineRows)('$name: holds, and says why', async ({ objects, says }) => {
    const answer = await judge(objects);
    expect(answer.kind).toBe('hold');
    expect(answer.reason).toMatch(says);
  });

  test.each(answers)('a shadow that always answers %j does not pass', async (data) => {
    const answer = await judge(captured(1500, 4, (side, i) => ({ data: side === 'b' ? data : score(i) })));
    expect(answer.kind).toBe('fail');
    expect(answer.reason).toMatch(/1500 of 1500 answers differ/);
  });

  test.each(answers)('two models that both always answer %j do not pass', async (data) => {
    expect((await judge(captured(1500, 4, () => ({ data })))).kind).not.toBe('pass');
  });

  test('records from outside the window do not count', async () => {
    const skewed = captured(1500, 4, (side, i) => ({
      data: score(i),
      ...(side === 'b' ? { time: START + 400 * HOUR } : {}),
    }));
    const answer = await judge(skewed);
    expect(answer.kind).toBe('hold');
    expect(answer.reason).toContain('no partner');
  });

  test.each([
    ['captures', [null, {}, { bucket: '', prefix: '' }, 'x']],
    ['joinOn', [[], null, ['requestId'], 'eventId']],
    ['output', [null, {}, { type: 'oracle', column: 0, path: '$', tolerance: 0 }]],
    ['maximumUnusableShare', [-1, 2, null, '0']],
    ['bytesInFull', [0, -1, null, 'x']],
    ['rules', [[], null, {}, [{}], [null]]],
    ['id', ['', null, 7]],
  ] as const)('a definition with a bad %s holds and names it', async (field, values) => {
    for (const value of values) {
      const answer = await judge(healthy(), event({ gates: [{ ...definition, [field]: value }] }));
      expect(answer.kind).toBe('hold');
      expect(answer.reason).toContain(field);
    }
  });

  test.each([
    ['path', '$.*'],
    ['path', 'score'],
    ['path', '$..score'],
    ['column', -1],
    ['column', 1.5],
    ['tolerance', -1],
    ['tolerance', null],
  ])('an output with %s %j holds and names it', async (field, value) => {
    const output = { ...(definition['output'] as object), [field]: value };
    const answer = await judge(healthy(), event({ gates: [{ ...definition, output }] }));
    expect(answer.kind).toBe('hold');
    expect(answer.reason).toContain(field);
  });

  test.each([
    ['shadow', null],
    ['shadow', { samplingPercent: 101, minimumRequests: 1, minimumHours: 1 }],
    ['shadow', { samplingPercent: 100, minimumRequests: 0, minimumHours: 1 }],
    ['shadow', { samplingPercent: 100, minimumRequests: 1, minimumHours: null }],
    ['champion', null],
    ['at', 'now'],
    ['at', new Date(START + 5000 * HOUR).toISOString()],
    ['startedAt', new Date(START + 900 * HOUR).toISOString()],
    ['phase', 'watching'],
    ['gates', [definition, definition]],
    ['schemaVersion', 2],
  ])('an event with %s %j holds', async (field, value) => {
    expect((await judge(healthy(), event({ [field]: value }))).kind).toBe('hold');
  });

  test('any text is a line that is read or refused, and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof captureRecord(text)).toBe('string');
      }),
      { seed: 7 },
    );
  });

  test('no answer of a model is ever read as a number that it is not', () => {
    const field = { type: 'number', column: 0, path: [] } as const;
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('CSV' as const, 'JSON' as const, 'BASE64' as const),
        (data, encoding) => {
          const read = predictions({ data, encoding, contentType: 'text/csv' }, field);
          for (const value of read ?? []) expect(value === null || Number.isFinite(value)).toBe(true);
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });

  test('any bytes in place of a file never pass', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.constantFrom('a', 'b'),
        async (bytes, side) => {
          const answer = await judge(healthy().set(captureKey(side, START), Buffer.from(bytes)));
          expect(answer.kind).not.toBe('pass');
        },
      ),
      { seed: 7, numRuns: 20 },
    );
  });
});
