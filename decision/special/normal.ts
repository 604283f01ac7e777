const SQRT_2PI = Math.sqrt(2 * Math.PI);

/** Density of the standard normal distribution. */
export function normalPdf({ z }: { readonly z: number }): number {
  return Math.exp((-z * z) / 2) / SQRT_2PI;
}

/** P(Z > z) for z >= 0, with a small relative error in the far tail too. */
function upperTail(z: number): number {
  if (z < 2.5) {
    // Phi(z) - 1/2 = phi(z) (z + z^3/3 + z^5/15 + ...): https://dlmf.nist.gov/7.6.E2
    let term = z;
    let sum = z;
    for (let n = 3; term > sum * 1e-17; n += 2) {
      term *= (z * z) / n;
      sum += term;
    }
    return 0.5 - normalPdf({ z }) * sum;
  }
  // Laplace's continued fraction for Mills' ratio, evaluated from its tail: https://dlmf.nist.gov/7.9
  let fraction = z;
  for (let n = 160; n >= 1; n--) fraction = z + n / fraction;
  return normalPdf({ z }) / fraction;
}

/** P(Z <= z) of the standard normal distribution; relative error below 1e-12 in both tails. */
export function normalCdf({ z }: { readonly z: number }): number {
  if (Number.isNaN(z)) return Number.NaN;
  if (z === Number.POSITIVE_INFINITY) return 1;
  if (z === Number.NEGATIVE_INFINITY) return 0;
  return z < 0 ? upperTail(-z) : 1 - upperTail(z);
}

/**
 * The z with P(Z <= z) = p. A rational start (Abramowitz & Stegun 26.2.23) and Halley steps on {@link normalCdf}.
 * -Infinity at 0, Infinity at 1, NaN outside [0, 1].
 */
export function normalQuantile({ p }: { readonly p: number }): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile({ p: 1 - p });
  const t = Math.sqrt(-2 * Math.log(p));
  let z = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  for (let i = 0; i < 4; i++) {
    const step = (normalCdf({ z }) - p) / normalPdf({ z });
    z -= step / (1 + (z * step) / 2);
  }
  return z;
}
