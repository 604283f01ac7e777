// Changes the sources of decision/ one by one and says which changes no test notices. For the night, not for npm test.
//   node scripts/judgement-mutants.mjs                           all rules
//   node scripts/judgement-mutants.mjs decision/rules/alarm.ts   only these files
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const files = process.argv.slice(2);
const args = ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run'];
if (files.length > 0) args.push('--mutate', files.join(','));
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
process.exitCode = status ?? 1;
