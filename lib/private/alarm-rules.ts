import {
  ALARM_WINDOW_SECONDS,
  HIGH_RESOLUTION_PERIODS,
  LONG_ALARM_WINDOW_SECONDS,
  type Range,
} from '../../decision/limits';
import type { Problems } from './problems';
import { isUnresolved } from './unresolved';

/** An alarm on one metric, as the rules look at it. What is a token or unknown is left out. */
export interface AlarmFacts {
  readonly namespace?: string;
  readonly metricName?: string;
  readonly statistic?: string;
  readonly comparisonOperator?: string;
  readonly threshold?: number;
  readonly periodSeconds?: number;
  readonly datapointsToAlarm?: number;
  readonly evaluationPeriods?: number;
}

/** Leaves out what only the deployment knows. */
export function knownFacts(facts: AlarmFacts): AlarmFacts {
  const known: { [name: string]: unknown } = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value !== undefined && !isUnresolved(value)) known[name] = value;
  }
  return known;
}

/**
 * From the first bad request until the alarm can be in ALARM, if CloudWatch published at once; undefined when the alarm
 * does not say.
 */
export function earliestAlarmSeconds({ periodSeconds, datapointsToAlarm }: AlarmFacts): number | undefined {
  return periodSeconds === undefined || datapointsToAlarm === undefined ? undefined : periodSeconds * datapointsToAlarm;
}

/** Everything that PutMetricAlarm would refuse. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
export function requireAlarmShape(problems: Problems, label: string, facts: AlarmFacts): void {
  const { threshold, periodSeconds: period, datapointsToAlarm: m, evaluationPeriods: n } = facts;
  if (threshold !== undefined) {
    problems.require(
      Number.isFinite(threshold),
      'ThresholdNotANumber',
      () => `${label}threshold must be a number, got ${threshold}`,
    );
  }
  if (period !== undefined) {
    const legal = HIGH_RESOLUTION_PERIODS.includes(period) || (period > 0 && period % 60 === 0);
    problems.require(
      legal,
      'PeriodOutOfRange',
      () => `${label}period must be 10, 20 or 30 seconds or whole minutes, got ${period} s`,
    );
  }
  for (const [noun, count] of [
    ['datapointsToAlarm', m],
    ['evaluationPeriods', n],
  ] as const) {
    if (count === undefined) continue;
    problems.require(
      Number.isInteger(count) && count >= 1,
      'DatapointsOutOfRange',
      () => `${label}${noun} must be a whole number of at least 1, got ${count}`,
    );
  }
  if (m !== undefined && n !== undefined) {
    problems.require(
      m <= n,
      'DatapointsOutOfRange',
      () => `${label}datapointsToAlarm must be at most evaluationPeriods, got ${m} of ${n}`,
    );
  }
  if (period !== undefined && n !== undefined) {
    const most = period < 3600 ? ALARM_WINDOW_SECONDS : LONG_ALARM_WINDOW_SECONDS;
    problems.require(
      period * n <= most,
      'WindowTooLong',
      () => `${label}period x evaluationPeriods must be at most ${most} s, got ${period} s x ${n} = ${period * n} s`,
    );
  }
}

const STATISTICS: readonly string[] = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount', 'IQM'];
const BETWEEN = /^(TM|WM|TC|TS|PR)\([\d.]*%?:[\d.]*%?\)$/;
const OPERATORS: readonly string[] = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
];

/**
 * Words that PutMetricAlarm would refuse, or that belong to anomaly detection.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function requireAlarmMetric(problems: Problems, facts: AlarmFacts): void {
  const { namespace, metricName, statistic, comparisonOperator: operator } = facts;
  for (const [noun, text] of Object.entries({ namespace, metricName })) {
    problems.require(
      text === undefined || /^[^:\s].{0,254}$/.test(text),
      'MetricName',
      () => `${noun} must be 1 to 255 characters, not beginning with a colon, got '${text}'`,
    );
  }
  problems.require(
    statistic === undefined || isStatistic(statistic),
    'AlarmStatistic',
    () => `statistic must be one that CloudWatch knows, such as Average, Sum, p99 or tm95, got '${statistic}'`,
  );
  problems.require(
    operator === undefined || OPERATORS.includes(operator),
    'AlarmOperator',
    () => `comparisonOperator must be one of ${OPERATORS.join(', ')}, got ${operator}, which compares with a band`,
  );
}

function isStatistic(statistic: string): boolean {
  const [, percent] = /^(?:p|tm|wm|tc|ts)(\d{1,3}(?:\.\d{1,10})?)$/.exec(statistic) ?? [];
  return STATISTICS.includes(statistic) || BETWEEN.test(statistic) || Number(percent) <= 100;
}

/**
 * An alarm whose threshold lies outside of what its metric can be never acts, or always does; AWS's own sample alarm
 * (`Average` of `Invocation4XXErrors` over 1) is one of the first kind.
 */
export function requireReachable(problems: Problems, label: string, facts: AlarmFacts): void {
  const { threshold, comparisonOperator: operator, metricName, statistic } = facts;
  const values = valuesOf(facts);
  if (values === undefined || threshold === undefined || operator === undefined) return;
  const within = `the ${statistic} of ${metricName} is ${values.max === Infinity ? `at least ${values.min}` : `between ${values.min} and ${values.max}`}`;
  const [never, always] = extremes(operator, threshold, values);
  const compared = `${operator} ${threshold}`;
  const slip = never && values.max === 1 && threshold <= 100 ? `, did you mean ${threshold / 100}?` : '';
  problems.require(
    !never,
    'AlarmNeverFires',
    () => `${label}threshold must be one that can be crossed: ${within}, so ${compared} never fires${slip}`,
  );
  problems.require(
    !always,
    'AlarmAlwaysFires',
    () => `${label}threshold must be one that a good model keeps: ${within}, so ${compared} always fires`,
  );
}

/** An hour, which asynchronous inference may take; SageMaker gives up on others within minutes. */
const LONGEST_ANSWER_MICROSECONDS = 3_600e6;

/** What the statistic of a metric can be; undefined where we do not know the metric. */
function valuesOf({ namespace, metricName, statistic }: AlarmFacts): Range | undefined {
  if (namespace !== 'AWS/SageMaker' && namespace !== '/aws/sagemaker/Endpoints') return undefined;
  if (metricName === undefined || statistic === undefined) return undefined;
  const perRequest = ['Invocation4XXErrors', 'Invocation5XXErrors', 'InvocationModelErrors'].includes(metricName);
  const ofOneSample = ['Average', 'Minimum', 'Maximum'].includes(statistic) || /^(p|tm|wm)\d/.test(statistic);
  if (!ofOneSample) return { min: 0, max: Infinity };
  return { min: 0, max: perRequest ? 1 : metricName === 'ModelLatency' ? LONGEST_ANSWER_MICROSECONDS : Infinity };
}

function extremes(operator: string, threshold: number, { min, max }: Range): [never: boolean, always: boolean] {
  switch (operator) {
    case 'GreaterThanThreshold':
      return [threshold >= max, threshold < min];
    case 'GreaterThanOrEqualToThreshold':
      return [threshold > max, threshold <= min];
    case 'LessThanThreshold':
      return [threshold <= min, threshold > max];
    case 'LessThanOrEqualToThreshold':
      return [threshold < min, threshold >= max];
    default:
      return [false, false];
  }
}
