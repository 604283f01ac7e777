import { type PointRule, TREATMENTS, type TreatMissingData } from './evaluate-points';
import type { Dimension } from './metric';
import {
  type CompiledQueries,
  compileQueries,
  type MetricDataQuery,
  type MetricReading,
  returnsData,
} from './metric-query';

/** `AWS::CloudWatch::Alarm` as CloudFormation has it, with every reference resolved. Numbers may be strings. */
export interface MetricAlarmProperties {
  readonly AlarmName: string;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number | string;
  readonly DatapointsToAlarm?: number | string;
  readonly Threshold?: number | string;
  readonly TreatMissingData?: string;
  readonly EvaluateLowSampleCountPercentile?: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Period?: number | string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Unit?: string;
  readonly Metrics?: readonly MetricDataQuery[];
  readonly [other: string]: unknown;
}

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Properties that would change what an alarm says, and that are not rehearsed: refused, never ignored. */
const UNKNOWN = [
  'ThresholdMetricId',
  'EvaluationCriteria',
  'EvaluationInterval',
  'EvaluationWindow',
  'WarmUpConfiguration',
];

/** What an alarm watches and how it judges, checked once. */
export interface MetricAlarm {
  readonly properties: MetricAlarmProperties;
  readonly periodSeconds: number;
  /** Seconds between two evaluations. */
  readonly everySeconds: number;
  readonly rule: PointRule;
  readonly threshold: number;
  readonly breaches: (value: number, threshold: number) => boolean;
  readonly queries: CompiledQueries;
  /** The query whose points are compared. */
  readonly watched: string;
  /** A percentile that is not judged while a period has too few samples for it. */
  readonly needsSamplesFor: MetricReading | undefined;
}

/** Checks an alarm. Every problem is told to `problem`. */
// source: cloudwatch-alarm-evaluation
export function defineAlarm(properties: MetricAlarmProperties, problem: (message: string) => void): MetricAlarm {
  for (const name of UNKNOWN) {
    if (properties[name] !== undefined) problem(`the alarm property ${name} is not rehearsed`);
  }
  const queries = compileQueries(queriesOf(properties), problem);
  const watched = watchedQuery(properties, problem);
  const metrics = [...queries.metrics.values()];
  const periodSeconds = metrics[0]?.periodSeconds ?? Number(properties.Period);
  if (metrics.some((metric) => metric.periodSeconds !== periodSeconds))
    problem('all metrics of an alarm must have one period');
  const isPeriod = [10, 20, 30].includes(periodSeconds) || (periodSeconds >= 60 && periodSeconds % 60 === 0);
  if (!isPeriod) problem(`the period must be 10, 20, 30 or a multiple of 60 seconds, received ${periodSeconds}`);
  const evaluationPeriods = Number(properties.EvaluationPeriods);
  const datapointsToAlarm = Number(properties.DatapointsToAlarm ?? evaluationPeriods);
  const whole = Number.isInteger(evaluationPeriods) && Number.isInteger(datapointsToAlarm);
  if (!(whole && datapointsToAlarm >= 1 && datapointsToAlarm <= evaluationPeriods)) {
    problem(`DatapointsToAlarm must be 1 to EvaluationPeriods, received ${datapointsToAlarm} of ${evaluationPeriods}`);
  }
  const longest = periodSeconds >= 3600 ? 604_800 : 86_400;
  if (periodSeconds * evaluationPeriods > longest) {
    problem(
      `Period times EvaluationPeriods must be at most ${longest} s, received ${periodSeconds * evaluationPeriods}`,
    );
  }
  const treatMissingData = (properties.TreatMissingData ?? 'missing') as TreatMissingData;
  if (!TREATMENTS.includes(treatMissingData)) problem(`TreatMissingData must be one of ${TREATMENTS.join(', ')}`);
  const breaches = COMPARISONS[properties.ComparisonOperator];
  if (breaches === undefined) problem(`the ComparisonOperator ${properties.ComparisonOperator} is not rehearsed`);
  const threshold = Number(properties.Threshold ?? Number.NaN);
  if (Number.isNaN(threshold)) problem('Threshold must be a number');
  const few = properties.EvaluateLowSampleCountPercentile ?? 'evaluate';
  if (few !== 'evaluate' && few !== 'ignore')
    problem(`EvaluateLowSampleCountPercentile must be evaluate or ignore, received ${few}`);
  return {
    properties,
    periodSeconds,
    everySeconds: periodSeconds < 60 ? 10 : 60,
    rule: { evaluationPeriods, datapointsToAlarm, treatMissingData },
    threshold,
    breaches,
    queries,
    watched,
    needsSamplesFor: few === 'ignore' ? queries.metrics.get(watched) : undefined,
  };
}

function queriesOf(properties: MetricAlarmProperties): readonly MetricDataQuery[] {
  if (properties.Metrics !== undefined) return properties.Metrics;
  const { Namespace, MetricName, Dimensions, Unit, Period, Statistic, ExtendedStatistic } = properties;
  const Stat = Statistic ?? ExtendedStatistic ?? 'none';
  return [
    { Id: 'm', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: Number(Period), Stat, Unit } },
  ];
}

function watchedQuery(properties: MetricAlarmProperties, problem: (message: string) => void): string {
  if (properties.Metrics === undefined) return 'm';
  const returned = properties.Metrics.filter(returnsData);
  if (returned.length !== 1) problem(`exactly one query of an alarm must return data, received ${returned.length}`);
  return returned[0]?.Id ?? 'm';
}
