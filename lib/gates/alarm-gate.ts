import { aws_cloudwatch as cloudwatch, aws_iam as iam } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Gate, GateBinding, type GateContext, GateEvaluator, GatePhase, WatchAbility } from '../bases/gate';
import { requireGateName } from '../private/gate-rules';
import { Problems } from '../private/problems';
import { requireSameEnvironment } from '../private/same-environment';

/** Which alarms must be OK. */
export interface AlarmGateProps {
  /** Alarms in the account and region of the deployment, 1-100; composite ones too. */
  readonly alarms: cloudwatch.IAlarmRef[];
  /**
   * Its name among the gates of a deployment.
   *
   * @default 'Alarm'
   */
  readonly gateName?: string;
}

/**
 * Goes on only while every alarm is OK, whatever it measures: a queue, a database, a partner's service.
 *
 * It reads levels, not edges: an alarm that was in ALARM before the rollout began stops it too, and one without data
 * lets nothing pass.
 *
 * @example
 * declare const refunds: cloudwatch.Alarm;
 * new rollouts.AlarmGate({ alarms: [refunds] });
 */
export class AlarmGate extends Gate {
  public readonly gateName: string;
  public readonly phases = [GatePhase.STAGE, GatePhase.WATCH];
  public readonly watchAbility = WatchAbility.ALONE;

  constructor(private readonly props: AlarmGateProps) {
    super();
    this.gateName = props.gateName ?? 'Alarm';
    const problems = new Problems('AlarmGate');
    requireGateName(problems, this.gateName);
    problems.require(
      props.alarms.length >= 1 && props.alarms.length <= 100,
      'GateAlarmCount',
      () => `alarms must name 1 to 100 alarms, got ${props.alarms.length}`,
    );
    problems.throwIfAny();
  }

  public bind(scope: Construct, context: GateContext): GateBinding {
    const problems = new Problems('AlarmGate');
    for (const alarm of this.props.alarms) {
      requireSameEnvironment(problems, scope as Construct, alarm, alarm.alarmRef.alarmName);
    }
    problems.throwIfAny(scope);
    const arns = this.props.alarms.map((alarm) => alarm.alarmRef.alarmArn);
    // CloudWatch shows composite alarms only to those who may see every alarm:
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
    const composite = this.props.alarms.some(isComposite);
    return new GateBinding({
      evaluator: GateEvaluator.JUDGE,
      definition: {
        kind: 'alarm',
        id: this.gateName,
        alarms: this.props.alarms.map((alarm) => alarm.alarmRef.alarmName),
      },
      statements: [
        new iam.PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: composite ? ['*'] : arns }),
      ],
    });
  }
}

function isComposite(alarm: cloudwatch.IAlarmRef): boolean {
  return alarm instanceof cloudwatch.CompositeAlarm || alarm instanceof cloudwatch.CfnCompositeAlarm;
}
