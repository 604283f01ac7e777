import { Annotations, type aws_sagemaker as sagemaker, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { RolloutPlan } from '../bases/rollout-plan';
import { earliestAlarmSeconds } from '../private/alarm-rules';
import { wholeSeconds } from '../private/durations';
import type { WatchingAlarm } from './rollback-watch';

/** From the end of a minute until its data points can be read. AWS does not say; this is what we assume. */
export const METRIC_LAG_SECONDS = 120;
/** What a bad version may cost before it is noticed. */
export const DETECTION_BUDGET_SECONDS = 300;

/** The least that a fleet takes to launch, as we have seen it said; SageMaker promises nothing. */
const LAUNCH_SECONDS = 600;

/** Warns of alarms that are legal and will not help, and shows the arithmetic. */
export function warnOfReach(
  scope: Construct,
  plan: RolloutPlan,
  alarms: readonly WatchingAlarm[],
  requestsPerSecond: number | undefined,
): void {
  const bakes = plan.steps.map(({ bake }) => (bake.isUnresolved() ? Number.POSITIVE_INFINITY : wholeSeconds(bake)));
  const longest = Math.max(...bakes);
  for (const { name, facts } of alarms) {
    const { periodSeconds: period, datapointsToAlarm: datapoints } = facts;
    const earliest = earliestAlarmSeconds(facts);
    if (earliest !== undefined) {
      const needed = earliest + METRIC_LAG_SECONDS;
      const sum = `${datapoints} x ${period} s + ${METRIC_LAG_SECONDS} s until data can be read = ${needed} s`;
      if (needed > longest) {
        warn(
          scope,
          'alarmOutlastsBake',
          `alarm '${name}' cannot fire inside any bake: ${sum}, the longest is ${longest} s`,
        );
      } else if (needed > bakes[0]) {
        warn(
          scope,
          'alarmOutlastsFirstBake',
          `alarm '${name}' cannot fire inside the first bake: ${sum}, it is ${bakes[0]} s`,
        );
      }
      if (needed > DETECTION_BUDGET_SECONDS) {
        warn(scope, 'slowDetection', `alarm '${name}' is slow: ${sum}, more than ${DETECTION_BUDGET_SECONDS} s`);
      }
    }
    const percentile = Number(/^p(\d+(\.\d+)?)$/.exec(facts.statistic ?? '')?.[1]);
    if (requestsPerSecond === undefined || period === undefined || !(percentile > 0)) continue;
    const samples = Math.floor(requestsPerSecond * period);
    const enough = Math.ceil(Math.round(1e6 / (100 - percentile)) / 1e4);
    if (samples < enough) {
      warn(
        scope,
        'fewSamples',
        `alarm '${name}' never has enough requests for a ${facts.statistic}: ${requestsPerSecond} a second x ${period} s = ${samples}, below ${enough} it is the slowest request`,
      );
    }
  }
}

/** Warns of a plan that is legal and will not go as it reads. */
export function warnOfPlan(
  scope: Construct,
  plan: RolloutPlan,
  deploymentConfig: sagemaker.CfnEndpoint.DeploymentConfigProperty,
  { autoScaled, shadowed }: { readonly autoScaled: boolean; readonly shadowed: boolean },
): void {
  const rounded = plan.steps.find(({ percent, effectivePercent }) => Math.abs(percent - effectivePercent) >= 1);
  if (rounded !== undefined) {
    const real = Math.round(rounded.effectivePercent * 10) / 10;
    warn(
      scope,
      'effectivePercent',
      `${rounded.percent} % of the fleet is really ${real} %: only whole instances shift`,
    );
  }
  if (shadowed && deploymentConfig.rollingUpdatePolicy !== undefined) {
    warn(
      scope,
      'rollingWithShadow',
      'SageMaker supports rolling deployments of one variant only, and does not say whether a shadow is a second one: use a blue/green strategy, or rehearse on AWS first',
    );
  }
  const timeout = timeoutOf(deploymentConfig);
  const baked = plan.totalBake?.toSeconds();
  if (timeout !== undefined && baked !== undefined && timeout < baked + LAUNCH_SECONDS) {
    const sum = `all bakes, ${baked} s, and ${LAUNCH_SECONDS} s to launch the new fleet`;
    warn(
      scope,
      'timeoutTooShort',
      `maximumExecutionTimeout, ${timeout} s, is less than ${sum}: a good version goes back`,
    );
  }
  if (autoScaled && JSON.stringify(deploymentConfig).includes('INSTANCE_COUNT')) {
    warn(
      scope,
      'instancesUnderAutoScaling',
      'a size in instances is another share after each scaling, and SageMaker refuses the deployment when it is too large: use CapacitySize.percent',
    );
  }
}

/** The ids are stable: users acknowledge warnings by them. */
function warn(scope: Construct, id: string, text: string): void {
  Annotations.of(scope).addWarningV2(`cdk-sagemaker-rollouts:${id}`, text);
}

function timeoutOf(config: sagemaker.CfnEndpoint.DeploymentConfigProperty): number | undefined {
  const blueGreen = config.blueGreenUpdatePolicy as sagemaker.CfnEndpoint.BlueGreenUpdatePolicyProperty | undefined;
  const rolling = config.rollingUpdatePolicy as sagemaker.CfnEndpoint.RollingUpdatePolicyProperty | undefined;
  const timeout = blueGreen?.maximumExecutionTimeoutInSeconds ?? rolling?.maximumExecutionTimeoutInSeconds;
  return timeout === undefined || Token.isUnresolved(timeout) ? undefined : timeout;
}
