// Breaks the engine's machines and conditional writes in one place at a time, and says which breaks no rehearsal notices.
//   npm run mutate-templates              prints the score; fails when a survivor has no reason, or a reason no survivor
//   npm run mutate-templates -- --write   also writes docs/mutations.md
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const REASONS = 'scripts/mutation-survivors.json';
const UNUSED = 'test/rehearsal/engine/unused-grants.json';
const GRANT = 'grant: ';
const PAGE = 'docs/mutations.md';
const PROCESSES = 2;

// Roles are held against the handlers as they are shipped.
execFileSync(process.execPath, ['scripts/bundle.mjs', 'lambda'], { stdio: 'inherit' });
const outfile = 'dist/test/mutations.js';
await build({
  entryPoints: ['test/mutations/main.ts'],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: ['aws-cdk-lib', 'constructs', '@aws-sdk/*'],
  alias: { 'cdk-sagemaker-rollouts': './lib/index.ts' },
  tsconfigRaw: {},
  logLevel: 'warning',
  outfile,
});

/** One share of the mutants, in a process of its own. */
const share = (part) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [outfile, part, PROCESSES], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(out)) : reject(new Error(err.slice(-2000)))));
  });

const started = Date.now();
const tried = (await Promise.all(Array.from({ length: PROCESSES }, (_, i) => share(i)))).flat();
const seconds = Math.round((Date.now() - started) / 1000);
const written = JSON.parse(readFileSync(REASONS, 'utf8'));
/** Grants that nothing uses, by what their words are like. */
const unused = Object.entries(JSON.parse(readFileSync(UNUSED, 'utf8'))).map(([like, why]) => [new RegExp(like), why]);
const reasonOf = (id) =>
  id.startsWith(GRANT) ? unused.find(([like]) => like.test(id.slice(GRANT.length)))?.[1] : written[id];
const survivors = tried.filter(({ killedBy }) => killedBy === undefined).sort((a, b) => a.id.localeCompare(b.id));
const kinds = [...new Set(tried.map(({ kind }) => kind))].sort();
const rows = kinds.map((kind) => {
  const all = tried.filter((one) => one.kind === kind);
  return [kind, all.length, all.filter(({ killedBy }) => killedBy !== undefined).length];
});
const killed = tried.length - survivors.length;

for (const [kind, all, dead] of rows) console.log(`${kind.padEnd(22)} ${String(dead).padStart(3)} of ${all}`);
console.log(
  `${killed} of ${tried.length} mutants are noticed (${Math.round((100 * killed) / tried.length)} %), in ${seconds} s`,
);
const problems = [
  ...survivors.filter(({ id }) => reasonOf(id) === undefined).map(({ id }) => `survives without a reason: ${id}`),
  ...Object.keys(written)
    .filter((id) => !survivors.some((one) => one.id === id))
    .map((id) => `has a reason and does not survive: ${id}`),
];
for (const { id } of survivors) console.log(`  survives: ${id}: ${reasonOf(id) ?? '?'}`);
for (const problem of problems) console.log(`! ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

if (process.argv.includes('--write')) {
  const meaning = {
    Alarm: 'a guarded endpoint loses one of its alarms',
    'Auto rollback': 'a guarded endpoint does not roll back by itself',
    Catch: 'one Catch of a state is dropped',
    Choice: 'one rule of a Choice and its default change places',
    ConditionExpression: 'one conditional write loses its condition',
    'Guardrail wait': 'a guarded endpoint does not wait',
    'IAM action': 'a role of the engine loses one action of one statement',
    Retry: 'the Retry of a state is dropped',
    Task: 'one piece of work is skipped',
    Verification: 'nobody looks what a guarded endpoint really serves',
    Wait: 'a Wait does not wait',
  };
  const table = rows.map(([kind, all, dead]) => `| ${kind} | ${meaning[kind]} | ${dead} of ${all} |`);
  const row = (id, why) => `| \`${id.replaceAll('|', '\\|')}\` | ${why ?? ''} |`;
  // Grants by their reason: there are many, and few reasons.
  const grants = new Map();
  for (const { id } of survivors.filter((one) => one.id.startsWith(GRANT))) {
    grants.set(reasonOf(id), [...(grants.get(reasonOf(id)) ?? []), id]);
  }
  const more = (ids) => (ids.length === 1 ? ids[0] : `${ids[0]}, and ${ids.length - 1} like it`);
  const told = [
    ...survivors.filter(({ id }) => !id.startsWith(GRANT)).map(({ id }) => row(id, reasonOf(id))),
    ...[...grants].map(([why, ids]) => row(more(ids), why)),
  ];
  writeFileSync(
    PAGE,
    `# Does a rehearsal notice?

A safety net that nobody has seen catch anything may have a hole. So what is synthesized is broken on purpose, in one place
at a time, by a machine: the engine's three state machines, the conditional writes of its functions, the actions of its
roles, and the guardrails of an \`Endpoint\`.

Each broken engine then goes through the same rollouts as the whole one: some hundred that are written down with the end they
must have, with a call that fails at every address, a person who interferes at any moment, and some that are drawn as a
campaign draws them. It is *noticed* when a rollout ends otherwise than it must, or breaks an invariant: a share that no
gate has allowed, a lock that nobody gives back, people who are not called, a loop without a pause. The rules that judge
have [a page of their own](judgement-mutations.md).

A role without one of its actions is noticed when a call is denied that rollouts make which ask every kind of gate, and
meet every command. Four guarded endpoints, one for each strategy, meet good and bad versions, at any minute, with and
without metrics of their fleets: a mutant is noticed when a bad version ends serving or gets past its first step, or when
the stack says otherwise than what serves.

${killed} of ${tried.length} mutants are noticed. This page is written by \`npm run mutate-templates -- --write\`; the
script fails when one goes unnoticed without a reason.

| broken | how | noticed |
|---|---|---|
${table.join('\n')}

## What is not noticed, and why

| broken | why it does not matter here |
|---|---|
${told.join('\n')}
`,
  );
}
