import { normalCdf, normalQuantile } from '../special/normal';
import { bisect } from '../special/root';
import { nullDifference, nullRatio } from './null-point';
import { wilsonCi } from './proportion';

/** Events and trials of the challenger (b) and the champion (a). */
export interface TwoProportions {
  readonly xb: number;
  readonly nb: number;
  readonly xa: number;
  readonly na: number;
}

/**
 * Farrington and Manning's score test of `thetaB - thetaA = margin`: the null point, z, and both one-sided p-values:
 * `pHarm` small says worse than tolerated, `pSafe` small says within what is tolerated.
 */
export function farringtonManning({ xb, nb, xa, na, margin }: TwoProportions & { readonly margin: number }) {
  const pb = xb / nb;
  const pa = xa / na;
  const thetaB0 = nullDifference(pb, nb, pa, na, margin);
  const thetaA0 = thetaB0 - margin;
  const variance = (thetaB0 * (1 - thetaB0)) / nb + (thetaA0 * (1 - thetaA0)) / na;
  const z = quotient(pb - pa - margin, Math.sqrt(Math.max(0, variance)));
  return { thetaB0, thetaA0, z, pHarm: normalCdf({ z: -z }), pSafe: normalCdf({ z }) };
}

/** The same test of `thetaB = ratio thetaA`. */
export function farringtonManningRatio({ xb, nb, xa, na, ratio }: TwoProportions & { readonly ratio: number }) {
  const thetaA0 = nullRatio(xb / nb, nb, xa / na, na, ratio);
  const thetaB0 = ratio * thetaA0;
  const variance = (thetaB0 * (1 - thetaB0)) / nb + (ratio * ratio * thetaA0 * (1 - thetaA0)) / na;
  const z = quotient(xb / nb - (ratio * xa) / na, Math.sqrt(Math.max(0, variance)));
  return { thetaB0, thetaA0, z };
}

function quotient(a: number, b: number): number {
  if (b > 0) return a / b;
  return a === 0 ? 0 : Math.sign(a) * Number.POSITIVE_INFINITY;
}

/** Differences whose score test with `factor` times z is not rejected at confidence `conf`. */
function invert(counts: TwoProportions, conf: number, factor: number): [number, number] {
  const z = normalQuantile({ p: (1 + conf) / 2 });
  const difference = counts.xb / counts.nb - counts.xa / counts.na;
  const score = (margin: number) => farringtonManning({ ...counts, margin }).z * factor;
  return [bisect((d) => score(d) - z, -1, difference), bisect((d) => score(d) + z, difference, 1)];
}

/** Interval for the difference by inverting {@link farringtonManning}, also known as Mee's. */
export function farringtonManningCi({ conf, ...counts }: TwoProportions & { readonly conf: number }): [number, number] {
  return invert(counts, conf, 1);
}

/** Miettinen and Nurminen's interval: the variance carries N/(N - 1) (https://doi.org/10.1002/sim.4780040211). */
export function miettinenNurminenCi({ conf, ...counts }: TwoProportions & { readonly conf: number }): [number, number] {
  const total = counts.nb + counts.na;
  return invert(counts, conf, Math.sqrt((total - 1) / total));
}

/**
 * Newcombe's hybrid score interval, method 10 (https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I):
 * the interval that evidence displays, because it never degenerates at zero counts.
 */
export function newcombeCi({ xb, nb, xa, na, conf }: TwoProportions & { readonly conf: number }): [number, number] {
  const [pb, pa] = [xb / nb, xa / na];
  const [lowB, highB] = wilsonCi({ x: xb, n: nb, conf });
  const [lowA, highA] = wilsonCi({ x: xa, n: na, conf });
  const d = pb - pa;
  return [d - Math.hypot(pb - lowB, highA - pa), d + Math.hypot(highB - pb, pa - lowA)];
}

/** Katz's log interval for the ratio of two proportions, used for disparate impact; [0, Infinity] at zero counts. */
export function katzCi({ xb, nb, xa, na, conf }: TwoProportions & { readonly conf: number }): [number, number] {
  if (!(xb > 0 && xa > 0)) return [0, Number.POSITIVE_INFINITY];
  const z = normalQuantile({ p: (1 + conf) / 2 });
  const ratio = xb / nb / (xa / na);
  const spread = Math.exp(z * Math.sqrt(Math.max(0, 1 / xb - 1 / nb + 1 / xa - 1 / na)));
  return [ratio / spread, ratio * spread];
}
