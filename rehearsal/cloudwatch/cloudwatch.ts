import { AwsError } from '../services/aws-error';
import type { AwsService, Json } from '../services/service';
import type { AlarmState, AlarmTransition } from './alarm-state';
import { Alarms, type AlarmsOptions, type CompositeAlarmProperties } from './alarms';
import { describeAlarms } from './describe-alarms';
import { getMetricData } from './get-metric-data';
import type { MetricAlarmProperties } from './metric-alarm';
import { putMetricData } from './put-metric-data';

export interface CloudWatchOptions extends AlarmsOptions {
  /** @default 'us-east-1' */
  readonly region?: string;
  /** @default '123456789012' */
  readonly accountId?: string;
}

/** The embedded CloudWatch: alarms as CloudFormation makes them, and the API's operations on metrics and alarms. */
export class CloudWatch implements AwsService {
  public readonly name = 'cloudwatch';
  private readonly alarms: Alarms;
  private readonly arnPrefix: string;

  public constructor(private readonly options: CloudWatchOptions) {
    this.alarms = new Alarms(options);
    const { region = 'us-east-1', accountId = '123456789012' } = options;
    this.arnPrefix = `arn:aws:cloudwatch:${region}:${accountId}:alarm:`;
  }

  /** `AWS::CloudWatch::Alarm`: creates it, or changes it and keeps its state. */
  public putMetricAlarm(properties: MetricAlarmProperties): void {
    this.checked(() => this.alarms.putMetricAlarm(properties));
  }

  /** `AWS::CloudWatch::CompositeAlarm`. */
  public putCompositeAlarm(properties: CompositeAlarmProperties): void {
    this.checked(() => this.alarms.putCompositeAlarm(properties));
  }

  public deleteAlarms(names: readonly string[]): void {
    this.alarms.delete(names);
  }

  /** Sets an alarm's state by hand, as SetAlarmState does; its next evaluation may change it again. */
  public setState(alarmName: string, state: AlarmState, reason: string): void {
    this.checked(() => this.alarms.setState(alarmName, state, reason));
  }

  /** The level of an alarm now; `undefined` when there is no such alarm. */
  public state(alarmName: string): AlarmState | undefined {
    return this.alarms.get(alarmName)?.state;
  }

  /** What an alarm watches: one metric, metric math, or other alarms; `undefined` when there is no such alarm. */
  public kind(alarmName: string): 'metric' | 'math' | 'composite' | undefined {
    const alarm = this.alarms.get(alarmName);
    if (alarm?.composite !== undefined) return 'composite';
    if (alarm?.metric === undefined) return undefined;
    return alarm.metric.queries.expressions.size > 0 ? 'math' : 'metric';
  }

  public alarmArn(alarmName: string): string {
    return this.arnPrefix + alarmName;
  }

  public onTransition(listener: (transition: AlarmTransition) => void): void {
    this.alarms.onTransition(listener);
  }

  public get transitions(): readonly AlarmTransition[] {
    return this.alarms.transitions;
  }

  /** Named metric alarms are asked for one by one; composite alarms are shown only to who may see every alarm. */
  // source: cloudwatch-describe-scope
  public resourcesOf(operation: string, input: Json): readonly string[] {
    const named = operation === 'DescribeAlarms' && input.AlarmTypes?.join() === 'MetricAlarm';
    return named && input.AlarmNames?.length > 0 ? input.AlarmNames.map((name: string) => this.alarmArn(name)) : ['*'];
  }

  // source: cloudwatch-errors
  public invoke(operation: string, input: Json): Json {
    const { store, clock } = this.options;
    switch (operation) {
      case 'DescribeAlarms':
        return describeAlarms(this.alarms, this.arnPrefix, input);
      case 'GetMetricData':
        return this.checked(() => getMetricData(store, clock.now(), input));
      case 'PutMetricData':
        return this.checked(() => putMetricData(store, clock.now(), input));
      case 'PutMetricAlarm':
        return this.checked(() => this.alarms.putMetricAlarm(input)) ?? {};
      case 'PutCompositeAlarm':
        return this.checked(() => this.alarms.putCompositeAlarm(input)) ?? {};
      case 'DeleteAlarms':
        this.alarms.delete(input.AlarmNames ?? []);
        return {};
      case 'SetAlarmState':
        if (this.alarms.get(input.AlarmName) === undefined) {
          throw new AwsError('ResourceNotFound', `alarm ${input.AlarmName} does not exist`, 404);
        }
        this.alarms.setState(input.AlarmName, input.StateValue, input.StateReason ?? '');
        return {};
      default:
        throw new AwsError('UnknownOperationException', `the embedded CloudWatch does not know ${operation}`);
    }
  }

  private checked<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof AwsError) throw error;
      throw new AwsError('ValidationError', (error as Error).message);
    }
  }
}
