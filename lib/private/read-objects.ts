import { aws_iam as iam, type aws_s3 as s3 } from 'aws-cdk-lib';

/** Which objects are read, as parts of a key that slashes join; empty parts are left out. */
export interface ObjectKeys {
  /** A folder whose keys may be listed. */
  readonly list?: readonly string[];
  /** A key, or a family of keys. */
  readonly read: readonly string[];
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('/');

/** Lets `judge-data` read some objects of a bucket, decrypted where the bucket has a key of its own. */
export function readObjects(bucket: s3.IBucket, { list, read }: ObjectKeys): iam.PolicyStatement[] {
  const statements = [
    new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects(joined(read))] }),
  ];
  if (list !== undefined) {
    statements.push(
      new iam.PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': `${joined(list)}/*` } },
      }),
    );
  }
  if (bucket.encryptionKey !== undefined) {
    statements.push(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [bucket.encryptionKey.keyArn] }));
  }
  return statements;
}
