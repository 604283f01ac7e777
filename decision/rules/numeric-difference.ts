import { asymptoticCsRadius } from '../evidence/asymptotic';
import { type Evidence, fail, hold, pass, type Verdict } from '../verdict';
import { Reading } from './reading';
import { readShadow, type ShadowData, type ShadowOptions } from './shadow';

/**
 * Holds the mean difference between the shadow's and the champion's numbers under a limit, by a confidence sequence for
 * paired differences (docs/rules/numeric-difference.md). It sees a shift of all answers; single far-off answers are for
 * the `disagreement` rule with a tolerance.
 */
export interface NumericDifferenceRule extends ShadowOptions {
  readonly kind: 'numericDifference';
  /** Largest tolerable mean difference in either direction, in the unit of the answers. */
  readonly maximumBias: number;
}

/** What a {@link NumericDifferenceRule} looks at. */
export interface NumericDifferenceData extends ShadowData {
  /** Mean of shadow less champion over the pairs. */
  readonly meanDifference: number;
  /** Standard deviation of that difference. */
  readonly standardDeviation: number;
}

/** Judges the mean difference: harm as soon as it shows, safety only when the shadow is complete. */
export function judgeNumericDifference(rule: NumericDifferenceRule, data: NumericDifferenceData): Verdict {
  const read = new Reading();
  const limit = read.number('maximumBias', rule.maximumBias, { min: 0, max: 1e12, above: true });
  const mean = read.number('meanDifference', data.meanDifference);
  const sigma = read.number('standardDeviation', data.standardDeviation, { min: 0 });
  const { doubt, early, ...shadow } = readShadow(read, rule, data);
  const about: Evidence = {
    rule: 'numericDifference',
    version: 1,
    maximumBias: limit,
    ...shadow,
    meanDifference: mean,
    standardDeviation: sigma,
  };
  if (!read.sound) return read.refusal(about);
  if (doubt !== undefined) return hold(doubt, about);
  // The interval is asymptotic: a handful of pairs may not even fail a shadow.
  if (shadow.pairs < 100) return hold(`${shadow.pairs} pairs are fewer than the 100 that an interval needs`, about);
  // Both directions are looked at, so each gets half of alpha.
  const radius = (alpha: number) =>
    asymptoticCsRadius({ sigma, t: shadow.pairs, tOpt: shadow.minimumRequests, alpha: alpha / 2, sided: 1 }).radius;
  const evidence = {
    ...about,
    radiusRollback: radius(shadow.alphaRollback),
    radiusPromote: radius(shadow.alphaPromote),
  };
  const size = Math.abs(mean);
  if (size - evidence.radiusRollback > limit)
    return fail(`answers differ by ${mean} on average, more than ${limit}`, evidence);
  if (early !== undefined) return hold(early, evidence);
  if (size + evidence.radiusPromote <= limit)
    return pass(`answers differ by ${mean} on average, within ${limit}`, evidence);
  return hold(`answers differ by ${mean} on average: not enough pairs to tell that from ${limit}`, evidence);
}
