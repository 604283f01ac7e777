import { ArnFormat, aws_cloudwatch as cloudwatch, Fn, aws_iam as iam, Stack, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { Fleet } from '../bases/fleet';
import type { RollbackAlarm } from '../bases/rollback-alarm';
import type { Hosting } from '../hosting/hosting';
import { type AlarmFacts, knownFacts, requireAlarmShape, requireReachable } from '../private/alarm-rules';
import type { Problems } from '../private/problems';
import { requireSameEnvironment } from '../private/same-environment';

const COLON = ArnFormat.COLON_RESOURCE_NAME;

/** An alarm that guards a deployment, and what is known of it. */
export interface WatchingAlarm {
  readonly alarm: cloudwatch.IAlarmRef;
  /** For people: `ErrorRate`, and `Fleet/ErrorRate` when it watches the new fleet alone. */
  readonly name: string;
  readonly facts: AlarmFacts;
}

/** Binds each alarm to each fleet; alarms that are the same for both are there once. */
export function bindAlarms(
  scope: Construct,
  rollbackAlarms: readonly RollbackAlarm[],
  fleets: { readonly [scopeId: string]: Fleet },
  problems: Problems,
): WatchingAlarm[] {
  const found = new Map<cloudwatch.IAlarmRef, WatchingAlarm>();
  for (const [scopeId, fleet] of Object.entries(fleets)) {
    const ids = new Construct(scope, scopeId);
    for (const rollbackAlarm of rollbackAlarms) {
      const alarm = rollbackAlarm.bind(ids, fleet);
      if (alarm === undefined || found.has(alarm)) continue;
      const own = alarm.node.scopes.includes(ids);
      const name = own && !fleet.wholeVariant ? `${scopeId}/${alarm.node.id}` : alarm.node.id;
      const facts = factsOf(alarm);
      found.set(alarm, { alarm, name, facts });
      if (!own) requireSameEnvironment(problems, scope, alarm, name);
      requireAlarmShape(problems, `alarm '${name}': `, facts);
      requireReachable(problems, `alarm '${name}': `, facts);
    }
  }
  return [...found.values()];
}

/** Only instances with a GPU publish what it does: an alarm on any other's can never act. */
export function requireGpu(problems: Problems, alarms: readonly WatchingAlarm[], hosting: Hosting): void {
  const { instanceType } = hosting._renderVariant('', '');
  if (instanceType === undefined || Token.isUnresolved(instanceType) || /^ml\.(p|g|gr)\d/.test(instanceType)) return;
  for (const { name, facts } of alarms) {
    problems.require(
      !(facts.namespace === '/aws/sagemaker/Endpoints' && facts.metricName?.startsWith('GPU')),
      'AlarmNeverFires',
      () =>
        `alarm '${name}' must watch what the instances have: ${facts.metricName} is of GPUs, and ${instanceType} has none`,
    );
  }
}

/** Its name; the reference of an L1 alarm would write an ARN too, which nobody reads here. */
export function nameOfAlarm(alarm: cloudwatch.IAlarmRef): string {
  return cloudwatch.CfnAlarm.isCfnAlarm(alarm) ? alarm.ref : alarm.alarmRef.alarmName;
}

/** The resource behind an alarm, if it is one of this app. */
function resourceOf(alarm: cloudwatch.IAlarmRef): cloudwatch.CfnAlarm | undefined {
  const resource: IConstruct | undefined = cloudwatch.CfnAlarm.isCfnAlarm(alarm) ? alarm : alarm.node.defaultChild;
  return cloudwatch.CfnAlarm.isCfnAlarm(resource) ? resource : undefined;
}

/** What the template says of an alarm; an imported one says nothing. */
function factsOf(alarm: cloudwatch.IAlarmRef): AlarmFacts {
  const inTree = resourceOf(alarm);
  if (inTree === undefined) return {};
  return knownFacts({
    namespace: inTree.namespace,
    metricName: inTree.metricName,
    statistic: inTree.statistic ?? inTree.extendedStatistic,
    comparisonOperator: inTree.comparisonOperator,
    threshold: inTree.threshold,
    periodSeconds: inTree.period ?? periodOfMath(inTree),
    datapointsToAlarm: inTree.datapointsToAlarm ?? inTree.evaluationPeriods,
    evaluationPeriods: inTree.evaluationPeriods,
  });
}

/** The longest period among the metrics of an expression. */
function periodOfMath(alarm: cloudwatch.CfnAlarm): number | undefined {
  if (!Array.isArray(alarm.metrics)) return undefined;
  const periods = (alarm.metrics as cloudwatch.CfnAlarm.MetricDataQueryProperty[]).flatMap((metric) => {
    const stat = metric.metricStat as cloudwatch.CfnAlarm.MetricStatProperty | undefined;
    return stat?.period === undefined ? [] : [stat.period];
  });
  return periods.length === 0 ? undefined : Math.max(...periods);
}

/**
 * Lets the containers' role read the alarms: SageMaker's guide asks it of "your IAM execution role".
 *
 * Alarms are granted by name, never by reference: the role would then wait for alarms that wait for its own model.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
export function grantAlarms(
  scope: Construct,
  grantee: iam.IGrantable,
  endpointName: string,
  alarms: readonly WatchingAlarm[],
): void {
  const stack = Stack.of(scope);
  const arn = (name: string) =>
    Token.isUnresolved(name)
      ? stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: name, arnFormat: COLON })
      : // Half as long as the Fn::Join that formatArn writes, and every endpoint has it.
        Fn.sub(`arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:${name}`);
  const isOwn = ({ alarm }: WatchingAlarm) => alarm.node.scopes.includes(scope);
  // The end of the name changes with every version, and so would the role.
  const names = alarms
    .filter(isOwn)
    .map(({ alarm }) => (resourceOf(alarm)?.alarmName === undefined ? `${stack.stackName}-*` : `${endpointName}-*`));
  const others = alarms.filter((each) => !isOwn(each)).map(({ alarm }) => alarm.alarmRef.alarmArn);
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['cloudwatch:DescribeAlarms'],
    resourceArns: [...[...new Set(names)].map(arn), ...others],
  });
}
