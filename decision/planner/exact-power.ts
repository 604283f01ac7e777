import { farringtonManning } from '../intervals/difference';
import { binomialPmf } from '../special/binomial';
import { normalQuantile } from '../special/normal';

/** Exact power of Farrington and Manning's one-look test, by enumeration of every outcome that is not negligible. */
export function fmNonInferiorityPowerExact({
  nb,
  na,
  pB,
  pA,
  margin,
  alpha,
}: {
  readonly nb: number;
  readonly na: number;
  readonly pB: number;
  readonly pA: number;
  readonly margin: number;
  readonly alpha: number;
}): number {
  const reach = (n: number, p: number): [number, number] => {
    const spread = 9 * Math.sqrt(n * p * (1 - p)) + 12;
    return [Math.max(0, Math.floor(n * p - spread)), Math.min(n, Math.ceil(n * p + spread))];
  };
  const [lowB, highB] = reach(nb, pB);
  const [lowA, highA] = reach(na, pA);
  const chanceB = Array.from({ length: highB - lowB + 1 }, (_, i) => binomialPmf({ k: lowB + i, n: nb, p: pB }));
  const limit = normalQuantile({ p: alpha });
  let power = 0;
  for (let xa = lowA; xa <= highA; xa++) {
    const chance = binomialPmf({ k: xa, n: na, p: pA });
    // z falls with fewer errors of the challenger: sum up to the largest count that still passes.
    for (let xb = lowB; xb <= highB; xb++) {
      if (farringtonManning({ xb, nb, xa, na, margin }).z > limit) break;
      power += chance * chanceB[xb - lowB];
    }
  }
  return power;
}
