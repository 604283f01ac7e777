import { aws_cloudwatch as cloudwatch, Token } from 'aws-cdk-lib';
import { FleetMetricAlarm } from '../bases/rollback-alarm';
import { requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';

/** How little traffic there may be. */
export interface TrafficLossAlarmProps {
  /** Requests a minute that the whole variant always has. */
  readonly minimumRequestsPerMinute: number;
}

/**
 * Fewer requests than the endpoint always has, or none, for eight minutes: callers that have given up. Minutes whose data
 * CloudWatch has not published yet look like silence, and that may be five of them.
 *
 * It watches the whole variant. A new fleet has no requests before its first traffic, so an alarm on it alone would
 * take back every version. On an endpoint that is idle at times it does the same: leave it out there.
 *
 * @example
 * new rollouts.TrafficLossAlarm({ minimumRequestsPerMinute: 60 });
 */
export class TrafficLossAlarm extends FleetMetricAlarm {
  constructor(props: TrafficLossAlarmProps) {
    requireKinds('TrafficLossAlarm', props, {});
    const minimum = props.minimumRequestsPerMinute;
    const problems = new Problems('TrafficLossAlarm');
    if (!Token.isUnresolved(minimum)) {
      problems.require(
        minimum > 0 && Number.isFinite(minimum),
        'RequestsOutOfRange',
        () => `minimumRequestsPerMinute must be a number above 0, got ${minimum}`,
      );
    }
    problems.throwIfAny();
    super('TrafficLoss', {
      metricName: 'Invocations',
      statistic: 'Sum',
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: minimum,
      datapointsToAlarm: 8,
      evaluationPeriods: 8,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
      perFleet: false,
    });
  }
}
