import { aws_cloudwatch as cloudwatch, Duration, Token } from 'aws-cdk-lib';
import { ALARM_NAME_LENGTH } from '../../decision/limits';
import { Problems } from '../private/problems';

/** A fleet to watch. */
export interface FleetProps {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The variant's name. */
  readonly variantName: string;
  /**
   * Name of the endpoint config that the fleet was launched from: its metrics are told apart by it.
   *
   * @default - every fleet of the variant, old and new together
   */
  readonly endpointConfigName?: string;
  /** Changes with every new version, so that the alarms of one rollout are never those of the last. */
  readonly fingerprint: string;
  /**
   * Requests a second that the whole variant is expected to serve.
   *
   * @default - unknown
   */
  readonly requestsPerSecond?: number;
}

/** What a latency is asked for. */
export interface LatencyMetricOptions extends cloudwatch.MetricOptions {
  /**
   * Percentile instead of another statistic, 0-100.
   *
   * @default - `statistic`, and `Average` without that
   */
  readonly percentile?: number;
}

/**
 * The instances that serve a variant: all of them, or only those launched from one endpoint config, which during a
 * deployment is the new (green) fleet.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export class Fleet {
  /** The endpoint's name. */
  public readonly endpointName: string;
  /** The variant's name. */
  public readonly variantName: string;
  /** Name of the endpoint config that the fleet was launched from; undefined for every fleet of the variant. */
  public readonly endpointConfigName?: string;
  /** Changes with every new version. */
  public readonly fingerprint: string;
  /** Requests a second that the whole variant is expected to serve; undefined when nobody said. */
  public readonly requestsPerSecond?: number;

  constructor(props: FleetProps) {
    this.endpointName = props.endpointName;
    this.variantName = props.variantName;
    this.endpointConfigName = props.endpointConfigName;
    this.fingerprint = props.fingerprint;
    this.requestsPerSecond = props.requestsPerSecond;
  }

  /** Whether this is every fleet of the variant, old and new together. */
  public get wholeVariant(): boolean {
    return this.endpointConfigName === undefined;
  }

  /** CloudWatch dimensions of the fleet's invocation metrics. */
  public get dimensions(): { [name: string]: string } {
    return {
      EndpointName: this.endpointName,
      VariantName: this.variantName,
      ...(this.endpointConfigName === undefined ? {} : { EndpointConfigName: this.endpointConfigName }),
    };
  }

  /**
   * Name for an alarm on this fleet. It ends in the fingerprint: CloudWatch keeps an alarm's state when it is updated,
   * so an alarm that kept its name would greet the next rollout with the ALARM of the last one.
   *
   * @param id tells the alarms of one fleet apart
   */
  public alarmName(id: string): string {
    const which = this.wholeVariant ? id : `${id}-fleet`;
    const known = Token.isUnresolved(this.endpointName) ? '' : this.endpointName;
    if (known.length + which.length + 16 > ALARM_NAME_LENGTH.max) {
      const problems = new Problems('RollbackAlarm');
      problems.add('AlarmNameTooLong', `id must leave the alarm's name at most ${ALARM_NAME_LENGTH.max} characters`);
      problems.throwIfAny();
    }
    return `${this.endpointName}-${which}-${this.fingerprint}`;
  }

  /** Any invocation metric of the fleet, a minute at a time. */
  public metric(metricName: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.read('AWS/SageMaker', metricName, this.dimensions, options);
  }

  /** Requests: `Sum`. */
  public metricInvocations(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric('Invocations', { statistic: 'Sum', ...options });
  }

  /** Requests for each instance: `Sum`. */
  public metricInvocationsPerInstance(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric('InvocationsPerInstance', { statistic: 'Sum', ...options });
  }

  /** Share of requests that the model answered with 4xx, 0-1: `Average`; the number of them is its `Sum`. */
  public metricClientErrors(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric('Invocation4XXErrors', { statistic: 'Average', ...options });
  }

  /** Share of requests that the model answered with 5xx, 0-1: `Average`; the number of them is its `Sum`. */
  public metricServerErrors(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric('Invocation5XXErrors', { statistic: 'Average', ...options });
  }

  /** Share of requests that did not end in 2xx, 4xx and time-outs included, 0-1: `Average`. */
  public metricInvocationModelErrors(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric('InvocationModelErrors', { statistic: 'Average', ...options });
  }

  /** Time the model took, in microseconds. */
  public metricModelLatency(options: LatencyMetricOptions = {}): cloudwatch.Metric {
    return this.metric('ModelLatency', latency(options));
  }

  /** Time SageMaker added, in microseconds. CloudWatch documents no percentiles for it. */
  public metricOverheadLatency(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric('OverheadLatency', latency(options));
  }

  /** CPU of the whole variant, percent of one core: 4 cores go up to 400. `Average`. */
  public metricCpuUtilization(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metricResource('CPUUtilization', options);
  }

  /** Memory of the whole variant, percent: `Average`. */
  public metricMemoryUtilization(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metricResource('MemoryUtilization', options);
  }

  /** Disk of the whole variant, percent: `Average`. */
  public metricDiskUtilization(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metricResource('DiskUtilization', options);
  }

  /** GPU of the whole variant, percent of one GPU: 4 GPUs go up to 400. `Average`. */
  public metricGpuUtilization(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metricResource('GPUUtilization', options);
  }

  /** GPU memory of the whole variant, percent of one GPU: 4 GPUs go up to 400. `Average`. */
  public metricGpuMemoryUtilization(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metricResource('GPUMemoryUtilization', options);
  }

  /** Any resource metric. SageMaker publishes them for a whole variant only, so the config is no dimension. */
  public metricResource(metricName: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    const { EndpointName, VariantName } = this.dimensions;
    return this.read('/aws/sagemaker/Endpoints', metricName, { EndpointName, VariantName }, options);
  }

  private read(
    namespace: string,
    metricName: string,
    dimensionsMap: { [name: string]: string },
    options: cloudwatch.MetricOptions,
  ): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace,
      metricName,
      dimensionsMap,
      period: Duration.minutes(1),
      statistic: 'Average',
      ...options,
    });
  }
}

function latency(options: LatencyMetricOptions): cloudwatch.MetricOptions {
  const { percentile, ...rest } = options;
  return {
    unit: cloudwatch.Unit.MICROSECONDS,
    ...rest,
    ...(percentile === undefined ? {} : { statistic: `p${percentile}` }),
  };
}
