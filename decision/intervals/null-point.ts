/**
 * The point of the null boundary `thetaB - thetaA = d` that is nearest to rates `pb`, `pa` in weighted Kullback-Leibler
 * divergence `nb kl(pb, .) + na kl(pa, .)`: thetaB of it. It is Farrington and Manning's constrained maximum
 * likelihood (https://doi.org/10.1002/sim.4780091208), and also the reverse information projection that makes an
 * e-value of a block. One cubic serves the fixed-sample test and the sequential one.
 */
export function nullDifference(pb: number, nb: number, pa: number, na: number, d: number): number {
  const ratio = na / nb;
  const a = 1 + ratio;
  const b = -(1 + ratio + pb + ratio * pa + d * (ratio + 2));
  const c = d * d + d * (2 * pb + ratio + 1) + pb + ratio * pa;
  const e = -pb * d * (1 + d);
  const third = b / (3 * a);
  const v = third * third * third - (b * c) / (6 * a * a) + e / (2 * a);
  const u = (v < 0 ? -1 : 1) * Math.sqrt(Math.max(0, third * third - c / (3 * a)));
  const cosine = u === 0 ? 0 : Math.min(1, Math.max(-1, v / (u * u * u)));
  const root = 2 * u * Math.cos((Math.PI + Math.acos(cosine)) / 3) - third;
  return Math.min(Math.min(1, 1 + d), Math.max(Math.max(0, d), root));
}

/** The point of the null boundary `thetaB = ratio thetaA` nearest to the rates: thetaA of it, from a quadratic. */
export function nullRatio(pb: number, nb: number, pa: number, na: number, ratio: number): number {
  const a = (nb + na) * ratio;
  const b = nb * ratio + nb * pb + na + na * pa * ratio;
  const events = nb * pb + na * pa;
  // The smaller root, written so that it does not cancel for rare events.
  const root = (2 * events) / (b + Math.sqrt(Math.max(0, b * b - 4 * a * events)));
  return Math.min(Math.min(1, 1 / ratio), Math.max(0, root));
}
