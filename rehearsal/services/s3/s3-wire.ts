import type { Protocol, SdkCall } from '../../lambda/aws-wire';
import type { WireRequest } from '../../lambda/wire';
import type { AwsError } from '../aws-error';
import type { Json } from '../service';
import { declaration, elements, xml } from '../xml';

/** Virtual-hosted (`bucket.s3.REGION.amazonaws.com`) and path-style addresses of the SDK. */
const hosts = /^(?:(.+)\.)?s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com$/;

/** Headers of requests and replies, by member. */
const members: Readonly<Record<string, string>> = {
  'content-type': 'ContentType',
  'if-none-match': 'IfNoneMatch',
  range: 'Range',
};
const queries: Readonly<Record<string, string>> = {
  prefix: 'Prefix',
  delimiter: 'Delimiter',
  'continuation-token': 'ContinuationToken',
  'start-after': 'StartAfter',
};

/** REST with XML, as far as S3's objects and listings need it. */
// source: s3-rest-xml
export const s3Wire: Protocol = {
  read(request: WireRequest): SdkCall | undefined {
    const host = hosts.exec(request.host.replace(/:\d+$/, ''));
    if (host === null) return undefined;
    const url = new URL(request.path, 'https://s3');
    const segments = url.pathname.slice(1).split('/');
    const Bucket = host[1] ?? decodeURIComponent(segments.shift() ?? '');
    const Key = segments.map(decodeURIComponent).join('/');
    const input: Record<string, Json> = { Bucket, ...named(request.headers, members) };
    if (Key === '')
      return { service: 's3', operation: listing(request, url), input: { ...input, ...listOptions(url) } };
    const metadata = Object.entries(request.headers)
      .filter(([name]) => name.startsWith('x-amz-meta-'))
      .map(([name, value]) => [name.slice('x-amz-meta-'.length), value]);
    const call = { service: 's3', input: { ...input, Key } };
    if (request.method === 'GET') return { ...call, operation: 'GetObject' };
    if (request.method === 'HEAD') return { ...call, operation: 'HeadObject' };
    if (request.method !== 'PUT') throw new Error(`s3 ${request.method} of an object is not rehearsed`);
    const put = { Body: unchunked(request), Metadata: Object.fromEntries(metadata) };
    return { ...call, operation: 'PutObject', input: { ...call.input, ...put } };
  },

  reply({ operation }: SdkCall, output: Json) {
    if (operation === 'ListObjectsV2') return { status: 200, headers: xml, body: listXml(output) };
    const headers: Record<string, string> = {};
    if (output.ETag !== undefined) headers.etag = output.ETag;
    if (operation === 'PutObject') return { status: 200, headers, body: '' };
    headers['content-length'] = String(output.ContentLength);
    headers['content-type'] = output.ContentType;
    headers['last-modified'] = new Date(output.LastModified * 1000).toUTCString();
    if (output.ContentRange !== undefined) headers['content-range'] = output.ContentRange;
    for (const [name, value] of Object.entries<string>(output.Metadata)) headers[`x-amz-meta-${name}`] = value;
    const body = operation === 'HeadObject' ? '' : output.Body;
    return { status: output.ContentRange === undefined ? 200 : 206, headers, body };
  },

  refuse({ operation }: SdkCall, error: AwsError) {
    // An answer to HEAD has no body, and 304 none either.
    if (operation === 'HeadObject' || error.status === 304) return { status: error.status, headers: {}, body: '' };
    const told = { Code: error.code, Message: error.message, ...error.members, RequestId: 'REHEARSAL' };
    return { status: error.status, headers: xml, body: `${declaration}<Error>${elements(told)}</Error>` };
  },
};

function named(
  from: Readonly<Record<string, string>>,
  names: Readonly<Record<string, string>>,
): Record<string, string> {
  const pairs = Object.entries(names).map(([name, member]) => [member, from[name]]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function listing(request: WireRequest, url: URL): string {
  if (request.method === 'GET' && url.searchParams.get('list-type') === '2') return 'ListObjectsV2';
  throw new Error(`s3 ${request.method} of a bucket is not rehearsed`);
}

function listOptions(url: URL): Record<string, Json> {
  const limit = url.searchParams.get('max-keys');
  const options = named(Object.fromEntries(url.searchParams), queries);
  return limit === null ? options : { ...options, MaxKeys: Number(limit) };
}

/** A body that the SDK sends in chunks with a trailing checksum, put together. */
// source: s3-aws-chunked
function unchunked({ headers, body }: WireRequest): Buffer {
  if (!headers['content-encoding']?.includes('aws-chunked')) return body;
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.subarray(at, end).toString(), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

function listXml(output: Json): string {
  const Contents = output.Contents.map((one: Json) => ({
    ...one,
    LastModified: new Date(one.LastModified * 1000).toISOString(),
  }));
  const inside = elements({ ...output, Contents });
  return `${declaration}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</ListBucketResult>`;
}
