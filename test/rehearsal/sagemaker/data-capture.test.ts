import { describe, expect, test } from 'vitest';
import { rememberCaptures } from '../../../lambda/judge-data/remember-captures';
import { Histogram } from '../../../rehearsal/cloudwatch/histogram';
import { type Knobs, knobSettings } from '../../../rehearsal/knobs';
import type { DataCaptureConfig } from '../../../rehearsal/sagemaker/capture-record';
import { DataCapture } from '../../../rehearsal/sagemaker/data-capture';
import { IDENTICAL, type Predictions } from '../../../rehearsal/scenario-data';
import { type Json, S3 } from '../../../rehearsal/services';
import { Clock } from '../../../rehearsal/time/clock';
import type { Served } from '../../../rehearsal/traffic/served';

const MINUTE = 60_000;
const BEGAN = Date.parse('2026-03-01T10:50:00Z');

const CONFIG: DataCaptureConfig = {
  EnableCapture: true,
  DestinationS3Uri: 's3://captures/data-capture',
  InitialSamplingPercentage: 100,
  CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
  CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'], JsonContentTypes: ['application/json'] },
};

interface Setting {
  readonly config?: Partial<DataCaptureConfig>;
  readonly predictions?: Partial<Predictions>;
  readonly knobs?: Partial<Knobs>;
  readonly seed?: number;
  readonly minutes?: number;
  readonly perMinute?: number;
  readonly shadowShare?: number;
  readonly errors?: number;
  readonly readEachMinute?: boolean;
}

const served = (variantName: string, shadow: boolean, at: number, requests: number, errors: number): Served => ({
  fleet: {
    side: shadow ? 'challenger' : 'champion',
    variantName,
    endpointConfigName: 'fraud-1',
    instances: 1,
    share: 1,
    shadow,
  },
  from: at,
  to: at + MINUTE,
  requests,
  errors,
  clientErrors: 0,
  badRequests: 0,
  slowRequests: 0,
  latencies: Histogram.EMPTY,
  utilisation: 0,
});

/** An endpoint with variant `a` and its shadow `b`, and what lies in its bucket after some minutes. */
function captured(setting: Setting = {}) {
  const { minutes = 20, perMinute = 60, shadowShare = 1, errors = 0, predictions = {}, seed = 1 } = setting;
  const clock = new Clock();
  const s3 = new S3(clock);
  const capture = new DataCapture({
    seed,
    knobs: knobSettings(setting.knobs),
    s3,
    endpointName: 'fraud',
    configOf: () => ({ ...CONFIG, ...setting.config }),
  });
  for (let i = 0; i < minutes; i++) {
    const at = BEGAN + i * MINUTE;
    const original = served('a', false, at, perMinute, errors);
    const copy = served('b', true, at, perMinute * shadowShare, 0);
    const copies = { ...copy, fleet: { ...copy.fleet, share: shadowShare } };
    capture.note([original, copies], { ...IDENTICAL, capturedPerHour: 1e9, ...predictions });
    clock.advanceTo(at + MINUTE);
    if (setting.readEachMinute === true) keysOf(s3);
  }
  return { s3, capture };
}

const keysOf = (s3: S3, prefix = 'data-capture/fraud/'): string[] =>
  s3.invoke('ListObjectsV2', { Bucket: 'captures', Prefix: prefix }).Contents.map(({ Key }: Json) => Key);
const textOf = (s3: S3, Key: string): string => s3.invoke('GetObject', { Bucket: 'captures', Key }).Body.toString();
const recordsOf = (s3: S3, variant: string): Json[] =>
  keysOf(s3, `data-capture/fraud/${variant}/`).flatMap((key) =>
    textOf(s3, key)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );

describe('the captures of an endpoint', () => {
  test('have the shape that SageMaker publishes', () => {
    const [record] = recordsOf(captured().s3, 'a');
    expect(record).toEqual({
      captureData: {
        endpointInput: { observedContentType: 'text/csv', mode: 'INPUT', data: expect.any(String), encoding: 'CSV' },
        endpointOutput: {
          observedContentType: 'text/csv; charset=utf-8',
          mode: 'OUTPUT',
          data: expect.stringMatching(/^0\.\d{6}$/),
          encoding: 'CSV',
        },
      },
      eventMetadata: {
        eventId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
        inferenceId: expect.any(String),
        inferenceTime: expect.stringMatching(/^2026-03-01T1[01]:\d\d:\d\dZ$/),
      },
      eventVersion: '0',
    });
  });

  test('lie in folders by variant and by the hour of the request', () => {
    const { s3 } = captured();
    const keys = keysOf(s3);
    expect(keys.every((key) => /^data-capture\/fraud\/[ab]\/2026\/03\/01\/1[01]\/[\d-]+\.jsonl$/.test(key))).toBe(true);
    for (const key of keys) {
      const hours = textOf(s3, key)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).eventMetadata.inferenceTime);
      expect(new Set(hours.map((time: string) => time.slice(11, 13)))).toEqual(new Set([key.split('/')[6]]));
    }
    expect(new Set(keys.map((key) => key.split('/')[6]))).toEqual(new Set(['10', '11']));
  });

  test('come late, in whole files', () => {
    const of = (captureDeliverySeconds: 60 | 300 | 1200, minutes: number) =>
      recordsOf(captured({ knobs: { captureDeliverySeconds }, minutes }).s3, 'a').length;
    expect(of(300, 4)).toBe(0);
    expect(of(300, 9)).toBe(5 * 60);
    expect(of(60, 9)).toBe(9 * 60);
    expect(of(1200, 9)).toBe(0);
  });

  test('hold the share of requests that the config asks for', () => {
    const { s3 } = captured({ config: { InitialSamplingPercentage: 20 }, minutes: 60 });
    const count = recordsOf(s3, 'a').length;
    // 3,600 requests, 20 % of them: 720, five standard deviations are 120.
    expect(Math.abs(count - 720)).toBeLessThan(120);
    expect(recordsOf(captured({ config: { InitialSamplingPercentage: 0 } }).s3, 'a')).toEqual([]);
    const { s3: off } = captured({ config: { EnableCapture: false } });
    expect(() => keysOf(off)).toThrow('The specified bucket does not exist');
  });

  test('are thinned out to so many an hour, for both versions alike', () => {
    const { s3 } = captured({ predictions: { capturedPerHour: 600 }, minutes: 60, perMinute: 6000 });
    const [a, b] = ['a', 'b'].map((variant) => recordsOf(s3, variant).map((one) => one.eventMetadata.inferenceId));
    expect(Math.abs(a.length - 600)).toBeLessThan(130);
    expect(b).toEqual(a);
  });

  test('leave out requests that were answered with an error, and copies that were not made', () => {
    expect(recordsOf(captured({ errors: 60 }).s3, 'a')).toEqual([]);
    const copies = recordsOf(captured({ shadowShare: 0.5, minutes: 60 }).s3, 'b').length;
    expect(Math.abs(copies - 1800)).toBeLessThan(160);
    expect(recordsOf(captured({ shadowShare: 0 }).s3, 'b')).toEqual([]);
  });

  test('are Base64 where the config does not list the content type, and lack what it does not ask for', () => {
    const [record] = recordsOf(
      captured({
        config: { CaptureContentTypeHeader: undefined, CaptureOptions: [{ CaptureMode: 'Output' }] } as never,
      }).s3,
      'a',
    );
    expect(Object.keys(record.captureData)).toEqual(['endpointOutput']);
    const { data, encoding } = record.captureData.endpointOutput;
    expect(encoding).toBe('BASE64');
    expect(Buffer.from(data, 'base64').toString()).toMatch(/^0\.\d{6}$/);
  });

  test('hold answers as the scenario writes them', () => {
    const answer = '{"predictions":[{"score":{prediction}}]}';
    const [record] = recordsOf(captured({ predictions: { answer } }).s3, 'a');
    const { data, encoding, observedContentType } = record.captureData.endpointOutput;
    expect([encoding, observedContentType]).toEqual(['JSON', 'application/json']);
    expect(JSON.parse(data).predictions[0].score).toBeGreaterThan(0);
  });

  test('are the same for the same seed, whenever they are read, and others for another', () => {
    const often = captured({ readEachMinute: true });
    const once = captured();
    expect(keysOf(once.s3).map((key) => textOf(once.s3, key))).toEqual(
      keysOf(often.s3).map((key) => textOf(often.s3, key)),
    );
    expect(recordsOf(captured({ seed: 2 }).s3, 'a')).not.toEqual(recordsOf(once.s3, 'a'));
  });
});

describe('the judge that reads them', () => {
  const pairsOf = async (setting: Setting) => {
    const { s3 } = captured({ minutes: 120, perMinute: 30, ...setting });
    const objects = {
      list: async (_: string, prefix: string) =>
        keysOf(s3, prefix).map((key) => ({ key, size: textOf(s3, key).length })),
      open: async function* (_: string, key: string) {
        yield Buffer.from(textOf(s3, key));
      } as never,
    };
    const { report, summary } = await rememberCaptures(objects)(
      {
        bucket: 'captures',
        prefixes: { champion: 'data-capture/fraud/a', challenger: 'data-capture/fraud/b' },
        from: BEGAN,
        to: BEGAN + 120 * MINUTE,
        joinOn: ['inferenceId', 'eventId'],
        output: { type: 'auto', column: 0, path: [] },
        tolerance: 0,
        bytesInFull: 1e9,
      },
      true,
    );
    return { ...report, different: summary.total().disagreed };
  };

  test('joins every request, and finds as many different answers as the scenario says', async () => {
    const agreed = await pairsOf({});
    expect(agreed).toMatchObject({
      unusable: {},
      different: 0,
      champion: { joined: 3600, unjoined: 0, duplicates: 0 },
    });
    const { different } = await pairsOf({ predictions: { disagreementRate: 0.1 } });
    // 10 % of 3,600, five standard deviations are 90.
    expect(Math.abs(different - 360)).toBeLessThan(90);
  });

  test('joins nothing without an InferenceId, unless a copy keeps its eventId', async () => {
    const predictions = { inferenceIds: false };
    expect((await pairsOf({ predictions })).champion).toMatchObject({ joined: 0, unjoined: 3600 });
    const same = await pairsOf({ predictions, knobs: { shadowEventIds: 'same' } });
    expect(same.champion).toMatchObject({ joined: 3600, unjoined: 0 });
  });

  test('lacks partners when either side is captured in part', async () => {
    const { champion } = await pairsOf({ config: { InitialSamplingPercentage: 50 } });
    expect(champion.unjoined / champion.records).toBeGreaterThan(0.4);
  });
});
