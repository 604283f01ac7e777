import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Fetched } from '../../decision';
import { refusal } from './refusal';

/** What is known of archives in S3. */
export function archives(client: S3Client = new S3Client({})) {
  return {
    /** When an object, `s3://bucket/key`, was written last, ISO 8601. */
    async writtenAt(uri: string): Promise<Fetched> {
      const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
      try {
        const { LastModified } = await client.send(new HeadObjectCommand({ Bucket, Key }));
        if (LastModified === undefined) return { kind: 'unreadable', why: 'S3 does not say when it was written' };
        return { kind: 'found', value: LastModified.toISOString() };
      } catch (error) {
        return refusal(error, 'NotFound');
      }
    },
  };
}
