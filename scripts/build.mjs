// Builds everything that ships: jsii compiles lib and decision, esbuild bundles the rest, TypeScript types the rehearsal.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
// jsii warns in a banner of Node versions it has left behind; the library still supports them.
const major = process.versions.node.split('.')[0];
const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: major };

/** Runs a tool; what it says is shown only when it fails. */
const run = (...args) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${args[0]} failed:\n${said}`))));
  });

rmSync('dist', { recursive: true, force: true });
const done = await Promise.allSettled([
  run('node_modules/jsii/bin/jsii', '--silence-warnings', 'reserved-word'),
  run('scripts/bundle.mjs'),
  run('node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.rehearsal.json'),
]);
for (const { reason } of done) {
  if (reason === undefined) continue;
  console.error(reason.message);
  process.exitCode = 1;
}
