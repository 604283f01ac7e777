import { defineConfig } from 'vitest/config';

/** The quick tests of decision/ alone, without the bundles that the constructs need. */
export default defineConfig({
  test: {
    include: ['test/decision/**/*.test.ts'],
    exclude: [
      'test/decision/{purity,calibration,vectors}.test.ts',
      'test/decision/rules/docs.test.ts',
      'test/decision/planner/**',
    ],
    testTimeout: 60_000,
  },
});
