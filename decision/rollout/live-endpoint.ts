/** One variant as DescribeEndpoint reports it, in our words. */
export interface LiveVariant {
  readonly name: string;
  readonly currentWeight: number;
  readonly desiredWeight: number;
  readonly currentCount: number;
  readonly desiredCount: number;
  /** Images that it runs, as its model names them, and as they were resolved. @default - not said */
  readonly images?: readonly { readonly specified: string; readonly resolved: string }[];
}

/** An endpoint as DescribeEndpoint reports it, in our words. */
export interface LiveEndpoint {
  readonly status: string;
  readonly configName: string;
  /** Whether an update is under way (`PendingDeploymentSummary`). */
  readonly pending: boolean;
  readonly variants: readonly LiveVariant[];
  readonly shadows: readonly LiveVariant[];
  /** When it was changed last, milliseconds since the epoch. @default - not said */
  readonly modifiedAt?: number | undefined;
  /** What went wrong last, in SageMaker's words. @default - not said */
  readonly failureReason?: string | undefined;
}

/** Statuses that end by themselves: nothing may be asked of the endpoint meanwhile. */
const PASSING: readonly string[] = ['Creating', 'Updating', 'SystemUpdating', 'RollingBack'];

/**
 * Whether the endpoint can be acted on: `yes`, `wait` while SageMaker is busy with it, `no` when only a person can
 * help. A status that nobody knows is `no`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
 */
export function readiness(live: LiveEndpoint): 'yes' | 'wait' | 'no' {
  if (PASSING.includes(live.status) || (live.status === 'InService' && live.pending)) return 'wait';
  return live.status === 'InService' ? 'yes' : 'no';
}

/** Share of live traffic that a variant has, 0-100; NaN when no weight is above zero. */
export function sharePercent(live: LiveEndpoint, variant: string): number {
  const total = live.variants.reduce((sum, each) => sum + each.currentWeight, 0);
  const own = live.variants.find((each) => each.name === variant)?.currentWeight ?? 0;
  return (100 * own) / total;
}
