/**
 * Root of a function that changes sign between `low` and `high`, by bisection to the last bit: slow, but it cannot
 * miss. When there is no change of sign, the end whose value is nearer to 0 comes back.
 */
export function bisect(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  const atLow = f(a);
  const atHigh = f(b);
  if (atLow === 0) return a;
  if (atHigh === 0) return b;
  if (atLow < 0 === atHigh < 0) return Math.abs(atLow) < Math.abs(atHigh) ? a : b;
  for (let i = 0; i < 200; i++) {
    const middle = a + (b - a) / 2;
    if (middle === a || middle === b) return middle;
    if (f(middle) < 0 === atLow < 0) a = middle;
    else b = middle;
  }
  return a + (b - a) / 2;
}

/**
 * Lower real branch of Lambert's W, the solution w <= -1 of w exp(w) = y, for y in [-1/e, 0)
 * (https://dlmf.nist.gov/4.13). NaN elsewhere.
 */
export function lambertWm1(y: number): number {
  if (!(y >= -Math.exp(-1) && y < 0)) return Number.NaN;
  // In logarithms the equation is ln(-w) + w = ln(-y), which is monotone for w <= -1.
  const target = Math.log(-y);
  return bisect((w) => Math.log(-w) + w - target, 2 * target - 2, -1);
}
