export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A change of an alarm's state, at the time it became visible to DescribeAlarms and EventBridge. */
export interface AlarmTransition {
  readonly alarmName: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly from: AlarmState;
  readonly to: AlarmState;
  /** One sentence in CloudWatch's manner. */
  readonly reason: string;
}
