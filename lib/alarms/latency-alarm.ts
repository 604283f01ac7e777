import type { Duration } from 'aws-cdk-lib';
import { FleetMetricAlarm } from '../bases/rollback-alarm';
import { requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';
import { latencySignal, requirePercentile, requirePositive } from '../private/signals';

/** How slow a model may be. */
export interface LatencyAlarmProps {
  /** What the percentile of the model's latency may be: above what it is today, below what would be too slow. */
  readonly maximum: Duration;
  /**
   * Which percentile, more than 0 and less than 100.
   *
   * @default 99
   */
  readonly percentile?: number;
}

/**
 * Too slow answers by the model, in three minutes of seven; in four of nine where fewer than 10 requests a second are
 * declared.
 *
 * @example
 * new rollouts.LatencyAlarm({ percentile: 90, maximum: Duration.millis(120) });
 */
export class LatencyAlarm extends FleetMetricAlarm {
  constructor(props: LatencyAlarmProps) {
    requireKinds('LatencyAlarm', props, {});
    const percentile = props.percentile ?? 99;
    const problems = new Problems('LatencyAlarm');
    requirePercentile(problems, 'percentile', percentile);
    requirePositive(problems, 'maximum', props.maximum);
    problems.throwIfAny();
    super(`LatencyP${percentile}`, latencySignal(percentile, props.maximum));
  }
}
