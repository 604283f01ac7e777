// Stands in for vitest in the bundle that mutation testing runs: whoever loads the bundle collects its tests.
export const { describe, test, expect } = globalThis.tests;
