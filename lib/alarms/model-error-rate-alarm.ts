import { aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Fleet } from '../bases/fleet';
import { RollbackAlarm } from '../bases/rollback-alarm';
import { requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';
import { requireRate } from '../private/signals';

/** How many failures a model may have. */
export interface ModelErrorRateAlarmProps {
  /**
   * Share of requests, 0-1, that may end in anything but 2xx and 4xx.
   *
   * @default 0.02
   */
  readonly maximumRate?: number;
}

/**
 * Too many requests that the model failed, time-outs and broken connections included, which `Invocation5XXErrors` does
 * not see. `InvocationModelErrors` counts client errors too, so they are taken off by metric math.
 *
 * SageMaker does not promise that guardrails take alarms on metric math: use it beside an `ErrorRateAlarm`.
 *
 * @example
 * new rollouts.ModelErrorRateAlarm({ maximumRate: 0.05 });
 */
export class ModelErrorRateAlarm extends RollbackAlarm {
  private readonly maximumRate: number;

  constructor(props: ModelErrorRateAlarmProps = {}) {
    super();
    requireKinds('ModelErrorRateAlarm', props, {});
    this.maximumRate = props.maximumRate ?? 0.02;
    const problems = new Problems('ModelErrorRateAlarm');
    requireRate(problems, 'maximumRate', this.maximumRate);
    problems.throwIfAny();
  }

  public bind(scope: Construct, fleet: Fleet): cloudwatch.IAlarmRef | undefined {
    const dimensions = Object.entries(fleet.dimensions).map(([name, value]) => ({ name, value }));
    const average = (id: string, metricName: string) => ({
      id,
      metricStat: { metric: { namespace: 'AWS/SageMaker', metricName, dimensions }, period: 60, stat: 'Average' },
      returnData: false,
    });
    return new cloudwatch.CfnAlarm(scope, 'ModelErrorRate', {
      alarmName: fleet.alarmName('ModelErrorRate'),
      metrics: [
        { id: 'rate', expression: 'failed - FILL(client, 0)', returnData: true },
        average('failed', 'InvocationModelErrors'),
        average('client', 'Invocation4XXErrors'),
      ],
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: this.maximumRate,
      datapointsToAlarm: 2,
      evaluationPeriods: 5,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}
