import { shares } from './shares';

/** Largest difference of two cumulative distributions over shared bins: Model Monitor's comparison method `Simple`. */
export function linfCdfFromBuckets({ p, q }: { readonly p: readonly number[]; readonly q: readonly number[] }): number {
  let [top, left, right] = [0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    left += p[i];
    right += q[i];
    top = Math.max(top, Math.abs(left - right));
  }
  return top;
}

/** The same less what chance explains: Model Monitor's comparison method `Robust`. */
export function linfRobust({
  linfSimple,
  n,
  m,
  cAlpha,
}: {
  readonly linfSimple: number;
  readonly n: number;
  readonly m: number;
  readonly cAlpha: number;
}): number {
  return Math.max(0, linfSimple - cAlpha * Math.sqrt((n + m) / (n * m)));
}

/** Factor of the Kolmogorov-Smirnov critical value: sqrt(-ln(alpha / 2) / 2). */
export function ksCAlpha({ alpha }: { readonly alpha: number }): number {
  return Math.sqrt(-Math.log(alpha / 2) / 2);
}

/** Kolmogorov-Smirnov distance of two samples. */
export function ks2Sample({ x, y }: { readonly x: readonly number[]; readonly y: readonly number[] }) {
  const a = Float64Array.from(x).sort();
  const b = Float64Array.from(y).sort();
  let [i, j, top] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const at = Math.min(a[i], b[j]);
    while (i < a.length && a[i] <= at) i += 1;
    while (j < b.length && b[j] <= at) j += 1;
    top = Math.max(top, Math.abs(i / a.length - j / b.length));
  }
  return { D: top };
}

/** Kolmogorov's asymptotic p-value of a distance D between samples of n and m. */
export function ksAsymptoticP({ n, m, D }: { readonly n: number; readonly m: number; readonly D: number }): number {
  const x = D * Math.sqrt((n * m) / (n + m));
  if (x < 0.04) return 1;
  let sum = 0;
  if (x < 1) {
    // The dual series converges where the first one does not (https://dlmf.nist.gov/20.7.viii).
    for (let k = 1; k < 60; k += 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let k = 1; k < 60; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return 2 * sum;
}

/** Samples with weights. */
export interface WeightedSamples {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly wx: readonly number[];
  readonly wy: readonly number[];
}

/** Wasserstein-1 distance: the area between two cumulative distributions, in the unit of the values. */
export function wasserstein1Weighted({ x, y, wx, wy }: WeightedSamples): number {
  const [px, py] = [shares(wx), shares(wy)];
  const steps = [...x.map((value, i) => ({ value, step: px[i] })), ...y.map((value, i) => ({ value, step: -py[i] }))];
  steps.sort((a, b) => a.value - b.value);
  let [area, gap] = [0, 0];
  steps.forEach(({ value, step }, i) => {
    if (i > 0) area += Math.abs(gap) * (value - steps[i - 1].value);
    gap += step;
  });
  return area;
}

/** {@link wasserstein1Weighted} of samples that all weigh the same. */
export function wasserstein1({ x, y }: { readonly x: readonly number[]; readonly y: readonly number[] }): number {
  return wasserstein1Weighted({ x, y, wx: x.map(() => 1), wy: y.map(() => 1) });
}
