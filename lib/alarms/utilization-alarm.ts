import { Token } from 'aws-cdk-lib';
import { FleetMetricAlarm } from '../bases/rollback-alarm';
import { requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';

/** How much of a resource may be in use. */
export interface UtilizationAlarmProps {
  /** Share of the resource that may be in use, more than 0 and less than 100 percent. */
  readonly maximumPercent: number;
  /**
   * How many of the resource an instance has: CPU cores, or GPUs. SageMaker adds them up, 4 cores go up to 400 %.
   *
   * @default 1
   */
  readonly unitsPerInstance?: number;
}

/**
 * Instances that run out of something, in three minutes of six. SageMaker publishes these metrics for the whole
 * variant, old and new fleet together, so there is one alarm and not two.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 * @example
 * rollouts.UtilizationAlarm.cpu({ maximumPercent: 85, unitsPerInstance: 4 });
 */
export class UtilizationAlarm extends FleetMetricAlarm {
  /** CPU, of all cores. */
  public static cpu(props: UtilizationAlarmProps): UtilizationAlarm {
    return new UtilizationAlarm('CPUUtilization', props);
  }

  /** Memory. */
  public static memory(props: UtilizationAlarmProps): UtilizationAlarm {
    return new UtilizationAlarm('MemoryUtilization', props);
  }

  /** Disk. Data capture stops when it is nearly full. */
  public static disk(props: UtilizationAlarmProps): UtilizationAlarm {
    return new UtilizationAlarm('DiskUtilization', props);
  }

  /** GPU, of all GPUs. */
  public static gpu(props: UtilizationAlarmProps): UtilizationAlarm {
    return new UtilizationAlarm('GPUUtilization', props);
  }

  /** GPU memory, of all GPUs. */
  public static gpuMemory(props: UtilizationAlarmProps): UtilizationAlarm {
    return new UtilizationAlarm('GPUMemoryUtilization', props);
  }

  private constructor(metricName: string, props: UtilizationAlarmProps) {
    requireKinds('UtilizationAlarm', props, {});
    const units = props.unitsPerInstance ?? 1;
    const problems = new Problems('UtilizationAlarm');
    problems.require(
      !Token.isUnresolved(props.maximumPercent) && props.maximumPercent > 0 && props.maximumPercent < 100,
      'PercentOutOfRange',
      () => `maximumPercent must be a known number, more than 0 and less than 100, got ${props.maximumPercent}`,
    );
    problems.require(
      Number.isInteger(units) && units >= 1,
      'UnitsOutOfRange',
      () => `unitsPerInstance must be a whole number of at least 1, got ${units}`,
    );
    problems.throwIfAny();
    super(metricName, {
      namespace: '/aws/sagemaker/Endpoints',
      metricName,
      threshold: props.maximumPercent * units,
      datapointsToAlarm: 3,
      evaluationPeriods: 6,
    });
  }
}
