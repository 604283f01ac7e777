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

const ENDS_BAKE = new Set(['BakingPassed', 'RollbackStarted', 'UpdateFinished', 'UpdateRollbackFailed']);

/** The bakes of a deployment: from each `BakingStarted` to what ended it. */
export function bakesOf(outcome: Outcome): Bake[] {
  const bakes: Bake[] = [];
  let start: number | null = null;
  for (const { event, atSeconds } of outcome.timeline) {
    if (start !== null && (ENDS_BAKE.has(event) || event === 'BakingStarted')) {
      bakes.push({ fromSeconds: start, toSeconds: atSeconds });
      start = null;
    }
    if (event === 'BakingStarted') start = atSeconds;
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
