// What the counting rules compute, a second time and in plain words: null points by bisection where the product solves
// a cubic, products and sums of e-values where it adds logarithms, variances in two passes where it keeps running sums.
import type { Arm, SeriesData } from '../../../decision';

/** Events and requests of both arms in one period. */
export interface Minute {
  readonly xb: number;
  readonly nb: number;
  readonly xa: number;
  readonly na: number;
}

/** The boundary of a null hypothesis: thetaB = gain thetaA + shift. */
export interface Line {
  readonly gain: number;
  readonly shift: number;
}

export const sum = (list: readonly number[]): number => list.reduce((all, value) => all + value, 0);
export const mean = (list: readonly number[]): number => sum(list) / list.length;
const clamp = (value: number): number => Math.min(0.999, Math.max(1e-6, value));

/** A series for {@link SeriesData}: an arm without requests is left out. */
export function series(minutes: readonly Minute[], baseline?: readonly Arm[]): SeriesData {
  const arm = (x: number, n: number) => (n > 0 ? { sum: x, count: n } : null);
  return {
    periodSeconds: 60,
    asOf: minutes.length * 60,
    periods: minutes.map(({ xb, nb, xa, na }, i) => ({
      start: i * 60,
      challenger: arm(xb, nb),
      champion: arm(xa, na),
    })),
    ...(baseline === undefined ? {} : { baseline }),
  };
}

/** thetaA of the point on the line that is nearest to (b, a): where the slope of the divergence changes its sign. */
function nearest({ nb, na }: Minute, b: number, a: number, { gain, shift }: Line): number {
  let low = Math.max(0, -shift / gain);
  let high = Math.min(1, (1 - shift) / gain);
  for (let i = 0; i < 200; i++) {
    const t = (low + high) / 2;
    const g = gain * t + shift;
    const slope = (gain * nb * (g - b)) / (g * (1 - g)) + (na * (t - a)) / (t * (1 - t));
    if (slope < 0) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

/** log e-value of a block for the alternative (b, a) against a line. */
export function logEValue(minute: Minute, b: number, a: number, line: Line): number {
  const { xb, nb, xa, na } = minute;
  if (nb === 0 || na === 0) return 0;
  const t = nearest(minute, b, a, line);
  const g = line.gain * t + line.shift;
  return (
    xb * Math.log(b / g) +
    (nb - xb) * Math.log((1 - b) / (1 - g)) +
    xa * Math.log(a / t) +
    (na - xa) * Math.log((1 - a) / (1 - t))
  );
}

/** log e-values of every block against a line; alternatives are named by what they make of the champion's rate so far. */
export function twoArms(
  minutes: readonly Minute[],
  line: Line,
  alternatives: readonly ((a: number) => number)[],
  prior: { readonly events: number; readonly trials: number },
): number[][] {
  return minutes.map((minute, t) => {
    const past = minutes.slice(0, t);
    const trials = prior.trials + sum(past.map(({ na }) => na));
    if (trials === 0) return alternatives.map(() => 0);
    const a = clamp((prior.events + sum(past.map(({ xa }) => xa))) / trials);
    return alternatives.map((of) => logEValue(minute, clamp(of(a)), a, line));
  });
}

/** log likelihood ratios of the challenger alone against a fixed rate. */
export function oneArm(minutes: readonly Minute[], rate: number, alternatives: readonly number[]): number[][] {
  return minutes.map(({ xb, nb }) =>
    alternatives.map((q) => xb * Math.log(q / rate) + (nb - xb) * Math.log((1 - q) / (1 - rate))),
  );
}

/** logs of the e-process, the e-detector and the hybrid monitor after every block. */
export function gathered(blocks: readonly (readonly number[])[], factors: readonly number[], horizon: number) {
  let e = blocks[0].map(() => 1);
  let m = blocks[0].map(() => 0);
  return blocks.map((block, t) => {
    const values = block.map((log) => Math.exp(log / factors[t]));
    e = e.map((product, k) => product * values[k]);
    m = m.map((detector, k) => (1 + detector) * values[k]);
    const idle = Math.max(0, horizon - t - 1);
    return {
      logE: Math.log(mean(e)),
      logM: Math.log(mean(m)),
      logHybrid: Math.log(mean(e) / 2 + (mean(m) + idle) / horizon / 2),
    };
  });
}

/** The largest value of a list and where it was reached first. */
export function highest(list: readonly number[]): { readonly top: number; readonly at: number } {
  const top = Math.max(...list);
  return { top, at: list.indexOf(top) };
}

/** Intra-class correlation from the mean squares between and within periods; 0 unless it is `errors` errors clear. */
export function correlation(arms: readonly { readonly x: number; readonly n: number }[], errors: number): number {
  const periods = arms.filter(({ n }) => n > 0);
  if (periods.length < 30) return 0;
  const n = sum(periods.map((period) => period.n));
  const p = sum(periods.map(({ x }) => x)) / n;
  const k = periods.length;
  const between = sum(periods.map((period) => period.n * (period.x / period.n - p) ** 2)) / (k - 1);
  const within = sum(periods.map((period) => period.x * (1 - period.x / period.n))) / (n - k);
  const size = (n - sum(periods.map((period) => period.n ** 2)) / n) / (k - 1);
  if (between <= within * (1 + errors * Math.sqrt(2 / k))) return 0;
  return (between - within) / (between + (size - 1) * within);
}

/** What divides the evidence of every block, and what the verdict reports of it. */
export function tempering(minutes: readonly Minute[], baseline: readonly Arm[] = []) {
  const before = baseline.map((arm) => ({ x: arm.sum, n: arm.count }));
  const heard = (arms: readonly { readonly n: number }[]) => arms.filter(({ n }) => n > 0).length;
  const fixed = heard(before) >= 30;
  const champion = (past: readonly Minute[]) =>
    fixed ? before : [...before, ...past.map(({ xa, na }) => ({ x: xa, n: na }))];
  const harm: number[] = [];
  const safe: number[] = [];
  minutes.forEach(({ nb, na }, t) => {
    const past = minutes.slice(0, t);
    const challenger = past.map((minute) => ({ x: minute.xb, n: minute.nb }));
    const factor = (rho: number) => Math.max(1, na > 0 ? 1 + (2 * rho * nb * na) / (nb + na) : 1 + (nb - 1) * rho);
    harm.push(factor(correlation(champion(past), 0)));
    const measured = heard(champion(past)) >= 30 || heard(challenger) >= 30;
    safe.push(measured ? Math.max(harm[t], factor(correlation(challenger, 3))) : Number.POSITIVE_INFINITY);
  });
  const requests = minutes.map(({ nb }) => nb);
  return {
    harm,
    safe,
    applied: sum(requests) > 0 ? sum(requests.map((nb, t) => nb * harm[t])) / sum(requests) : 1,
    rho: correlation(champion(minutes), 0),
  };
}

/** The cluster-robust interval for yB - c yA from batches of one length. */
export function robust(
  minutes: readonly Minute[],
  c: number,
  alphas: readonly number[],
  planned: number,
  batchPeriods: number,
) {
  const whole = Math.floor(minutes.length / batchPeriods);
  const batches = Array.from({ length: whole }, (_, i) => {
    const both = minutes.slice(i * batchPeriods, (i + 1) * batchPeriods).filter(({ nb, na }) => nb > 0 && na > 0);
    const total = (key: keyof Minute) => sum(both.map((minute) => minute[key]));
    return {
      heard: both.length > 0,
      y: total('xb') / total('nb') - (c * total('xa')) / total('na'),
      w: 1 / (1 / total('nb') + c ** 2 / total('na')),
    };
  });
  const used = batches.filter(({ heard }) => heard);
  const n = used.length;
  const centre = sum(used.map(({ y, w }) => w * y)) / sum(used.map(({ w }) => w));
  const sigma2 = (sum(used.map(({ y, w }) => w * (y - centre) ** 2)) / (n - 1)) * (n / sum(used.map(({ w }) => w)));
  const pairs = batches
    .slice(1)
    .flatMap((batch, i) => (batch.heard && batches[i].heard ? [[batches[i].y, batch.y]] : []));
  const product = mean(pairs.map(([first, second]) => (first - centre) * (second - centre)));
  const autocorrelation = product / mean(used.map(({ y }) => (y - centre) ** 2));
  const best = Math.max(20, planned / 6 / batchPeriods);
  const radius = alphas.map((alpha) => {
    const log = -2 * Math.log(2 * alpha);
    const r = (log + Math.log(log + 1)) / best;
    return Math.sqrt(sigma2 * ((2 * (n * r + 1)) / (n ** 2 * r)) * Math.log(1 + Math.sqrt(n * r + 1) / (2 * alpha)));
  });
  return { mean: centre, radius, batches: n, batchPeriods, autocorrelation, sound: n >= 20 && autocorrelation < 0.1 };
}
