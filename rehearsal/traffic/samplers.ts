import type { RandomStream } from '../time/random';

/**
 * Exact samplers. Binomial and Poisson numbers are drawn by inversion where few are expected, and by transformed
 * rejection elsewhere.
 *
 * @see W. Hörmann, The generation of binomial random variates (1993), and The transformed rejection method for
 * generating Poisson random variables (1993); G. Marsaglia and W. Tsang, A simple method for generating gamma
 * variables (2000)
 */

/** Below this mean, inversion. */
const FEW = 10;

/** ln(k!) beyond Stirling's formula at k + 1/2. */
const STIRLING = new Float64Array(10);
for (let k = 0, logFactorial = 0; k < 10; k++) {
  if (k > 0) logFactorial += Math.log(k);
  STIRLING[k] = logFactorial - ((k + 0.5) * Math.log(k + 1) - (k + 1) + 0.5 * Math.log(2 * Math.PI));
}

function stirling(k: number): number {
  if (k < 10) return STIRLING[k];
  const square = (k + 1) * (k + 1);
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

/** How many of `n` independent trials succeed, each with probability `p`. */
export function binomial(random: RandomStream, n: number, p: number): number {
  if (!(n > 0 && p > 0)) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomial(random, n, 1 - p);
  return n * p < FEW ? binomialByInversion(random, n, p) : binomialByRejection(random, n, p);
}

function binomialByInversion(random: RandomStream, n: number, p: number): number {
  const odds = p / (1 - p);
  let probability = Math.exp(n * Math.log1p(-p));
  let u = random();
  let k = 0;
  while (u > probability && k < n) {
    u -= probability;
    k++;
    probability *= (odds * (n - k + 1)) / k;
  }
  return k;
}

function binomialByRejection(random: RandomStream, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const c = n * p + 0.5;
  const vr = 0.92 - 4.2 / b;
  const odds = p / (1 - p);
  const alpha = (2.83 + 5.1 / b) * spread;
  const m = Math.floor((n + 1) * p);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + c);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || k > n) continue;
    const bound =
      (m + 0.5) * Math.log((m + 1) / (odds * (n - m + 1))) +
      (n + 1) * Math.log((n - m + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      (stirling(m) + stirling(n - m) - stirling(k) - stirling(n - k));
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= bound) return k;
  }
}

/** How many events of a Poisson process with this mean. */
export function poisson(random: RandomStream, mean: number): number {
  if (!(mean > 0)) return 0;
  return mean < FEW ? poissonByInversion(random, mean) : poissonByRejection(random, mean);
}

function poissonByInversion(random: RandomStream, mean: number): number {
  let probability = Math.exp(-mean);
  let u = random();
  let k = 0;
  while (u > probability && probability > 0) {
    u -= probability;
    k++;
    probability *= mean / k;
  }
  return k;
}

function poissonByRejection(random: RandomStream, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const vr = 0.9277 - 3.6224 / (b - 2);
  const logMean = Math.log(mean);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const logFactorial = (k + 0.5) * Math.log(k + 1) - (k + 1) + 0.5 * Math.log(2 * Math.PI) + stirling(k);
    if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= k * logMean - mean - logFactorial) return k;
  }
}

/** How `n` trials fall into categories of these probabilities; what they lack to 1 is a last, silent category. */
export function multinomial(random: RandomStream, n: number, probabilities: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(probabilities.length);
  let left = n;
  let mass = 1;
  for (let i = 0; i < counts.length && left > 0; i++) {
    const p = probabilities[i];
    if (p > 0) {
      counts[i] = p >= mass ? left : binomial(random, left, p / mass);
      left -= counts[i];
      mass -= p;
    }
  }
  return counts;
}

/** A standard normal number. */
export function normal(random: RandomStream): number {
  // 1 - u is never 0.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A gamma number with this shape and scale 1: its mean and its variance are `shape`. */
export function gamma(random: RandomStream, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A beta number with this mean; variance is mean (1 - mean) / (concentration + 1). */
export function beta(random: RandomStream, mean: number, concentration: number): number {
  if (!(mean > 0)) return 0;
  if (mean >= 1) return 1;
  const a = gamma(random, mean * concentration);
  const b = gamma(random, (1 - mean) * concentration);
  // Shapes close to zero can both underflow; then it is one end or the other.
  if (a + b === 0) return random() < mean ? 1 : 0;
  return a / (a + b);
}
