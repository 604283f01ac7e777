import type { WorldLog } from '../../log';
import type { Clock } from '../../time/clock';
import type { Json } from '../service';
import type { ScalableTarget } from './application-auto-scaling';
import { LOW_MINUTES, trackedCount } from './target-tracking';

/** The variants of endpoints, as Application Auto Scaling sees them. */
export interface Variants {
  /** Instances that a variant is to have; undefined while its endpoint is busy, and for one that is not there. */
  count(endpointName: string, variantName: string): number | undefined;
  setCount(endpointName: string, variantName: string, count: number): void;
  /** The sum of a SageMaker metric of a variant in the minute that begins at `from`, once it is published. */
  sum(metricName: string, endpointName: string, variantName: string, from: number): number | undefined;
  /** A variant is scaled from now on, or no more. */
  register(endpointName: string, variantName: string, bounds: { minimum: number; maximum: number }): void;
  deregister(endpointName: string, variantName: string): void;
}

const MINUTE = 60_000;
/** Seconds that either cooldown has when a policy does not say. */
const COOLDOWN_SECONDS = 300;
/** No metric is published later than so many minutes. */
const LATEST = 8;
/** The predefined metrics that SageMaker publishes here. */
const METRICS: Readonly<Record<string, string>> = {
  SageMakerVariantInvocationsPerInstance: 'InvocationsPerInstance',
};

/** When the instances of a variant were last asked to change, and whether that is over. */
interface Activity {
  readonly grew: boolean;
  /** Undefined while it goes on. */
  endedAt: number | undefined;
}

/** Moves the instances of variants that are registered: into their bounds, and after their load. */
export class ScalingVariants {
  private readonly activities = new Map<string, Activity>();
  private awake = false;

  constructor(
    private readonly clock: Clock,
    private readonly log: WorldLog,
    private readonly variants: Variants,
    /** What is registered now, each with the configurations of its policies. */
    private readonly targets: () => readonly { readonly target: ScalableTarget; readonly policies: readonly Json[] }[],
  ) {}

  /** A target was registered or changed. */
  // source: aas-bounds
  public registered(target: ScalableTarget): void {
    const { endpoint, variant } = placeOf(target);
    this.variants.register(endpoint, variant, { minimum: target.MinCapacity, maximum: target.MaxCapacity });
    const count = this.variants.count(endpoint, variant);
    if (count !== undefined) this.move(target, count, count, 'its bounds');
    if (!this.awake) this.everyMinute();
  }

  public deregistered(target: ScalableTarget): void {
    const { endpoint, variant } = placeOf(target);
    this.activities.delete(target.ResourceId);
    this.variants.deregister(endpoint, variant);
  }

  private everyMinute(): void {
    this.awake = this.targets().length > 0;
    if (!this.awake) return;
    this.clock.after(MINUTE, () => {
      for (const { target, policies } of this.targets()) this.look(target, policies);
      this.everyMinute();
    });
  }

  // source: aas-target-tracking, scalable-target
  private look(target: ScalableTarget, policies: readonly Json[]): void {
    const { endpoint, variant } = placeOf(target);
    const count = this.variants.count(endpoint, variant);
    if (count === undefined) return;
    const activity = this.activities.get(target.ResourceId);
    if (activity !== undefined) activity.endedAt ??= this.clock.now();
    // Of several policies the one that wants most decides.
    const wanted = policies.map((configuration) => {
      const metric = METRICS[configuration.PredefinedMetricSpecification?.PredefinedMetricType];
      if (metric === undefined) return count;
      return trackedCount({ minutes: this.minutes(metric, endpoint, variant), configuration, count });
    });
    const most = Math.max(...wanted);
    if (policies.length === 0 || most === count || this.cools(activity, most > count, policies)) return;
    const { DynamicScalingInSuspended, DynamicScalingOutSuspended } = target.SuspendedState;
    if (most < count ? DynamicScalingInSuspended : DynamicScalingOutSuspended) return;
    this.move(target, count, most, 'its load');
  }

  /** More after more, and less after less or more, wait for the cooldown; more after less does not. */
  private cools(activity: Activity | undefined, grows: boolean, policies: readonly Json[]): boolean {
    if (activity?.endedAt === undefined || (grows && !activity.grew)) return false;
    const name = activity.grew && grows ? 'ScaleOutCooldown' : 'ScaleInCooldown';
    const seconds = Math.max(...policies.map((policy) => policy[name] ?? COOLDOWN_SECONDS));
    return this.clock.now() - activity.endedAt < 1000 * seconds;
  }

  private minutes(metric: string, endpoint: string, variant: string): (number | undefined)[] {
    const now = Math.floor(this.clock.now() / MINUTE) * MINUTE;
    const sum = (back: number) => this.variants.sum(metric, endpoint, variant, now - back * MINUTE);
    const all = Array.from({ length: LATEST + LOW_MINUTES }, (_, i) => sum(i + 1));
    const newest = all.slice(0, LATEST).findIndex((value) => value !== undefined);
    return newest < 0 ? [] : all.slice(newest, newest + LOW_MINUTES);
  }

  private move(target: ScalableTarget, count: number, wanted: number, why: string): void {
    const to = Math.min(target.MaxCapacity, Math.max(target.MinCapacity, wanted));
    if (to === count) return;
    const { endpoint, variant } = placeOf(target);
    this.activities.set(target.ResourceId, { grew: to > count, endedAt: undefined });
    this.log.record('application-autoscaling', 'VariantScaled', `${target.ResourceId}: ${count} to ${to}, by ${why}`, {
      endpoint,
      variant,
      from: count,
      to,
    });
    this.variants.setCount(endpoint, variant, to);
  }
}

/** `endpoint/fraud/variant/a` in parts. */
export function placeOf({ ResourceId }: Pick<ScalableTarget, 'ResourceId'>): { endpoint: string; variant: string } {
  const [, endpoint = '', , variant = ''] = ResourceId.split('/');
  return { endpoint, variant };
}
