import type { Verdict } from '../verdict';

/** Where a phase stands at a tick. */
export interface BakeFacts {
  /** Seconds since the phase began to be watched. */
  readonly elapsedSeconds: number;
  /** Seconds that must pass at least. */
  readonly bakeSeconds: number;
  /** Seconds after which an undecided phase is given to a person. */
  readonly deadlineSeconds: number;
  /** The verdict of all gates and alarms together. */
  readonly verdict: Verdict;
  /** Whether a person has agreed; `notNeeded` where nobody is asked. */
  readonly approval: 'notNeeded' | 'pending' | 'approved' | 'rejected';
  /** Where the traffic goes when the phase is undecided: it stays, or goes back to the champion. */
  readonly onUndecided: 'stay' | 'champion';
  /** Whether traffic may move now. */
  readonly windowOpen: boolean;
}

/**
 * What a tick says of its phase: go on; go back; stop where it is and tell a person (`hold`), or do so with the traffic on
 * the champion (`retreat`); or look again.
 */
export interface BakeDecision {
  readonly answer: 'pass' | 'fail' | 'hold' | 'retreat' | 'continue';
  readonly reason: string;
}

/**
 * What a tick means for its phase. A failed gate and a refusal end it at once; everything else waits for the bake's
 * end, and at the deadline for a person. `pass` is one condition, and everything else is not `pass`.
 */
export function decideBake(facts: BakeFacts): BakeDecision {
  const { verdict, approval, elapsedSeconds, bakeSeconds, deadlineSeconds } = facts;
  if (verdict.kind === 'fail') return { answer: 'fail', reason: verdict.reason };
  if (approval === 'rejected') return { answer: 'fail', reason: 'a person refused it' };

  const baked = elapsedSeconds >= bakeSeconds;
  const agreed = approval === 'approved' || approval === 'notNeeded';
  if (verdict.kind === 'pass' && baked && agreed && facts.windowOpen === true) {
    return { answer: 'pass', reason: verdict.reason };
  }
  // A window opens by itself: there is nothing that a person would have to decide.
  if (verdict.kind === 'pass' && baked && agreed && facts.windowOpen === false) {
    return { answer: 'continue', reason: 'the change window is closed' };
  }
  const missing = [
    ...(verdict.kind === 'pass' ? [] : [verdict.reason]),
    ...(baked ? [] : [`${Math.round(elapsedSeconds)} of ${bakeSeconds} s have passed`]),
    ...(agreed ? [] : ['approval is pending']),
    ...(facts.windowOpen === true ? [] : ['the change window is closed']),
  ].join('; ');
  // A deadline that cannot be read has passed.
  if (elapsedSeconds < deadlineSeconds) return { answer: 'continue', reason: missing };
  const answer = facts.onUndecided === 'champion' ? 'retreat' : 'hold';
  return { answer, reason: `undecided at the deadline: ${missing}` };
}

/** Seconds until the next tick: every minute for half an hour after a shift, then every five minutes. */
export function tickSeconds(elapsedSeconds: number): number {
  return elapsedSeconds < 1_800 ? 60 : 300;
}
