import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { RolloutPlan } from '../bases/rollout-plan';
import { wholeSeconds } from '../private/durations';
import type { WatchingAlarm } from './rollback-watch';

/** From the end of a minute until its data points can be read. AWS does not say; this is what we assume. */
export const METRIC_LAG_SECONDS = 120;
/** What a bad version may cost before it is noticed. */
export const DETECTION_BUDGET_SECONDS = 300;

/** Warns of alarms that are legal and will not help, and shows the arithmetic. */
export function warnOfReach(
  scope: Construct,
  plan: RolloutPlan,
  alarms: readonly WatchingAlarm[],
  requestsPerSecond: number | undefined,
): void {
  const warn = (id: string, text: string) =>
    Annotations.of(scope).addWarningV2(`cdk-sagemaker-rollouts:${id}`, text);
  const bakes = plan.steps.map(({ bake }) => (bake.isUnresolved() ? Number.POSITIVE_INFINITY : wholeSeconds(bake)));
  const longest = Math.max(...bakes);
  for (const { label, facts } of alarms) {
    const { periodSeconds: period, datapointsToAlarm: datapoints } = facts;
    if (period !== undefined && datapoints !== undefined) {
      const needed = period * datapoints + METRIC_LAG_SECONDS;
      const sum = `${datapoints} x ${period} s + ${METRIC_LAG_SECONDS} s until data can be read = ${needed} s`;
      if (needed > longest) {
        warn('alarmOutlastsBake', `alarm '${label}' cannot fire inside any bake: ${sum}, the longest is ${longest} s`);
      } else if (needed > bakes[0]) {
        warn('alarmOutlastsFirstBake', `alarm '${label}' cannot fire inside the first bake: ${sum}, it is ${bakes[0]} s`);
      }
      if (needed > DETECTION_BUDGET_SECONDS) {
        warn('slowDetection', `alarm '${label}' is slow: ${sum}, more than ${DETECTION_BUDGET_SECONDS} s`);
      }
    }
    const percentile = Number(/^p(\d+(\.\d+)?)$/.exec(facts.statistic ?? '')?.[1]);
    if (requestsPerSecond === undefined || period === undefined || !(percentile > 0)) continue;
    const samples = Math.floor(requestsPerSecond * period);
    const enough = Math.ceil(Math.round(1e6 / (100 - percentile)) / 1e4);
    if (samples < enough) {
      warn(
        'fewSamples',
        `alarm '${label}' never has enough requests for a ${facts.statistic}: ${requestsPerSecond} a second x ${period} s = ${samples}, below ${enough} it is the slowest request`,
      );
    }
  }
}
