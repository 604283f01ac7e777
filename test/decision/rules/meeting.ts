const view = new DataView(new ArrayBuffer(8));

/** The number that is `steps` representable numbers away from a positive one. */
function beside(value: number, steps: number): number {
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(steps));
  return view.getFloat64(0);
}

/**
 * The number nearest to `guess` for which `meets` is true: where two computed numbers are equal to the last bit, which
 * is where `<` and `<=` part.
 */
export function meeting(guess: number, meets: (value: number) => boolean): number {
  for (let steps = 0; steps < 20_000; steps++) {
    for (const value of [beside(guess, steps), beside(guess, -steps)]) if (meets(value)) return value;
  }
  throw new Error(`no number near ${guess} will do`);
}

/** The level alpha whose threshold log(1 / alpha) is exactly this. */
export function levelOf(threshold: number): number {
  return meeting(Math.exp(-threshold), (alpha) => Math.log(1 / alpha) === threshold);
}

/** The level alpha at which a gap that grows or shrinks with it is exactly 0. */
export function levelWithout(gap: (alpha: number) => number): number {
  let [low, high] = [1e-6, 0.49];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (Math.sign(gap(middle)) === Math.sign(gap(low))) low = middle;
    else high = middle;
  }
  return meeting(low, (alpha) => gap(alpha) === 0);
}
