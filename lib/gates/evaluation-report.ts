import type { aws_s3 as s3 } from 'aws-cdk-lib';
import { Problems } from '../private/problems';

/**
 * The JSON that an evaluation wrote to S3: of SageMaker Model Monitor, Clarify or Pipelines, of scikit-learn, of Hugging
 * Face, or of your own.
 */
export class EvaluationReport {
  /** An object in a bucket. A key that names the model's version keeps each report for good. */
  public static fromBucket(bucket: s3.IBucket, key: string): EvaluationReport {
    const problems = new Problems('EvaluationReport');
    problems.require(
      key !== '' && !key.startsWith('/') && !key.includes('*'),
      'ReportKey',
      () => `key must name one object, without a slash at its begin, got '${key}'`,
    );
    problems.throwIfAny();
    return new EvaluationReport(bucket, key);
  }

  private constructor(
    /** The bucket. */
    public readonly bucket: s3.IBucket,
    /** The object's key. */
    public readonly key: string,
  ) {}
}
