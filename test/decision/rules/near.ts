import { expect } from 'vitest';

/** The same keys, words and lists, and numbers that agree to nine digits. */
export function expectNear(actual: unknown, expected: unknown, path = 'evidence'): void {
  if (typeof expected === 'number') {
    const allowed = 1e-9 * Math.max(1e-3, Math.abs(expected));
    expect(typeof actual, path).toBe('number');
    expect(Math.abs((actual as number) - expected) <= allowed, `${path}: ${actual}, not ${expected}`).toBe(true);
  } else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual as object).sort(), path).toEqual(Object.keys(expected).sort());
    for (const [key, value] of Object.entries(expected)) {
      expectNear((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
    }
  } else expect(actual, path).toBe(expected);
}
