import { aws_iam as iam, type aws_s3 as s3, aws_s3_assets as s3Assets, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';

/** What a model's container says of its data. */
export interface ModelDataConfig {
  /** Where the data lies, `s3://bucket/key`, or `s3://bucket/prefix/` when it is not compressed. */
  readonly s3Uri: string;

  /** Whether it is one `.tar.gz` archive; else all objects below the prefix, as they are. */
  readonly compressed: boolean;

  /**
   * ARN of this object and of those of other versions, ending in `*`. A rollout compares archives only where it is known.
   *
   * @default - not known
   */
  readonly objectsArn?: string;
}

/** Which generations of an artefact a model's role may read. */
export interface ModelDataOptions {
  /**
   * The part of the key that all versions of this model share, such as `models/fraud/`. Every version must stay
   * readable, because instances of the version that a rollback returns to fetch theirs when they start.
   *
   * @default - the first part of the key: `fraud/` for `fraud/v7/model.tar.gz`; all of the bucket for a key without parts
   */
  readonly familyPrefix?: string;
}

/** The artefact of a model's container. Immutable: many models may bind it. */
export abstract class ModelData {
  /** One `.tar.gz` archive in a bucket. */
  public static fromBucket(bucket: s3.IBucket, key: string, options: ModelDataOptions = {}): ModelData {
    requireKinds('ModelData', { bucket, key }, { bucket: 'IBucket', key: 'text' });
    const problems = checkKey(key, options);
    problems.require(
      Token.isUnresolved(key) || key.endsWith('.tar.gz'),
      'ModelDataKey',
      () => `key must name a .tar.gz archive, got '${key}': pack the model, or use fromPrefix`,
    );
    problems.throwIfAny();
    return new DescribedData((_scope, grantee) => {
      const objectsArn = grantRead(grantee, bucket, familyOf(key, options));
      return { s3Uri: bucket.s3UrlForObject(key), compressed: true, objectsArn };
    });
  }

  /** Everything below a prefix of a bucket, not compressed; for models that are large or already compressed. */
  public static fromPrefix(bucket: s3.IBucket, prefix: string, options: ModelDataOptions = {}): ModelData {
    requireKinds('ModelData', { bucket, prefix }, { bucket: 'IBucket', prefix: 'text' });
    checkKey(prefix, options).throwIfAny();
    // SageMaker takes a prefix for one only if it ends with a slash.
    const folder = Token.isUnresolved(prefix) || prefix.endsWith('/') ? prefix : `${prefix}/`;
    return new DescribedData((_scope, grantee) => {
      const family = familyOf(folder, options);
      grantRead(grantee, bucket, family);
      const statement = new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });
      statement.addCondition('StringLike', { 's3:prefix': `${family}*` });
      grantee.grantPrincipal.addToPrincipalPolicy(statement);
      return { s3Uri: bucket.s3UrlForObject(folder), compressed: false };
    });
  }

  /** A `.tar.gz` file on this machine, which `cdk deploy` uploads. */
  public static fromAsset(path: string, options: s3Assets.AssetOptions = {}): ModelData {
    requireKinds('ModelData', { path }, { path: 'text' });
    const problems = new Problems('ModelData');
    problems.require(
      path.endsWith('.tar.gz'),
      'ModelDataAsset',
      () => `path must name a .tar.gz file, got '${path}': pack the model`,
    );
    problems.throwIfAny();
    return new DescribedData((scope, grantee) => {
      const asset = new s3Assets.Asset(scope, 'ModelData', { path, ...options });
      // Assets lie side by side under their digests, so the family is all of them.
      const objectsArn = grantRead(grantee, asset.bucket, '');
      return { s3Uri: asset.s3ObjectUrl, compressed: true, objectsArn };
    });
  }

  /** Draws what the data needs, lets the grantee read it, and describes it. May be called any number of times. */
  public abstract bind(scope: Construct, grantee: iam.IGrantable): ModelDataConfig;
}

class DescribedData extends ModelData {
  constructor(private readonly describe: (scope: Construct, grantee: iam.IGrantable) => ModelDataConfig) {
    super();
  }

  public bind(scope: Construct, grantee: iam.IGrantable): ModelDataConfig {
    return this.describe(scope, grantee);
  }
}

function checkKey(key: string, { familyPrefix }: ModelDataOptions): Problems {
  const problems = new Problems('ModelData');
  if (Token.isUnresolved(key)) return problems;
  problems.require(
    /^[^/]/.test(key) && !key.startsWith('s3:'),
    'ModelDataKey',
    () => `a key must not be empty and must not start with '/' or 's3:', got '${key}': name the part after the bucket`,
  );
  problems.require(
    familyPrefix === undefined || Token.isUnresolved(familyPrefix) || key.startsWith(familyPrefix),
    'ModelDataFamily',
    () => `familyPrefix must be the start of '${key}', got '${familyPrefix}'`,
  );
  return problems;
}

function familyOf(key: string, options: ModelDataOptions): string {
  if (options.familyPrefix !== undefined) return options.familyPrefix;
  if (Token.isUnresolved(key)) return '';
  return key.includes('/') ? key.slice(0, key.indexOf('/') + 1) : '';
}

function grantRead(grantee: iam.IGrantable, bucket: s3.IBucket, family: string): string {
  const objectsArn = bucket.arnForObjects(`${family}*`);
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['s3:GetObject'],
    resourceArns: [objectsArn],
  });
  bucket.encryptionKey?.grantDecrypt(grantee);
  return objectsArn;
}
