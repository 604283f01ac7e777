import type { Outcome, Sample } from '../outcome';

/** A stretch of time under observation. */
export interface Bake {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** A moment that every plot shows. */
export interface Mark {
  readonly atSeconds: number;
  readonly label: string;
  readonly tone: 'plain' | 'bad';
}

const BEGINS_BAKE = new Set(['BakingStarted', 'PhaseEntered']);
const ENDS_BAKE = new Set([
  'BakingPassed',
  'RollbackStarted',
  'RolloutPromoted',
  'UpdateFinished',
  'UpdateRollbackFailed',
]);

/** The bakes of a deployment, and the phases of a rollout: from each beginning to what ended it. */
export function bakesOf(outcome: Outcome): Bake[] {
  const bakes: Bake[] = [];
  let start: number | null = null;
  for (const { event, atSeconds } of outcome.timeline) {
    if (start !== null && (ENDS_BAKE.has(event) || BEGINS_BAKE.has(event))) {
      bakes.push({ fromSeconds: start, toSeconds: atSeconds });
      start = null;
    }
    if (BEGINS_BAKE.has(event)) start = atSeconds;
  }
  if (start !== null) bakes.push({ fromSeconds: start, toSeconds: outcome.totalSeconds });
  return bakes;
}

/** First bad response, first detection, rollback: what a reader looks for in each plot. */
export function marksOf(outcome: Outcome): Mark[] {
  const { onsetSeconds, detectSeconds, decideSeconds } = outcome;
  if (onsetSeconds === null) return [];
  const marks: Mark[] = [{ atSeconds: onsetSeconds, label: 'first bad', tone: 'plain' }];
  if (detectSeconds !== null) marks.push({ atSeconds: onsetSeconds + detectSeconds, label: 'seen', tone: 'bad' });
  if (decideSeconds !== null) marks.push({ atSeconds: onsetSeconds + decideSeconds, label: 'rollback', tone: 'bad' });
  return marks;
}

/**
 * Where a minute's value belongs: at the middle of that part of it in which the version had live traffic, or of all of
 * it where it had none. A share may begin and end within a minute.
 */
export function middleOf({ atSeconds, side }: Sample, shares: readonly (readonly [number, number])[]): number {
  const parts = shares.flatMap(([from, percent], i) => {
    const start = Math.max(from, atSeconds);
    const end = Math.min(shares[i + 1]?.[0] ?? from, atSeconds + 60);
    return start < end && (side === 'challenger' ? percent > 0 : percent < 100) ? [start, end] : [];
  });
  return parts.length === 0 ? atSeconds + 30 : (Math.min(...parts) + Math.max(...parts)) / 2;
}

/** The challenger's share of live traffic as steps, from 0 at the start to the end of the deployment. */
export function sharesOf(outcome: Outcome): [number, number][] {
  const steps: [number, number][] = [[0, 0]];
  for (const { atSeconds, challengerPercent } of outcome.timeline) {
    if (atSeconds >= 0 && challengerPercent !== steps[steps.length - 1][1]) steps.push([atSeconds, challengerPercent]);
  }
  steps.push([outcome.totalSeconds, steps[steps.length - 1][1]]);
  return steps;
}

/** A minute a point is a black bar over days: so many points a line can be told apart. */
const MOST_POINTS = 400;

/** Minutes that one point of a plot stands for. */
export const minutesAPoint = ({ totalSeconds }: Outcome): number => Math.ceil(totalSeconds / 60 / MOST_POINTS);

/** Samples of one side, so many minutes together: requests and errors are summed, latencies averaged over requests. */
export function pooled(samples: readonly Sample[], minutes: number): readonly Sample[] {
  if (minutes === 1) return samples;
  const pools = new Map<number, Sample>();
  for (const sample of samples) {
    const atSeconds = Math.floor(sample.atSeconds / 60 / minutes) * 60 * minutes;
    const { requests, errors, latencyP50, latencyP99 } = pools.get(atSeconds) ?? { ...sample, requests: 0, errors: 0 };
    const sum = requests + sample.requests;
    const mean = (before: number, own: number) => (before * requests + own * sample.requests) / sum;
    pools.set(atSeconds, {
      ...sample,
      atSeconds,
      requests: sum,
      errors: errors + sample.errors,
      latencyP50: mean(latencyP50, sample.latencyP50),
      latencyP99: mean(latencyP99, sample.latencyP99),
    });
  }
  return [...pools.values()];
}
