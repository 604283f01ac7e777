import { nullDifference } from '../intervals/null-point';
import { bisect } from '../special/root';

/** Kullback-Leibler divergence of two coins, in nats: p ln(p/q) + (1-p) ln((1-p)/(1-q)). */
export function binaryDivergence(p: number, q: number): number {
  const part = (a: number, b: number) => (a === 0 ? 0 : a * Math.log(a / b));
  return part(p, q) + part(1 - p, 1 - q);
}

/**
 * Evidence that a challenger request brings on average, at the true rates and the given share of traffic, and the
 * requests until `ln(alternatives / alpha)` is reached. Agrees with simulation within about 15 %.
 */
export function eProcessGrowthAndSampleSize({
  pB,
  pA,
  share,
  margin,
  alpha,
  alternatives,
  side,
}: {
  readonly pB: number;
  readonly pA: number;
  readonly share: number;
  readonly margin: number;
  readonly alpha: number;
  readonly alternatives: number;
  readonly side: 'harm' | 'safe';
}) {
  const perRequest = (1 - share) / share;
  const outside = side === 'harm' ? pB - pA > margin : pB - pA < margin;
  const b0 = nullDifference(pB, 1, pA, perRequest, margin);
  const growth = outside ? binaryDivergence(pB, b0) + perRequest * binaryDivergence(pA, Math.max(0, b0 - margin)) : 0;
  return { natsPerCanaryRequest: growth, canaryRequests: Math.log(alternatives / alpha) / growth };
}

/** Inputs of {@link expectedDetectionRequests}. */
export interface DetectionInputs {
  readonly pB: number;
  readonly pNull: number;
  readonly alpha: number;
  readonly alternatives: number;
}

/** Requests to detect `pB` against a known limit `pNull`: Wald's bound for any sequential test, and this library's plan. */
export function expectedDetectionRequests({ pB, pNull, alpha, alternatives }: DetectionInputs) {
  const growth = binaryDivergence(pB, pNull);
  return {
    waldLowerBound: Math.log(1 / alpha) / growth,
    mixturePlanning: Math.log(alternatives / alpha) / growth,
  };
}

/** Requests a second that the challenger must get so that detection takes `minutes` on average. */
export function minCanaryRps({ minutes, ...inputs }: DetectionInputs & { readonly minutes: number }): number {
  return expectedDetectionRequests(inputs).mixturePlanning / (60 * minutes);
}

/** Consecutive periods, each breaching with chance `q`, until `M` of them come in a row: the mean number. */
export function expectedPeriodsToRun({ q, M }: { readonly q: number; readonly M: number }): number {
  return (1 - q ** M) / ((1 - q) * q ** M);
}

/** The smallest rate above `from` at which `requests(rate)` is at most `limit`; Infinity when no rate is enough. */
export function smallestRate(from: number, limit: number, requests: (rate: number) => number): number {
  if (!(requests(1) <= limit)) return Number.POSITIVE_INFINITY;
  return bisect((rate) => limit - (rate > from ? requests(rate) : Number.POSITIVE_INFINITY), from, 1);
}
