import type { ApprovalSpec } from './approval';
import type { Plan } from './plan';

/** The name of a variant. There are two: the challenger takes the free one, and keeps it when it becomes champion. */
export type VariantName = 'a' | 'b';

/** Auto scaling of a variant, as Application Auto Scaling wants it. */
export interface ScalingSpec {
  readonly minimum: number;
  readonly maximum: number;
  /** `TargetTrackingScalingPolicyConfiguration`, in the service's own words. */
  readonly policy: { readonly [key: string]: unknown };
}

/** What a launch of a model fetches. */
export interface SourcesSpec {
  /** Images in ECR, `registry/repository:tag`. */
  readonly images: readonly string[];
  /** Archives in S3, `s3://bucket/key`. */
  readonly archives: readonly string[];
}

/** What CloudFormation hands over: everything that is needed to serve a version, without a look at the template. */
export interface Spec {
  readonly schemaVersion: 1;
  readonly endpoint: string;
  /** Digest of image, artefact, environment and hosting without counts: what makes it another version. */
  readonly digest: string;
  readonly modelName: string;
  /** `ProductionVariant` of SageMaker's API but for name, model, weight and count. */
  readonly variant: { readonly [key: string]: unknown };
  readonly initialInstanceCount: number;
  /** @default - the fleet keeps its size */
  readonly scaling?: ScalingSpec;
  /** `DataCaptureConfig`, in SageMaker's own words. @default - nothing is captured */
  readonly dataCapture?: { readonly [key: string]: unknown };
  /** Key of the instances' volumes. @default - SageMaker's own */
  readonly kmsKeyId?: string;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly plan: Plan;
  /** Bindings of the gates: what to read and how to judge. */
  readonly gates: readonly { readonly [key: string]: unknown }[];
  /** Names of the alarms that watch each variant. */
  readonly alarms: { readonly a: readonly string[]; readonly b: readonly string[] };
  /** Who may approve, and when somebody must. @default - nobody is asked */
  readonly approval?: ApprovalSpec;
  readonly adoptExistingEndpoint: boolean;
  /** What a launch fetches, as far as it can be compared. @default - nothing is compared */
  readonly sources?: SourcesSpec;
}

/** The variant that is not this one. */
export function otherVariant(name: VariantName): VariantName {
  return name === 'a' ? 'b' : 'a';
}

/**
 * A SageMaker name of at most 63 characters that says whose it is, and is the same for the same parts. The endpoint's
 * name may fill all 63, so it is cut; the parts behind it tell the names apart.
 */
export function configName(
  endpoint: string,
  digest: string,
  epoch: number,
  kind: 'single' | 'shadow' | 'split',
): string {
  const tail = `-${digest.slice(0, 8)}-${epoch}-${kind}`;
  return `${endpoint.slice(0, 63 - tail.length)}${tail}`.replace(/-+/g, '-');
}
