import { createHash } from 'node:crypto';
import type { RequestContext } from '../../iam/policy';
import type { Clock } from '../../time/clock';
import { AwsError } from '../aws-error';
import { invokeOperation, type Operations } from '../operations';
import { type AwsService, type Json, seconds } from '../service';

/** One object. */
export interface StoredObject {
  readonly body: Buffer;
  readonly contentType: string;
  /** Lower-case names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly etag: string;
  /** Milliseconds of virtual time. */
  readonly modifiedAt: number;
}

/** Buckets and objects: get, head, put, list. Bodies are Buffers here; the wire and integrations turn them over. */
export class S3 implements AwsService {
  public readonly name = 's3';
  private readonly buckets = new Map<string, Map<string, StoredObject>>();
  /** Keys that stand in every bucket. */
  private readonly everywhere = new Map<string, StoredObject>();
  /** What puts objects into a bucket as soon as somebody looks. */
  private readonly fillers = new Map<string, () => void>();
  private readonly operations: Operations = {
    GetObject: (input) => this.getObject(input),
    HeadObject: (input) => this.headObject(input),
    PutObject: (input) => this.putObject(input),
    ListObjectsV2: (input) => this.list(input),
  };

  constructor(private readonly clock: Clock) {}

  public createBucket(name: string): void {
    if (!this.buckets.has(name)) this.buckets.set(name, new Map());
  }

  /** Puts an object without asking IAM: what a scenario or a capture writes. */
  public put(bucket: string, key: string, body: Buffer | string, contentType = 'binary/octet-stream'): void {
    this.createBucket(bucket);
    this.store(bucket, key, Buffer.from(body), contentType, {});
  }

  /** Puts an object into every bucket, those to come too. */
  public putEverywhere(key: string, body: Buffer | string): void {
    this.everywhere.set(key, this.objectOf(Buffer.from(body), 'binary/octet-stream', {}));
  }

  /** Makes a bucket whose objects are put by `filler`, which is called before anything in it is read or listed. */
  public fill(bucket: string, filler: () => void): void {
    this.createBucket(bucket);
    this.fillers.set(bucket, filler);
  }

  /** Whether there is such an object. */
  public has(bucket: string, key: string): boolean {
    return this.buckets.get(bucket)?.has(key) ?? false;
  }

  public invoke(operation: string, input: Json): Json {
    return invokeOperation(this.name, this.operations, operation, input);
  }

  // source: iam-actions-resources
  public actionOf(operation: string): string {
    return { HeadObject: 's3:GetObject', ListObjectsV2: 's3:ListBucket' }[operation] ?? `s3:${operation}`;
  }

  /** Objects for reads and writes; the bucket for a listing, which IAM calls s3:ListBucket. */
  // source: iam-actions-resources
  public resourcesOf(operation: string, input: Json): readonly string[] {
    const bucket = `arn:aws:s3:::${input?.Bucket}`;
    return [operation === 'ListObjectsV2' ? bucket : `${bucket}/${input?.Key}`];
  }

  /** A listing may be allowed below a prefix only. */
  // source: iam-actions-resources
  public contextOf(operation: string, input: Json): RequestContext {
    return operation === 'ListObjectsV2' ? { 's3:prefix': input?.Prefix ?? '' } : {};
  }

  private bucket(name: string): Map<string, StoredObject> {
    const bucket = this.buckets.get(name);
    if (bucket !== undefined) return bucket;
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
  }

  private object(input: Json, missing: string): StoredObject {
    this.fillers.get(input.Bucket)?.();
    const found = this.bucket(input.Bucket).get(input.Key) ?? this.everywhere.get(input.Key);
    if (found !== undefined) return found;
    throw new AwsError(missing, 'The specified key does not exist.', 404, { Key: input.Key });
  }

  private store(
    bucket: string,
    key: string,
    body: Buffer,
    contentType: string,
    metadata: Readonly<Record<string, string>>,
  ): StoredObject {
    const stored = this.objectOf(body, contentType, metadata);
    this.bucket(bucket).set(key, stored);
    return stored;
  }

  private objectOf(body: Buffer, contentType: string, metadata: Readonly<Record<string, string>>): StoredObject {
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    return { body, contentType, metadata, etag, modifiedAt: this.clock.now() };
  }

  // source: s3-objects
  private headObject(input: Json): Json {
    // A HEAD has no body to say more: the code is NotFound for a missing key.
    return described(this.object(input, 'NotFound'));
  }

  // source: s3-objects
  private getObject(input: Json): Json {
    const found = this.object(input, 'NoSuchKey');
    if (input.IfNoneMatch !== undefined && input.IfNoneMatch === found.etag) {
      throw new AwsError('NotModified', 'Not Modified', 304);
    }
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(input.Range ?? '') ?? [];
    if (from === undefined) return { ...described(found), Body: found.body };
    if (Number(from) >= found.body.length) {
      throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
    }
    const end = to === '' ? found.body.length : Math.min(Number(to) + 1, found.body.length);
    const Body = found.body.subarray(Number(from), end);
    const ContentRange = `bytes ${from}-${end - 1}/${found.body.length}`;
    return { ...described(found), Body, ContentLength: Body.length, ContentRange };
  }

  /** `If-None-Match: *` writes only where nothing is. */
  // source: s3-conditional-writes
  private putObject(input: Json): Json {
    const there = this.bucket(input.Bucket).has(input.Key);
    if (input.IfNoneMatch === '*' && there) {
      throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
    }
    const body = Buffer.from(
      typeof input.Body === 'object' && !Buffer.isBuffer(input.Body) ? JSON.stringify(input.Body) : (input.Body ?? ''),
    );
    const type = input.ContentType ?? 'binary/octet-stream';
    return { ETag: this.store(input.Bucket, input.Key, body, type, input.Metadata ?? {}).etag };
  }

  /** Keys in the order of their UTF-8 bytes, a thousand a page. */
  // source: s3-list-objects
  private list(input: Json): Json {
    const { Bucket, Prefix = '', Delimiter, MaxKeys = 1000, ContinuationToken, StartAfter = '' } = input;
    const after = ContinuationToken === undefined ? StartAfter : Buffer.from(ContinuationToken, 'base64').toString();
    this.fillers.get(Bucket)?.();
    const entries = [...this.bucket(Bucket)]
      .filter(([key]) => key.startsWith(Prefix))
      .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const contents: Json[] = [];
    const prefixes = new Set<string>();
    let last = '';
    let truncated = false;
    for (const [key, object] of entries) {
      const cut = Delimiter === undefined ? -1 : key.indexOf(Delimiter, Prefix.length);
      const name = cut === -1 ? key : key.slice(0, cut + Delimiter.length);
      if (Buffer.compare(Buffer.from(name), Buffer.from(after)) <= 0 || prefixes.has(name)) continue;
      if (contents.length + prefixes.size >= Math.min(MaxKeys, 1000)) {
        truncated = true;
        break;
      }
      last = name;
      if (cut === -1) contents.push(listed(key, object));
      else prefixes.add(name);
    }
    return {
      Name: Bucket,
      Prefix,
      MaxKeys,
      KeyCount: contents.length + prefixes.size,
      IsTruncated: truncated,
      ...(truncated && { NextContinuationToken: Buffer.from(last).toString('base64') }),
      Contents: contents,
      CommonPrefixes: [...prefixes].map((prefix) => ({ Prefix: prefix })),
    };
  }
}

function described({ body, contentType, etag, metadata, modifiedAt }: StoredObject): Json {
  return {
    ContentLength: body.length,
    ContentType: contentType,
    ETag: etag,
    LastModified: seconds(modifiedAt),
    Metadata: metadata,
  };
}

function listed(key: string, { body, etag, modifiedAt }: StoredObject): Json {
  return { Key: key, LastModified: seconds(modifiedAt), ETag: etag, Size: body.length, StorageClass: 'STANDARD' };
}
