import { gzipSync } from 'node:zlib';
import { App, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import {
  GateContext,
  PredictionField,
  ShadowDivergenceGate,
  type ShadowDivergenceGateProps,
} from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { judgeData } from '../../../lambda/judge-data/judge-data';
import { bucketPorts, captured, captureKey, HOUR, type Objects, START, shadowEvent } from './fake-bucket';

const stack = new Stack(new App(), 'Gates');
const bucket = s3.Bucket.fromBucketName(stack, 'Captures', 'captures');

/** What the engine hands over: the definition after its journey as JSON. */
function bound(props: Partial<ShadowDivergenceGateProps> = {}): unknown {
  const gate = new ShadowDivergenceGate({ maximumRate: 0.02, ...props });
  const context = new GateContext({ endpointName: 'fraud', capture: { bucket, prefix: 'capture' } });
  return JSON.parse(JSON.stringify(gate.bind(stack, context).definition));
}

/** Champion's score of the i-th request: spread over 0-1 without chance. */
const score = (i: number) => ((i * 7919) % 1000) / 1000;
const text = (value: number) => value.toFixed(4);
/** A shadow that agrees but for every `every`-th request. */
const agreeing = (every = 1e9, requests = 12_000, hours = 48.5) =>
  captured(requests, hours, (side, i) => ({
    data: text(side === 'b' && i % every === every - 1 ? (score(i) + 0.5) % 1 : score(i)),
  }));

const ask = async (objects: Objects, event: unknown = shadowEvent([bound()]), chunk?: number) => {
  const world = bucketPorts(objects, {}, chunk);
  return { answer: await judgeData(world.ports)(event), saved: world.saved };
};
const evidenceOf = (saved: readonly { evidence: unknown }[]) => {
  const whole = saved[0].evidence as {
    verdict: { evidence: Record<string, { evidence: { captures: Record<string, unknown> } }> };
  };
  return whole.verdict.evidence['ShadowDivergence'].evidence.captures;
};

describe('divergence between champion and shadow', () => {
  test('two models that agree pass once both minima are reached', async () => {
    const { answer, saved } = await ask(agreeing());
    expect(answer).toMatchObject({ kind: 'pass', evidence: 'item-1', sharedOutage: false });
    expect(evidenceOf(saved)).toMatchObject({ requests: 12_000, disagreed: 0, sampledShare: 1 });
  });

  test('a model that disagrees on one request of ten fails, and early', async () => {
    const event = shadowEvent([bound()], { at: new Date(START + 3 * HOUR).toISOString() });
    const { answer } = await ask(agreeing(10), event);
    expect(answer.kind).toBe('fail');
  });

  test('one disagreement in a thousand is within two in a hundred', async () => {
    expect((await ask(agreeing(1000))).answer.kind).toBe('pass');
  });

  test.each([
    ['9,000 requests in 48 hours', 9_000, 48.5],
    ['12,000 requests in 40 hours', 12_000, 40],
  ])('%s are not enough, whichever comes later', async (_name, requests, hours) => {
    const { answer } = await ask(agreeing(1e9, requests, hours));
    expect(answer.kind).toBe('hold');
    expect(answer.reason).toMatch(/needed are 10000 and 48/);
  });

  test('many predictions in few requests are still few requests', async () => {
    const batch = Array.from({ length: 20 }, (_, i) => text(score(i))).join('\n');
    const { answer } = await ask(captured(2_000, 48.5, () => ({ data: batch })));
    expect(answer.kind).toBe('hold');
    expect(answer.reason).toContain('2000 requests');
  });

  test('a drift of the scores fails although each single one is within its tolerance', async () => {
    const shifted = captured(12_000, 48.5, (side, i) => ({ data: text(side === 'b' ? score(i) ** 2 : score(i)) }));
    const wide = bound({ prediction: PredictionField.score({ tolerance: 0.3 }) });
    const { answer } = await ask(shifted, shadowEvent([wide]));
    expect(answer.kind).toBe('fail');
    expect(answer.reason).toContain('psi');
  });

  test('a shadow that answers NaN now and then fails', async () => {
    const objects = captured(12_000, 48.5, (side, i) => ({
      data: side === 'b' && i % 10 === 0 ? 'NaN' : text(score(i)),
    }));
    expect((await ask(objects)).answer.kind).toBe('fail');
  });

  test('two models that know one answer only agree', async () => {
    expect((await ask(captured(12_000, 48.5, () => ({ data: 'ham' })))).answer.kind).toBe('pass');
  });

  test('labels are compared as text', async () => {
    const label = (i: number) => (i % 3 === 0 ? 'spam' : 'ham');
    const same = captured(12_000, 48.5, (_side, i) => ({ data: label(i) }));
    const other = captured(12_000, 48.5, (side, i) => ({ data: side === 'b' && i % 20 === 0 ? 'ham ' : label(i) }));
    expect((await ask(same)).answer.kind).toBe('pass');
    expect((await ask(other, shadowEvent([bound({ maximumRate: 0.01 })]))).answer.kind).toBe('fail');
  });
});

describe('captures in every shape', () => {
  const json = (value: number) => JSON.stringify({ predictions: [{ score: value }] });
  const path = PredictionField.score({ path: '$.predictions[0].score', tolerance: 0.01 });
  test.each([
    [
      'JSON',
      (i: number) => ({ data: json(score(i)), encoding: 'JSON' as const, contentType: 'application/json' }),
      path,
    ],
    [
      'base64 of JSON',
      (i: number) => ({
        data: Buffer.from(json(score(i))).toString('base64'),
        encoding: 'BASE64' as const,
        contentType: 'application/json; charset=utf-8',
      }),
      path,
    ],
    [
      'base64 of CSV',
      (i: number) => ({ data: Buffer.from(text(score(i))).toString('base64'), encoding: 'BASE64' as const }),
      PredictionField.auto(),
    ],
    [
      'a later column of CSV',
      (i: number) => ({ data: `"a, b",x,${text(score(i))}\r\n` }),
      PredictionField.score({ column: 2, tolerance: 0 }),
    ],
    ['the event id', (i: number) => ({ data: text(score(i)), by: 'eventId' as const }), PredictionField.auto()],
  ])('%s', async (_name, line, prediction) => {
    const { answer, saved } = await ask(
      captured(12_000, 48.5, (_side, i) => line(i)),
      shadowEvent([bound({ prediction })]),
    );
    expect(answer).toMatchObject({ kind: 'pass' });
    expect(evidenceOf(saved)).toMatchObject({ compared: 12_000, disagreed: 0 });
  });

  test('gzip is known by its bytes', async () => {
    const packed = new Map([...agreeing()].map(([key, body], i) => [i % 2 === 0 ? `${key}.gz` : key, gzipSync(body)]));
    expect((await ask(packed)).answer.kind).toBe('pass');
  });

  test('chunks may fall anywhere', async () => {
    const { saved } = await ask(agreeing(1e9, 300), undefined, 7);
    expect(evidenceOf(saved)).toMatchObject({ requests: 300, unusable: {} });
  });

  test('answers that arrive in the next hour still find their partner', async () => {
    const objects: Objects = new Map();
    for (const [key, body] of agreeing()) {
      const late = key.includes('/b/');
      const time = Date.parse(key.replace(/.*\/(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)\/.*/, '$1-$2-$3T$4:00:00Z'));
      objects.set(late ? captureKey('b', time + HOUR) : key, body);
    }
    const { answer, saved } = await ask(
      objects,
      shadowEvent([bound()], { at: new Date(START + 50 * HOUR).toISOString() }),
    );
    expect(evidenceOf(saved)).toMatchObject({ requests: 12_000 });
    expect(answer.kind).toBe('pass');
  });

  test('a shadow that gets a tenth of the requests owes a tenth of the answers', async () => {
    const objects = captured(120_000, 48.5, (side, i) =>
      side === 'b' && i % 10 !== 0 ? undefined : { data: text(score(i)) },
    );
    const shadow = { samplingPercent: 10, minimumRequests: 10_000, minimumHours: 48 };
    expect((await ask(objects, shadowEvent([bound()], { shadow }))).answer.kind).toBe('pass');
  });

  test('beyond its memory it joins a fair sample, the same requests on both sides', async () => {
    const definition = { ...(bound() as object), bytesInFull: 40_000 };
    const { answer, saved } = await ask(agreeing(1e9, 24_000), shadowEvent([definition]));
    const { requests, sampledShare, challenger } = evidenceOf(saved) as {
      requests: number;
      sampledShare: number;
      challenger: { unjoined: number };
    };
    expect(sampledShare).toBeLessThan(0.5);
    expect(Math.abs(requests / (24_000 * sampledShare) - 1)).toBeLessThan(0.1);
    expect(challenger.unjoined).toBe(0);
    expect(answer.kind).toBe('hold');
  });

  test('the same captures give the same evidence, byte for byte', async () => {
    const [first, second] = [await ask(agreeing(700)), await ask(agreeing(700), undefined, 1013)];
    expect(JSON.stringify(second.saved)).toBe(JSON.stringify(first.saved));
  });
});

describe('captures that cannot be believed hold, and say why', () => {
  const first = captureKey('b', START);
  const spoiled = (change: (body: string) => string): Objects => {
    const objects = agreeing();
    return objects.set(first, Buffer.from(change((objects.get(first) as Buffer).toString())));
  };
  test.each<[string, Objects, string | RegExp]>([
    ['a truncated last line', spoiled((body) => body.slice(0, -40)), '1 malformed'],
    ['a line of garbage', spoiled((body) => `${body}{"x":\n`), '1 malformed'],
    ['a doubled line', spoiled((body) => body + body.slice(0, body.indexOf('\n') + 1)), '1 duplicated'],
    ['a record without its output', spoiled((body) => body.replace('"endpointOutput"', '"other"')), '1 without output'],
    ['a record without a time', spoiled((body) => body.replace('inferenceTime', 'other')), '1 without time'],
    ['an empty object', agreeing().set(captureKey('b', START, 'second.jsonl'), Buffer.alloc(0)), 'captures are empty'],
    ['no captures at all', new Map(), 'no captured record was found'],
    ['a shadow without captures', new Map([...agreeing()].filter(([key]) => key.includes('/a/'))), 'no partner'],
    ['a champion without captures', new Map([...agreeing()].filter(([key]) => key.includes('/b/'))), 'no partner'],
    [
      'ids that do not meet',
      captured(12_000, 48.5, (side, i) => ({ data: text(score(i)), id: `${side}-${i}` })),
      'no partner',
    ],
    [
      'a truncated gzip',
      agreeing().set(first, gzipSync((agreeing().get(first) as Buffer).toString()).subarray(0, 500)),
      /could not be read: .*unexpected end of file/,
    ],
  ])('%s', async (_name, objects, reason) => {
    const { answer } = await ask(objects);
    expect(answer.kind).toBe('hold');
    expect(answer.reason).toMatch(reason);
  });

  test('a share of unusable lines may be allowed', async () => {
    const { answer } = await ask(
      spoiled((body) => body.slice(0, -40)),
      shadowEvent([bound({ maximumUnusableRate: 0.001 })]),
    );
    expect(answer.kind).toBe('pass');
  });

  test('denied reads hold', async () => {
    const denied = () => Promise.reject(Object.assign(new Error('Access Denied'), { name: 'AccessDenied' }));
    const { ports } = bucketPorts(new Map(), { objects: { list: denied, open: denied } });
    const answer = await judgeData(ports)(shadowEvent([bound()]));
    expect(answer).toMatchObject({ kind: 'hold' });
    expect(answer.reason).toContain('AccessDenied: Access Denied');
  });

  test('outside the shadow phase the gate has nothing to say, and nothing said is no pass', async () => {
    expect((await ask(agreeing(), shadowEvent([bound()], { phase: 'stage' }))).answer.kind).toBe('hold');
  });
});
