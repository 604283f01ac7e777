import { aws_cloudwatch as cloudwatch, Duration, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { knownFacts, requireAlarmMetric, requireAlarmShape, requireReachable } from '../private/alarm-rules';
import { wholeSeconds } from '../private/durations';
import { requireKinds } from '../private/kinds';
import { Problems } from '../private/problems';
import { errorRateSignal, latencySignal, requirePositive, requireRate } from '../private/signals';
import type { Fleet } from './fleet';

/** A metric of a fleet, and when it takes the new version back. */
export interface FleetMetricProps {
  /** The metric's name, such as `OverheadLatency`. */
  readonly metricName: string;
  /** What the statistic is compared with, in the metric's own unit: latencies are microseconds. */
  readonly threshold: number;
  /**
   * The metric's namespace. Invocation metrics are in `AWS/SageMaker`, resource metrics in `/aws/sagemaker/Endpoints`.
   *
   * @default 'AWS/SageMaker'
   */
  readonly namespace?: string;
  /**
   * Statistic of one period: `Average`, `Sum`, `p99`, ...
   *
   * @default 'Average'
   */
  readonly statistic?: string;
  /**
   * How the statistic is compared with the threshold.
   *
   * @default ComparisonOperator.GREATER_THAN_THRESHOLD
   */
  readonly comparisonOperator?: cloudwatch.ComparisonOperator;
  /**
   * Length of one data point.
   *
   * @default Duration.minutes(1)
   */
  readonly period?: Duration;
  /**
   * Data points of the last `evaluationPeriods` that must breach.
   *
   * @default 2
   */
  readonly datapointsToAlarm?: number;
  /**
   * How many of the last periods are looked at. CloudWatch may publish a minute's data five minutes late, and sees no
   * point that is older than these periods.
   *
   * @default - three more than `datapointsToAlarm`
   */
  readonly evaluationPeriods?: number;
  /**
   * Requests a second, as `Hosting` declares them, below which one data point more must breach, of two periods more:
   * a few unlucky requests are a bad minute there.
   *
   * @default - `datapointsToAlarm` at any traffic
   */
  readonly patientBelow?: number;
  /**
   * What a period without data counts as. SageMaker sends errors and latencies with each request, so a quiet minute
   * has none; an alarm that stays without data says nothing to a guardrail.
   *
   * @default TreatMissingData.NOT_BREACHING
   */
  readonly treatMissingData?: cloudwatch.TreatMissingData;
  /**
   * Whether the metric exists for one fleet of a variant (dimension `EndpointConfigName`). Resource metrics do not.
   *
   * @default - true in `AWS/SageMaker`, else false
   */
  readonly perFleet?: boolean;
}

/** What the recommended alarms allow. */
export interface RecommendedAlarmsProps {
  /**
   * Share of requests, 0-1, that the model may answer with 5xx.
   *
   * @default 0.02
   */
  readonly errorRate?: number;
  /**
   * What the 99th percentile of the model's latency may be.
   *
   * @default - latency is not watched: nobody but you knows what is slow
   */
  readonly latencyP99?: Duration;
}

/**
 * A signal that takes a new version back.
 *
 * Override `bind` for one of your own. It is called once for each fleet to watch, any number of times in all, and
 * keeps no state.
 */
export abstract class RollbackAlarm {
  /**
   * Errors and slowness, each on the new fleet alone and on the whole variant: the first sees a small canary clearly,
   * the second works also where SageMaker never publishes metrics by fleet.
   *
   * They use neither metric math nor composite alarms, because nothing promises that guardrails take those.
   */
  public static recommended(props: RecommendedAlarmsProps = {}): RollbackAlarm[] {
    requireKinds('RollbackAlarm.recommended', props, {});
    const problems = new Problems('RollbackAlarm.recommended');
    const rate = props.errorRate ?? 0.02;
    requireRate(problems, 'errorRate', rate);
    const latency = props.latencyP99;
    if (latency !== undefined) requirePositive(problems, 'latencyP99', latency);
    problems.throwIfAny();
    return [
      new FleetMetricAlarm('ErrorRate', errorRateSignal(rate)),
      ...(latency === undefined ? [] : [new FleetMetricAlarm('LatencyP99', latencySignal(99, latency))]),
    ];
  }

  /**
   * Any metric that SageMaker publishes for the endpoint.
   *
   * @param id tells the alarms of one endpoint apart, and stays when the threshold changes
   */
  public static fleetMetric(id: string, props: FleetMetricProps): RollbackAlarm {
    return new FleetMetricAlarm(id, props);
  }

  /** An alarm that exists already; it must be in the endpoint's account and region. */
  public static fromAlarm(alarm: cloudwatch.IAlarmRef): RollbackAlarm {
    return new ExistingAlarm(alarm);
  }

  /**
   * Makes the alarm for a fleet, with `fleet.alarmName(...)` as its name.
   *
   * @returns the alarm, or nothing where the signal does not exist for that fleet
   */
  public abstract bind(scope: Construct, fleet: Fleet): cloudwatch.IAlarmRef | undefined;
}

/**
 * An alarm on one metric of a fleet: what the ready-made signals are, and what `RollbackAlarm.fleetMetric` makes.
 *
 * @example
 * new rollouts.FleetMetricAlarm('Overhead', { metricName: 'OverheadLatency', threshold: 100_000 });
 */
export class FleetMetricAlarm extends RollbackAlarm {
  private readonly namespace: string;
  private readonly statistic: string;
  private readonly comparisonOperator: string;
  private readonly period: Duration;
  private readonly datapointsToAlarm: number;
  private readonly evaluationPeriods: number;

  /**
   * @param id tells the alarms of one endpoint apart
   */
  constructor(
    private readonly id: string,
    private readonly props: FleetMetricProps,
  ) {
    super();
    requireKinds(`RollbackAlarm '${id}'`, { ...props, id }, KINDS);
    this.namespace = props.namespace ?? 'AWS/SageMaker';
    this.statistic = props.statistic ?? 'Average';
    this.comparisonOperator = props.comparisonOperator ?? cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD;
    this.period = props.period ?? Duration.minutes(1);
    this.datapointsToAlarm = props.datapointsToAlarm ?? 2;
    this.evaluationPeriods = props.evaluationPeriods ?? this.datapointsToAlarm + 3;
    const problems = new Problems(`RollbackAlarm '${id}'`);
    problems.require(
      props.threshold !== undefined,
      'ThresholdNotANumber',
      () => 'threshold must be a number, got nothing',
    );
    const { treatMissingData } = props;
    problems.require(
      treatMissingData === undefined || Object.values(cloudwatch.TreatMissingData).includes(treatMissingData),
      'UnknownWord',
      () =>
        `treatMissingData must be one of ${Object.values(cloudwatch.TreatMissingData).join(', ')}, got '${treatMissingData}'`,
    );
    const facts = knownFacts({
      namespace: this.namespace,
      metricName: props.metricName,
      statistic: this.statistic,
      comparisonOperator: this.comparisonOperator,
      threshold: props.threshold,
      periodSeconds: wholeSeconds(this.period),
      datapointsToAlarm: this.datapointsToAlarm,
      evaluationPeriods: this.evaluationPeriods,
    });
    problems.require(
      ALARM_ID.test(id) && !Token.isUnresolved(id),
      'AlarmId',
      () => `id must be a text of one line that is known at synth, got '${id}'`,
    );
    requireAlarmShape(problems, '', facts);
    requireAlarmMetric(problems, facts);
    const { patientBelow } = props;
    problems.require(
      patientBelow === undefined || patientBelow >= 0 || Token.isUnresolved(patientBelow),
      'PatientBelow',
      () => `patientBelow must be requests a second of at least 0, got ${patientBelow}`,
    );
    requireReachable(problems, '', facts);
    problems.throwIfAny();
  }

  public bind(scope: Construct, fleet: Fleet): cloudwatch.IAlarmRef | undefined {
    const perFleet = this.props.perFleet ?? this.namespace === 'AWS/SageMaker';
    if (!perFleet && !fleet.wholeVariant) return undefined;
    if (scope.node.tryFindChild(this.id) !== undefined) {
      const problems = new Problems('RollbackAlarm');
      problems.add('AlarmIds', `ids of the alarms of one endpoint must differ, got '${this.id}' twice`);
      problems.throwIfAny(scope);
    }
    const patient = this.isPatientWith(fleet);
    return new cloudwatch.CfnAlarm(scope, this.id, {
      alarmName: fleet.alarmName(this.id),
      namespace: this.namespace,
      metricName: this.props.metricName,
      dimensions: Object.entries(fleet.dimensions).map(([name, value]) => ({ name, value })),
      ...(SIMPLE_STATISTICS.includes(this.statistic)
        ? { statistic: this.statistic }
        : { extendedStatistic: this.statistic }),
      period: wholeSeconds(this.period),
      comparisonOperator: this.comparisonOperator,
      threshold: this.props.threshold,
      datapointsToAlarm: this.datapointsToAlarm + (patient ? 1 : 0),
      evaluationPeriods: this.evaluationPeriods + (patient ? 2 : 0),
      treatMissingData: this.props.treatMissingData ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private isPatientWith({ requestsPerSecond }: Fleet): boolean {
    const { patientBelow } = this.props;
    if (patientBelow === undefined || requestsPerSecond === undefined) return false;
    return !Token.isUnresolved(requestsPerSecond) && requestsPerSecond < patientBelow;
  }
}

const KINDS = { id: 'text', metricName: 'text', namespace: 'text?', period: 'Duration?' } as const;

/** A part of the alarm's name, which a guardrail takes on one line and not blank. */
const ALARM_ID = /^(?=.*\S)\P{Cc}+$/u;

const SIMPLE_STATISTICS: readonly string[] = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'];

class ExistingAlarm extends RollbackAlarm {
  constructor(private readonly alarm: cloudwatch.IAlarmRef) {
    super();
    requireKinds('RollbackAlarm', { alarm }, { alarm: 'IAlarmRef' });
  }

  public bind(scope: Construct, fleet: Fleet): cloudwatch.IAlarmRef | undefined {
    return this.alarm;
  }
}
