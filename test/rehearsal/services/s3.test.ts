import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from 'vitest';
import { S3, s3Wire } from '../../../rehearsal/services';
import { Clock, EPOCH } from '../../../rehearsal/time/clock';
import { clientOptions, wired } from './wired';

let s3: S3;
let client: S3Client;
const Bucket = 'capture';
beforeEach(() => {
  s3 = new S3(new Clock());
  s3.createBucket(Bucket);
  client = new S3Client({ ...clientOptions, requestHandler: wired(s3Wire, s3) });
});

describe('a bucket that is filled when somebody looks', () => {
  const list = (Prefix = '') => s3.invoke('ListObjectsV2', { Bucket: 'filled', Prefix }).Contents.length;

  test('is filled before it is listed or read, and not before', () => {
    let asked = 0;
    s3.fill('filled', () => {
      asked += 1;
      s3.put('filled', `k${asked}`, 'x');
    });
    s3.invoke('ListObjectsV2', { Bucket });
    expect(asked).toBe(0);
    expect([list(), list()]).toEqual([1, 2]);
    expect(s3.invoke('GetObject', { Bucket: 'filled', Key: 'k3' }).ContentLength).toBe(1);
  });

  test('has what stands in every bucket, but not in its place', () => {
    s3.putEverywhere('report.json', '{}');
    s3.createBucket('later');
    s3.put(Bucket, 'report.json', 'own');
    const read = (name: string) => s3.invoke('GetObject', { Bucket: name, Key: 'report.json' }).Body.toString();
    expect([read('later'), read(Bucket)]).toEqual(['{}', 'own']);
  });

  test('may be listed below a prefix that IAM is told of', () => {
    expect(s3.contextOf('ListObjectsV2', { Bucket, Prefix: 'captures/fraud/' })).toEqual({
      's3:prefix': 'captures/fraud/',
    });
    expect(s3.contextOf('GetObject', { Bucket, Key: 'k' })).toEqual({});
  });
});

describe('the real SDK', () => {
  test('gets what it put, byte for byte', async () => {
    const Body = Buffer.from([0, 255, 10, 13, 10, 60, 38]);
    const put = await client.send(new PutObjectCommand({ Bucket, Key: 'a b/ü&<.bin', Body, Metadata: { who: 'me' } }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a b/ü&<.bin' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(Body);
    expect([got.ETag, got.ContentLength, got.Metadata, got.LastModified]).toEqual([
      put.ETag,
      7,
      { who: 'me' },
      new Date(EPOCH),
    ]);
  });
  test('heads, and reads a range', async () => {
    s3.put(Bucket, 'k', '0123456789', 'text/plain');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
    expect([head.ContentLength, head.ContentType]).toEqual([10, 'text/plain']);
    const part = await client.send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=2-4' }));
    expect([await part.Body?.transformToString(), part.ContentRange]).toEqual(['234', 'bytes 2-4/10']);
  });
  test('fails with modelled errors for what is not there', async () => {
    await expect(client.send(new GetObjectCommand({ Bucket, Key: 'no' }))).rejects.toBeInstanceOf(NoSuchKey);
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'no' }))).rejects.toBeInstanceOf(NotFound);
    await expect(client.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'k' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });
  test('a conditional put writes once', async () => {
    const put = (Body: string) => client.send(new PutObjectCommand({ Bucket, Key: 'once', Body, IfNoneMatch: '*' }));
    await put('first');
    await expect(put('second')).rejects.toMatchObject({ name: 'PreconditionFailed' });
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'once' }));
    expect(await got.Body?.transformToString()).toBe('first');
  });
  test('lists in the order of the keys, by prefix, in pages', async () => {
    for (const key of ['p/b&c', 'p/a', 'q/z', 'p/B']) s3.put(Bucket, key, key);
    const list = (more: object) => client.send(new ListObjectsV2Command({ Bucket, Prefix: 'p/', ...more }));
    const first = await list({ MaxKeys: 2 });
    expect([first.Contents?.map(({ Key }) => Key), first.IsTruncated]).toEqual([['p/B', 'p/a'], true]);
    const second = await list({ ContinuationToken: first.NextContinuationToken });
    expect([second.Contents?.map(({ Key, Size }) => [Key, Size]), second.IsTruncated]).toEqual([[['p/b&c', 5]], false]);
    const none = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'r/' }));
    expect([none.Contents, none.KeyCount]).toEqual([undefined, 0]);
    const folders = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect(folders.CommonPrefixes).toEqual([{ Prefix: 'p/' }, { Prefix: 'q/' }]);
  });
  test('path-style addresses are the same place', async () => {
    s3.put(Bucket, 'x/y', 'z');
    const other = new S3Client({ ...clientOptions, forcePathStyle: true, requestHandler: wired(s3Wire, s3) });
    const got = await other.send(new GetObjectCommand({ Bucket, Key: 'x/y' }));
    expect(await got.Body?.transformToString()).toBe('z');
  });
});

test('IAM is asked about objects, and about the bucket for a listing', () => {
  expect([s3.actionOf('HeadObject'), s3.resourcesOf('HeadObject', { Bucket, Key: 'k/l' })]).toEqual([
    's3:GetObject',
    ['arn:aws:s3:::capture/k/l'],
  ]);
  expect([s3.actionOf('ListObjectsV2'), s3.resourcesOf('ListObjectsV2', { Bucket })]).toEqual([
    's3:ListBucket',
    ['arn:aws:s3:::capture'],
  ]);
});
