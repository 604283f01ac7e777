import type { Duration } from 'aws-cdk-lib';
import { FleetMetricAlarm } from '../bases/rollback-alarm';
import { requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';
import { microseconds, requirePositive } from '../private/signals';

/** How much time may be lost around the model. */
export interface OverheadAlarmProps {
  /** What the average overhead of a request may be. */
  readonly maximum: Duration;
}

/**
 * Too much time spent by SageMaker around the model, on average, in three minutes of six: a sign of payloads or
 * connections that have changed. CloudWatch documents no percentiles for it.
 *
 * @example
 * new rollouts.OverheadAlarm({ maximum: Duration.millis(100) });
 */
export class OverheadAlarm extends FleetMetricAlarm {
  constructor(props: OverheadAlarmProps) {
    requireKinds('OverheadAlarm', props, {});
    const problems = new Problems('OverheadAlarm');
    requirePositive(problems, 'maximum', props.maximum);
    problems.throwIfAny();
    super('Overhead', {
      metricName: 'OverheadLatency',
      threshold: microseconds(props.maximum),
      datapointsToAlarm: 3,
      evaluationPeriods: 6,
    });
  }
}
