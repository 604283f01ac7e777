// Mutation testing of the rules that decide, run by night: node scripts/judgement-mutants.mjs [file ...]
// Never part of npm test: it runs the tests of decision/ once for every change it makes to the sources.
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts' },
  mutate: ['decision/rules/*.ts', 'decision/evidence/*.ts', 'decision/algebra.ts'],
  ignorePatterns: [
    '/dist',
    '/docs',
    '/cdk.out',
    '/pkg',
    '/bench/synth',
    '/lambda',
    '/lib',
    '/bin',
    '/rehearsal/report',
  ],
  // Words for people are not what decides.
  mutator: { excludedMutations: ['StringLiteral'] },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 20_000,
  tempDirName: 'dist/stryker',
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: 'dist/mutants.json' },
  clearTextReporter: { allowColor: false, logTests: false, allowEmojis: false },
  thresholds: { high: 100, low: 95, break: null },
};
