// Mutation testing of what judges a rollout, run by night: node scripts/judgement-mutants.mjs [file ...]
// Never part of npm test: it runs tests of decision/ once for every change it makes to the sources.
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'tests-in-one-process',
  plugins: ['./scripts/mutation/tests-in-one-process.mjs'],
  buildCommand: [
    'esbuild test/decision/mutation.ts --bundle --platform=node --format=esm --ignore-annotations',
    '--log-level=error --alias:vitest=./scripts/mutation/collected-vitest.mjs --outfile=test/decision/mutation.mjs',
  ].join(' '),
  ignorePatterns: ['/bench', '/bin', '/cdk.out', '/dist', '/docs', '/lambda', '/lib', '/pkg', '/rehearsal/report'],
  coverageAnalysis: 'perTest',
  concurrency: 1,
  timeoutMS: 20_000,
  checkers: [],
  tempDirName: 'dist/stryker',
  reporters: [],
};
