import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { namedError } from './named-error';

/** One object of a listing. */
export interface ObjectSummary {
  readonly key: string;
  /** Bytes as stored, before any decompression. */
  readonly size: number;
}

/** Reads objects from S3: listings in key order, bodies as streams of bytes. */
export function s3Objects(client: S3Client = new S3Client({})) {
  return {
    async list(bucket: string, prefix: string, after?: string): Promise<ObjectSummary[]> {
      const objects: ObjectSummary[] = [];
      let ContinuationToken: string | undefined;
      do {
        const wanted = { Bucket: bucket, Prefix: prefix, StartAfter: after, ContinuationToken };
        const page = await client.send(new ListObjectsV2Command(wanted));
        for (const { Key, Size } of page.Contents ?? []) {
          if (Key !== undefined) objects.push({ key: Key, size: Size ?? 0 });
        }
        ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (ContinuationToken !== undefined);
      return objects.sort((a, b) => (a.key < b.key ? -1 : 1));
    },

    async open(bucket: string, key: string): Promise<AsyncIterable<Uint8Array>> {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (Body === undefined) throw namedError('ObjectUnreadable', `s3://${bucket}/${key} came without a body`);
      return Body as unknown as AsyncIterable<Uint8Array>;
    },
  };
}
