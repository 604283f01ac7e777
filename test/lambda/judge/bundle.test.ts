import { resolve } from 'node:path';
import { App, Duration, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import {
  ErrorRateGate,
  type Gate,
  GateContext,
  LatencyGate,
  PredictionField,
  ShadowDivergenceGate,
} from 'cdk-sagemaker-rollouts';
import { expect, test } from 'vitest';
import { loadHandler } from '../../../rehearsal/lambda/sandbox';
import type { WireReply, WireRequest } from '../../../rehearsal/lambda/wire';
import { Clock } from '../../../rehearsal/time/clock';
import { randomStream } from '../../../rehearsal/time/random';
import { START as CAPTURED, captured, HOUR, type Objects, shadowEvent } from '../judge-data/fake-bucket';
import { MINUTE, START, type Tell, twoModels } from './fake-world';
import { stageEvent } from './stage-event';

const stack = new Stack(new App(), 'Gates');
const bound = (gate: Gate) => {
  const bucket = s3.Bucket.fromBucketName(stack, `Bucket${stack.node.children.length}`, 'captures');
  const context = new GateContext({ endpointName: 'fraud', capture: { bucket, prefix: 'capture' } });
  return JSON.parse(JSON.stringify(gate.bind(stack, context).definition)) as unknown;
};

const json = (body: unknown): WireReply => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(body),
  delayMs: 20,
});

/** Runs the built bundle of a job in the rehearsal's sandbox, at a time, with the real SDK inside. */
async function run(job: string, event: object, at: number, wire: (request: WireRequest) => WireReply) {
  const clock = new Clock();
  clock.advanceTo(at);
  const printed: string[] = [];
  const handler = loadHandler({
    directory: resolve('dist/lambda', job),
    handler: 'index.handler',
    environment: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      RECORD_TABLE: 'record',
    },
    clock,
    random: randomStream(1, 'lambda'),
    wire,
    print: (line) => printed.push(line),
  });
  const answer = await clock.run(handler(event as never, {}));
  return { answer: answer as { kind: string; reason: string; evidence: string | null }, printed };
}

/** CloudWatch and DynamoDB, as the SDK speaks to them. */
const services =
  (tell: Tell, items: unknown[]) =>
  ({ headers, body }: WireRequest): WireReply => {
    const input = JSON.parse(body.toString());
    const operation = headers['x-amz-target'].replace(/.*\./, '');
    if (operation === 'PutItem') items.push(input.Item.sk.S);
    if (operation === 'DescribeAlarms') {
      return json({ MetricAlarms: input.AlarmNames.map((AlarmName: string) => ({ AlarmName, StateValue: 'OK' })) });
    }
    if (operation !== 'GetMetricData') return json({});
    const results = input.MetricDataQueries.map(({ Id, MetricStat }: never) => {
      const { Metric, Stat } = MetricStat as {
        Metric: { MetricName: string; Dimensions: { Name: string; Value: string }[] };
        Stat: string;
      };
      const dimensions = Object.fromEntries(Metric.Dimensions.map(({ Name, Value }) => [Name, Value]));
      const metric = { id: 'm1', namespace: '', metricName: Metric.MetricName, dimensions, statistic: Stat };
      const times: number[] = [];
      for (let at = input.StartTime * 1000; at < input.EndTime * 1000; at += MINUTE) times.push(at);
      const told = times.map((at) => [at / 1000, tell(metric, at)] as const).filter(([, value]) => value !== undefined);
      return { Id, StatusCode: 'Complete', Timestamps: told.map(([at]) => at), Values: told.map(([, value]) => value) };
    });
    return json({ MetricDataResults: results });
  };

const champion = { requests: 4500, errorRate: 0.01, slowRate: 0.003 };
const gates = () => [bound(new ErrorRateGate()), bound(new LatencyGate({ ceiling: Duration.millis(250) }))];

test.each([
  ['pass', 0.01],
  ['fail', 0.05],
])('the bundle of judge says %s of a model with an error rate of %d, and keeps why', async (kind, errorRate) => {
  const items: string[] = [];
  const tell = twoModels({ a: champion, b: { ...champion, requests: 1500, errorRate } });
  const { answer, printed } = await run('judge', stageEvent(300, gates()), START + 300 * MINUTE, services(tell, items));
  expect(answer.kind).toBe(kind);
  expect(items).toEqual([answer.evidence]);
  expect(printed.some((line) => line.includes(`"kind":"${kind}"`))).toBe(true);
});

test('the bundle of judge holds when it is throttled to the end', async () => {
  const throttled = (): WireReply => ({
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': 'ThrottlingException' },
    body: '{"__type":"ThrottlingException","message":"Rate exceeded"}',
    delayMs: 20,
  });
  const { answer } = await run('judge', stageEvent(300, gates()), START + 300 * MINUTE, throttled);
  expect(answer.kind).toBe('hold');
  expect(answer.reason).toContain('ThrottlingException');
});

/** S3 beside DynamoDB: a bucket of objects in memory. */
const bucketOf =
  (objects: Objects) =>
  ({ host, path }: WireRequest): WireReply => {
    if (!host.includes('s3')) return json({});
    const url = new URL(`https://s3${path}`);
    const prefix = url.searchParams.get('prefix');
    if (prefix === null) {
      const key = decodeURIComponent(url.pathname.replace(/^\/(captures\/)?/, ''));
      return { status: 200, headers: {}, body: objects.get(key) ?? '', delayMs: 20 };
    }
    const found = [...objects].filter(([key]) => key.startsWith(prefix));
    const contents = found.map(([key, body]) => `<Contents><Key>${key}</Key><Size>${body.length}</Size></Contents>`);
    const body = `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`;
    return { status: 200, headers: { 'content-type': 'application/xml' }, body, delayMs: 20 };
  };

test.each([
  ['pass', 0],
  ['fail', 0.5],
])('the bundle of judge-data says %s of a shadow that is off by %d', async (kind, off) => {
  const gate = bound(
    new ShadowDivergenceGate({ maximumRate: 0.05, prediction: PredictionField.score({ tolerance: 0.01 }) }),
  );
  const objects = captured(3000, 4, (side, i) => ({
    data: (((i * 7919) % 1000) / 1000 + (side === 'b' ? off : 0)).toFixed(3),
  }));
  const shadow = { samplingPercent: 100, minimumRequests: 1000, minimumHours: 2 };
  const at = CAPTURED + 5 * HOUR;
  const event = shadowEvent([gate], { at: new Date(at).toISOString(), shadow });
  const { answer } = await run('judge-data', event, at, bucketOf(objects));
  expect([answer.kind, answer.reason]).toEqual([kind, expect.any(String)]);
});
