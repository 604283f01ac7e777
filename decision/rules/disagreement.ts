import { cohensKappa } from '../distance/agreement';
import { oneSidedLogE } from '../evidence/one-sided';
import { disagreementLower, disagreementUpper } from '../intervals/proportion';
import { type Evidence, fail, hold, pass, type Verdict } from '../verdict';
import { Reading } from './reading';
import { readShadow, type ShadowData, type ShadowOptions } from './shadow';

/**
 * Holds the share of requests that champion and shadow answer differently under a limit: another label, or a number
 * further away than a tolerance (docs/rules/disagreement.md).
 */
export interface DisagreementRule extends ShadowOptions {
  readonly kind: 'disagreement';
  /** Largest tolerable share of different answers, 0-1. */
  readonly maximumShare: number;
}

/** What a {@link DisagreementRule} looks at. */
export interface DisagreementData extends ShadowData {
  readonly disagreements: number;
  /**
   * Pairs by the champion's class (rows) and the shadow's (columns), for the evidence: 2 % that all fall on one class
   * are another event than 2 % spread out.
   *
   * @default - no classes
   */
  readonly confusion?: readonly (readonly number[])[];
}

/** Judges the share of different answers: harm as soon as it shows, safety only when the shadow is complete. */
export function judgeDisagreement(rule: DisagreementRule, data: DisagreementData): Verdict {
  const read = new Reading();
  const limit = read.number('maximumShare', rule.maximumShare, { min: 0, max: 1, above: true, below: true });
  const shadow = readShadow(read, rule, data);
  const disagree = read.number('disagreements', data.disagreements, { min: 0, integer: true });
  if (disagree > shadow.pairs) read.problem(`disagreements must be at most pairs, got ${disagree} of ${shadow.pairs}`);
  const { doubt, early, ...seen } = shadow;
  const about: Evidence = { rule: 'disagreement', version: 1, maximumShare: limit, ...seen, disagreements: disagree };
  if (!read.sound) return read.refusal(about);
  if (doubt !== undefined) return hold(doubt, about);
  if (shadow.pairs === 0) return hold('no pairs have been seen', about);
  const n = shadow.pairs;
  const logHarm = oneSidedLogE(disagree, n, limit, 'harm');
  const logSafe = oneSidedLogE(disagree, n, limit, 'safe');
  const logHarmThreshold = Math.log(1 / shadow.alphaRollback);
  const logSafeThreshold = Math.log(1 / shadow.alphaPromote);
  const evidence: Evidence = {
    ...about,
    share: disagree / n,
    lower: disagreementLower({ disagree, n, alpha: shadow.alphaRollback }),
    upper: disagreementUpper({ disagree, n, alpha: shadow.alphaPromote }),
    logHarm,
    logHarmThreshold,
    logSafe,
    logSafeThreshold,
    kappa: kappa(data.confusion),
  };
  const said = `${disagree} of ${n} answers differ`;
  if (logHarm >= logHarmThreshold) return fail(`${said}, more than a share of ${limit}`, evidence);
  if (early !== undefined) return hold(early, evidence);
  if (logSafe >= logSafeThreshold) return pass(`${said}, less than a share of ${limit}`, evidence);
  return hold(`${said}: not enough pairs to tell that from a share of ${limit}`, evidence);
}

function kappa(confusion: unknown): number | null {
  if (!Array.isArray(confusion) || confusion.length === 0) return null;
  const square = confusion.every(
    (row) => Array.isArray(row) && row.length === confusion.length && row.every((value) => value >= 0),
  );
  return square ? cohensKappa({ matrix: confusion }) : null;
}
