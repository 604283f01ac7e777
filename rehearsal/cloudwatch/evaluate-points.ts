import type { AlarmState } from './alarm-state';

export const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
/** What stands for a data point that is missing. */
export type TreatMissingData = (typeof TREATMENTS)[number];

/** The rule of an alarm: M of N. */
export interface PointRule {
  /** N: `EvaluationPeriods`. */
  readonly evaluationPeriods: number;
  /** M: `DatapointsToAlarm`. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
}

/**
 * The state after one evaluation. `points` are those of the evaluation range, which is longer than N, oldest first:
 * breaching, not breaching, or missing (`undefined`).
 *
 * Real points decide alone when there are N of them, from however far back in the range; otherwise every real point
 * counts and the treatment fills up to N. A lone old breaching point followed only by missing ones alarms, a fresh
 * one does not yet: the next point may be good.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
// source: cloudwatch-missing-data
export function evaluatePoints(
  points: readonly (boolean | undefined)[],
  rule: PointRule,
  current: AlarmState,
): AlarmState {
  const real = points.filter((point) => point !== undefined).slice(-rule.evaluationPeriods);
  const breaching = real.filter((point) => point).length;
  if (breaching >= rule.datapointsToAlarm) return 'ALARM';
  const missing = rule.evaluationPeriods - real.length;
  if (missing === 0) return 'OK';
  switch (rule.treatMissingData) {
    case 'breaching':
      return breaching + missing >= rule.datapointsToAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return breaching < real.length ? 'OK' : current;
    case 'missing': {
      if (real.length === 0) return 'INSUFFICIENT_DATA';
      if (breaching < real.length) return 'OK';
      const ageOfOldest = points.length - points.indexOf(true);
      return ageOfOldest >= rule.datapointsToAlarm ? 'ALARM' : current;
    }
  }
}
