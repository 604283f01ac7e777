// Builds everything that ships: jsii compiles lib and decision, esbuild bundles the rest, TypeScript types the rehearsal.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' };
const run = (...args) => execFileSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], env });

rmSync('dist', { recursive: true, force: true });
run('node_modules/jsii/bin/jsii', '--silence-warnings', 'reserved-word');
run('scripts/bundle.mjs');
run('node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.rehearsal.json');
