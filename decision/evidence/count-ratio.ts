import { logBeta } from '../special/beta';
import { chiSquareUpper } from '../special/gamma';

/** Share of all events that falls on the challenger when its rate is `rateRatio` times the champion's. */
export function nullShare({
  challengerShare: w,
  rateRatio,
}: {
  readonly challengerShare: number;
  readonly rateRatio: number;
}) {
  return (w * rateRatio) / (w * rateRatio + 1 - w);
}

/**
 * log e-value against "each of `nTotal` events falls on the challenger with chance `pi0`", a Beta(a, b) mixture (Lindon &
 * Malek 2022, https://arxiv.org/abs/2011.03567). Valid at every look.
 */
export function conditionalBinomialLogE({
  xb,
  nTotal,
  pi0,
  a,
  b,
}: {
  readonly xb: number;
  readonly nTotal: number;
  readonly pi0: number;
  readonly a: number;
  readonly b: number;
}): number {
  const rest = nTotal - xb;
  return logBeta({ a: a + xb, b: b + rest }) - logBeta({ a, b }) - xb * Math.log(pi0) - rest * Math.log1p(-pi0);
}

/** Chi-square test (one degree of freedom) that traffic was split as configured; alarm at p below 0.001. */
export function sampleRatioMismatch({
  challenger,
  champion,
  share,
}: {
  readonly challenger: number;
  readonly champion: number;
  readonly share: number;
}) {
  const total = challenger + champion;
  const chi2 = (challenger - total * share) ** 2 / (total * share * (1 - share));
  return { chi2, p: chiSquareUpper({ x: chi2, df: 1 }) };
}
