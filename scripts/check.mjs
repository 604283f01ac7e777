// Everything CI needs, one step after the other; each prints only when it fails. Closes with 'N passed, N failed'.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const env = { ...process.env, FORCE_COLOR: '0', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' };
const report = 'dist/vitest.json';

const steps = [
  ['format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ['types', ['node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.json']],
  [
    'import fences',
    [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      'decision',
      'lib',
      'lambda',
      'rehearsal',
      'bin',
      '--config',
      '.dependency-cruiser.cjs',
    ],
  ],
  ['build (jsii, bundles)', ['scripts/build.mjs']],
  ['unit tests', ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${report}`]],
];

let passed = 0;
let failed = 0;
for (const [name, args] of steps) {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8', maxBuffer: 1 << 28 });
  const good = status === 0;
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (!good) console.log(stdout + stderr);
  if (name === 'unit tests') {
    const tests = JSON.parse(readFileSync(report, 'utf8'));
    console.log(
      `     ${tests.numPassedTests} tests passed, ${tests.numFailedTests} did not, in ${tests.numTotalTestSuites} suites`,
    );
    for (const file of tests.testResults) {
      for (const test of file.assertionResults) {
        if (test.status !== 'failed') continue;
        console.log(
          `     ${file.name.replace(`${process.cwd()}/`, '')}: ${test.fullName}\n${test.failureMessages.join('\n')}`,
        );
      }
    }
    passed += tests.numPassedTests;
    failed += tests.numFailedTests;
    rmSync(report);
    // A file that could not be loaded fails the run without a failed test.
    if (!good && tests.numFailedTests === 0) failed += 1;
  } else if (good) passed += 1;
  else failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
