import { Histogram } from '../cloudwatch/histogram';
import type { RandomStream } from '../time/random';
import { multinomial } from './samplers';

/** Steps an octave: values are known to 1.5 %. */
const STEPS = 24;
/** SageMaker waits 60 seconds for a model's answer. */
const LONGEST = 60e6;
const BINS = Math.ceil(Math.log2(LONGEST) * STEPS);
/** The 99th percentile of a standard normal number. */
const Z99 = 2.3263478740408408;

/** The value that stands for a bin, in microseconds: the geometric middle. */
const MIDDLES = Float64Array.from({ length: BINS }, (_, i) => Math.min(LONGEST, 2 ** ((i + 0.5) / STEPS)));

/** Probabilities are needed for the length of one draw only. */
const SCRATCH = new Float64Array(BINS);

/** A log-normal distribution of latencies through a median and a 99th percentile, in milliseconds. */
export interface LatencyShape {
  readonly p50: number;
  readonly p99: number;
}

/** `n` latencies of this shape as CloudWatch stores them, in microseconds. */
// source: model-traffic
export function drawLatencies(random: RandomStream, n: number, { p50, p99 }: LatencyShape): Histogram {
  if (n === 0) return Histogram.EMPTY;
  const median = Math.log2(p50 * 1000) * STEPS;
  // In bins; a shape without spread falls into the bin of its median.
  const sigma = Math.max((Math.log2(p99 / p50) * STEPS) / Z99, 1e-6);
  // What lies further out counts as the outermost bin: it is rare above, and nobody asks how fast the fastest are.
  const first = clamp(Math.floor(median - 3.5 * sigma));
  const last = clamp(Math.ceil(median + 6 * sigma));
  const probabilities = SCRATCH.subarray(0, last - first + 1);
  let below = 0;
  for (let i = first; i < last; i++) {
    const upTo = standardNormalCdf((i + 1 - median) / sigma);
    probabilities[i - first] = upTo - below;
    below = upTo;
  }
  probabilities[last - first] = 1 - below;
  return Histogram.ascending(MIDDLES.subarray(first, last + 1), multinomial(random, n, probabilities));
}

/** The share of latencies of this shape that are longer than `limit` milliseconds. */
export function shareAbove(limit: number, { p50, p99 }: LatencyShape): number {
  const sigma = Math.max(Math.log(p99 / p50) / Z99, 1e-9);
  return standardNormalCdf(-Math.log(limit / p50) / sigma);
}

const clamp = (bin: number): number => Math.min(BINS - 1, Math.max(0, bin));

/**
 * The share of standard normal numbers below `z`, to 8 digits.
 *
 * @see M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 26.2.17
 */
function standardNormalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    0.3989422804014327 *
    Math.exp(-0.5 * z * z) *
    (t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)))));
  return z < 0 ? tail : 1 - tail;
}
