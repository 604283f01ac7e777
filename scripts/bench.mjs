// Runs the benchmarks of bench/, or those that are named: a file or a folder with an index is one. Numbers are for people
// and never for tests (--page writes them to docs/benchmarks.md); each is a ratio against a baseline of the same run, because machines differ and are busy.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const entries = new Map();
for (const entry of readdirSync('bench', { withFileTypes: true })) {
  const name = basename(entry.name, '.ts');
  if (entry.isDirectory() && existsSync(`bench/${name}/index.ts`)) entries.set(name, `bench/${name}/index.ts`);
  if (entry.isFile() && entry.name.endsWith('.ts') && name !== 'report') entries.set(name, `bench/${entry.name}`);
}
const [, , ...asked] = process.argv;
const names = asked.filter((word) => !word.startsWith('-'));
const unknown = names.filter((name) => !entries.has(name));
if (unknown.length > 0) {
  console.error(`a benchmark must be one of ${[...entries.keys()].join(', ')}, got ${unknown.join(', ')}`);
  process.exit(1);
}
/** What each benchmark printed. */
const printed = new Map();
console.log(`Node ${process.versions.node}, ${cpus().length} cores\n`);
for (const name of names.length > 0 ? names : entries.keys()) {
  const outfile = `dist/bench/${name}.js`;
  await build({
    entryPoints: [entries.get(name)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['aws-cdk-lib', 'constructs', 'cdk-sagemaker-rollouts', '@aws-sdk/*'],
    tsconfigRaw: {},
    logLevel: 'warning',
  });
  const flags = asked.filter((word) => word.startsWith('-') && word !== '--page');
  const { status, stdout } = spawnSync(process.execPath, [outfile, ...flags], {
    stdio: ['inherit', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  process.stdout.write(stdout);
  if (status !== 0) process.exitCode = 1;
  printed.set(name, stdout.replace(/[^\S\n]+$/gm, '').trim());
}
if (asked.includes('--page') && process.exitCode === undefined) writePage();

/** The page of what was measured, as it was printed: what was not run stays as it was. How well it judges has a page of its own. */
function writePage() {
  const file = 'docs/benchmarks.md';
  const before = readFileSync(file, 'utf8').matchAll(/^## (.*)\n\n```text\n([\s\S]*?)\n```$/gm);
  const texts = new Map([...[...before].map(([, name, text]) => [name, text]), ...printed]);
  // In the order of this list; a benchmark that is new stands where its name does among the others.
  const order = ['synth', 'peers', 'load', 'handlers', 'rehearsal', 'divergence'];
  const names = [...order, ...[...entries.keys()].filter((name) => !order.includes(name) && name !== 'judgement')];
  const page = [
    '# Benchmarks',
    '',
    `Written by \`npm run bench -- NAME --page\`, a section at a time, on Node ${process.versions.node.split('.')[0]} and ${cpus().length} cores. Read the ratios, not the`,
    'milliseconds: each is measured against a baseline of the same run, in fresh processes that take turns, and machines differ. How well it',
    'judges, beside what teams use today, is [a page of its own](judgement.md).',
    '',
    '**Where it is weak.** Synth of a hundred guarded endpoints costs a third more than the same resources written by hand in L1,',
    'flat in a stack; a fifth more where each endpoint is grouped in constructs, the rest is checks, names and fingerprints. An endpoint also',
    'costs more than one of `aws-sagemaker-alpha`, which declares no alarms and keeps no old model. `judge-data` loads in a third of the time',
    'of the packages that it bundles, and a little more on a busy machine. With metrics two and a half minutes late the slowest twentieth of bad',
    'versions is found a few seconds after five minutes, with metrics five minutes late none is found before; at one request a second a small',
    'canary gets too few requests, and at ten the recommended alarm takes back some good versions.',
    ...names
      .filter((name) => texts.has(name))
      .flatMap((name) => ['', `## ${name}`, '', '```text', texts.get(name), '```']),
    '',
  ].join('\n');
  writeFileSync(file, page);
}
