import { aws_ecr as ecr, type Stack, aws_s3 as s3 } from 'aws-cdk-lib';

/** Where the models lie. It is the user's own, however the endpoints are written; those of a stack share it. */
export interface Sources {
  readonly bucket: s3.IBucket;
  readonly repository: ecr.IRepository;
}

const known = new WeakMap<Stack, Sources>();

export function sourcesOf(stack: Stack): Sources {
  const found = known.get(stack) ?? {
    bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'artefacts'),
    repository: ecr.Repository.fromRepositoryName(stack, 'Repository', 'serving'),
  };
  known.set(stack, found);
  return found;
}
