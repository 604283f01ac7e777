import { conditionalBinomialLogE, sampleRatioMismatch } from '../evidence/count-ratio';
import { clopperPearsonCi } from '../intervals/proportion';
import { hold, pass, type Verdict } from '../verdict';
import { Reading } from './reading';

/**
 * Checks that traffic was really split as configured. A broken split makes every comparison doubtful, so the answer is
 * `hold`, never `fail`: nothing is known about the model (docs/rules/sample-ratio.md).
 */
export interface SampleRatioRule {
  readonly kind: 'sampleRatio';
  /** The challenger's configured share of traffic, 0-1. */
  readonly challengerShare: number;
  /** Chance of calling a sound split broken, over every look. @default 0.001 */
  readonly alpha?: number;
  /** With fewer requests in all the rule holds. @default 1000 */
  readonly minimumRequests?: number;
}

/** Requests that each arm received since its share last changed. */
export interface SampleRatioData {
  readonly challenger: number;
  readonly champion: number;
}

/** Judges the split by an e-value that may be looked at every minute; the chi-square test is shown beside it. */
export function judgeSampleRatio(rule: SampleRatioRule, data: SampleRatioData): Verdict {
  const read = new Reading();
  const open = { min: 0, max: 1, above: true, below: true };
  const share = read.number('challengerShare', rule.challengerShare, open);
  const alpha = read.number('alpha', rule.alpha, open, 0.001);
  const least = read.number('minimumRequests', rule.minimumRequests, { min: 1 }, 1000);
  const whole = { min: 0, max: 1e12, integer: true };
  const challenger = read.number('challenger', data.challenger, whole);
  const champion = read.number('champion', data.champion, whole);
  const about = { rule: 'sampleRatio', version: 1, challengerShare: share, alpha, challenger, champion };
  if (!read.sound) return read.refusal(about);
  const requests = challenger + champion;
  if (requests < least) return hold(`${requests} requests are fewer than the ${least} that the rule needs`, about);
  // A prior worth a thousand requests around the configured share finds a split that is off by a fifth or more.
  const logE = conditionalBinomialLogE({
    xb: challenger,
    nTotal: requests,
    pi0: share,
    a: 1000 * share,
    b: 1000 * (1 - share),
  });
  const logEThreshold = Math.log(1 / alpha);
  const evidence = {
    ...about,
    ...sampleRatioMismatch({ challenger, champion, share }),
    logE,
    logEThreshold,
    interval95: clopperPearsonCi({ x: challenger, n: requests, conf: 0.95 }),
  };
  const seen = `${challenger} of ${requests} requests`;
  if (logE < logEThreshold) return pass(`the challenger got ${seen}, as configured`, evidence);
  return hold(`the traffic split is broken: the challenger got ${seen}, its share should be ${share}`, evidence);
}
