// Runs the benchmarks of bench/, or those that are named: a file or a folder with an index is one. Numbers are for people
// and never for tests; each is a ratio against a baseline of the same run, because machines differ and are busy.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
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
  const { status } = spawnSync(process.execPath, [outfile, ...asked.filter((word) => word.startsWith('-'))], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
