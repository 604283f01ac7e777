import type { Json } from '../services/service';
import type { AlarmRecord, Alarms } from './alarms';

/**
 * DescribeAlarms by names, prefix, state and type, in pages. Without AlarmTypes only metric alarms are described,
 * even when a composite alarm is asked for by name.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
// source: cloudwatch-describe-alarms
export function describeAlarms(alarms: Alarms, arnPrefix: string, input: Json): Json {
  const types: readonly string[] = input.AlarmTypes ?? ['MetricAlarm'];
  const names: readonly string[] | undefined = input.AlarmNames;
  const found = alarms.all().filter((alarm) => {
    if (!types.includes(alarm.metric === undefined ? 'CompositeAlarm' : 'MetricAlarm')) return false;
    if (names !== undefined && !names.includes(alarm.name)) return false;
    if (!alarm.name.startsWith(input.AlarmNamePrefix ?? '')) return false;
    return input.StateValue === undefined || alarm.state === input.StateValue;
  });
  const from = Number(input.NextToken ?? 0);
  const end = from + Number(input.MaxRecords ?? 50);
  const page = found.slice(from, end);
  return {
    MetricAlarms: page.filter((alarm) => alarm.metric !== undefined).map((alarm) => describe(alarm, arnPrefix)),
    CompositeAlarms: page.filter((alarm) => alarm.composite !== undefined).map((alarm) => describe(alarm, arnPrefix)),
    ...(end < found.length ? { NextToken: String(end) } : {}),
  };
}

function describe(alarm: AlarmRecord, arnPrefix: string): Json {
  const given: Readonly<Record<string, unknown>> = alarm.metric?.properties ?? alarm.composite?.properties ?? {};
  const { Tags: _, ...properties } = given;
  const numbers = alarm.metric === undefined ? {} : numeric(properties);
  return {
    ...properties,
    ...numbers,
    AlarmName: alarm.name,
    AlarmArn: arnPrefix + alarm.name,
    ActionsEnabled: properties.ActionsEnabled ?? true,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: alarm.updatedAt / 1000,
  };
}

/** CloudFormation takes numbers as text; the API answers numbers. */
function numeric(properties: Readonly<Record<string, unknown>>): Record<string, number> {
  const names = ['Threshold', 'Period', 'EvaluationPeriods', 'DatapointsToAlarm'];
  return Object.fromEntries(
    names.filter((name) => properties[name] !== undefined).map((name) => [name, Number(properties[name])]),
  );
}
