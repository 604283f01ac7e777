// Everything CI needs, one step after the other; each is quiet unless it fails. Closes with 'N passed, N failed'.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const env = { ...process.env, FORCE_COLOR: '0' };
const report = 'dist/vitest.json';
const fenced = ['decision', 'lib', 'lambda', 'rehearsal', 'bin'].filter(existsSync);

const steps = [
  ['format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ['types', ['node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.json']],
  [
    'import fences',
    ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', ...fenced, '--config', '.dependency-cruiser.cjs'],
  ],
  ['build: jsii, bundles, types', ['scripts/build.mjs']],
  ['API.md is the API', ['scripts/api.mjs', '--check']],
  ['tests', ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${report}`], countTests],
  ['packed and installed', ['scripts/check-package.mjs']],
  ['first use: init, rehearse, change, rehearse, synth', ['scripts/check-first-use.mjs']],
  ['Python: wheel, example app, snippets, first use', ['scripts/check-python.mjs']],
  // The longer ready-made strategies take minutes: `npm run rehearse` has them all.
  ['rehearsal of the example models and a preset', ['dist/bin/rehearse-all.js', '--presets', 'minimum-viable']],
];

/** One line for the tests of a run, and each failed one in full. */
function countTests(good) {
  // A run that dies before it writes has no numbers to show.
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const tests = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(report);
  console.log(
    `     ${tests.numPassedTests} tests passed, ${tests.numFailedTests} failed, ${tests.numPendingTests} skipped`,
  );
  const all = tests.testResults.flatMap(({ assertionResults }) => assertionResults);
  const skipped = all.filter(({ status }) => status === 'pending' || status === 'skipped');
  // What was not looked at says so, with its reason.
  for (const title of new Set(skipped.map(({ ancestorTitles, fullName }) => ancestorTitles[0] ?? fullName))) {
    console.log(`     skip ${title}`);
  }
  for (const file of tests.testResults) {
    const name = file.name.replace(`${process.cwd()}/`, '');
    if (file.status === 'failed' && file.assertionResults.length === 0) console.log(`     ${name}: ${file.message}`);
    for (const test of file.assertionResults) {
      if (test.status === 'failed') console.log(`     ${name}: ${test.fullName}\n${test.failureMessages.join('\n')}`);
    }
  }
  // A file that could not be loaded fails the run without a failed test.
  const failed = Math.max(tests.numFailedTests, good ? 0 : 1);
  return { passed: tests.numPassedTests, failed };
}

let passed = 0;
let failed = 0;
for (const [name, args, count] of steps) {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8', maxBuffer: 1 << 28 });
  const good = status === 0;
  // What a machine cannot check is neither passed nor failed.
  const skipped = good ? /^skipped: (.*)$/m.exec(stdout)?.[1] : undefined;
  if (skipped !== undefined) {
    console.log(`skip ${name}: ${skipped}`);
    continue;
  }
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  for (const [, note] of stdout.matchAll(/^note: (.*)$/gm)) console.log(`     ${note}`);
  const counted = count?.(good) ?? { passed: good ? 1 : 0, failed: good ? 0 : 1 };
  if (!good && (count === undefined || counted.passed === 0)) console.log(stdout + stderr);
  passed += counted.passed;
  failed += counted.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
