import { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { s3Objects } from '../../../lambda/aws/s3-objects';
import { fakeTransport, type Reply, type Sent } from './fake-transport';

const door = (answer: (request: Sent, n: number) => Reply) => {
  const { options, sent } = fakeTransport(answer);
  return { ...s3Objects(new S3Client(options)), sent };
};
const listing = (keys: readonly string[], next?: string) =>
  `<ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`}${keys
    .map((key) => `<Contents><Key>${key}</Key><Size>7</Size></Contents>`)
    .join('')}</ListBucketResult>`;

test('lists all pages, in the order of keys', async () => {
  const { list, sent } = door((_, n) => ({ text: n === 1 ? listing(['c/b', 'c/c'], 'token') : listing(['c/a']) }));
  expect(await list('captures', 'c/')).toEqual([
    { key: 'c/a', size: 7 },
    { key: 'c/b', size: 7 },
    { key: 'c/c', size: 7 },
  ]);
  expect(sent.map(({ query }) => [query['prefix'], query['continuation-token']])).toEqual([
    ['c/', undefined],
    ['c/', 'token'],
  ]);
});

test('opens an object as a stream of bytes', async () => {
  const { open } = door(() => ({ text: 'one\ntwo\n' }));
  const chunks: Uint8Array[] = [];
  for await (const chunk of await open('captures', 'c/a')) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe('one\ntwo\n');
});

test('fails by name on an object that is not there', async () => {
  const { open } = door(() => ({
    status: 404,
    text: '<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>',
  }));
  await expect(open('captures', 'c/x')).rejects.toMatchObject({ name: 'NoSuchKey' });
});
