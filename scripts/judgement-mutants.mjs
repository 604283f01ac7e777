// Changes the sources that judge one by one and says which changes no test notices. For the night, not for npm test.
//   node scripts/judgement-mutants.mjs                           all rules and what they gather evidence with
//   node scripts/judgement-mutants.mjs decision/rules/alarm.ts   only these files
//   node scripts/judgement-mutants.mjs --write                   also writes docs/judgement-mutations.md
//   node scripts/judgement-mutants.mjs --kept                    keeps the results of sources that have not changed
// Fails when a change goes unnoticed that has no reason in scripts/judgement-survivors.json, or a reason no such change.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const REASONS = 'scripts/judgement-survivors.json';
const PAGE = 'docs/judgement-mutations.md';

const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const [write, keep] = ['--write', '--kept'].map((flag) => process.argv.includes(flag));
const inside = (folder) => readdirSync(folder).map((name) => `${folder}/${name}`);
const every = [
  'decision/verdict.ts',
  'decision/algebra.ts',
  ...inside('decision/rules'),
  ...inside('decision/evidence'),
];
const files = named.length > 0 ? named : every;

/** A change as it can be found again after lines have moved: the line it is on, the text that goes and what comes. */
function describe(source, { mutatorName, location, replacement, status, statusReason }) {
  const lines = source.split('\n').slice(location.start.line - 1, location.end.line);
  const text = [...lines];
  text[text.length - 1] = text[text.length - 1].slice(0, location.end.column - 1);
  text[0] = text[0].slice(location.start.column - 1);
  const short = (code) => code.replace(/\s+/g, ' ').trim();
  return {
    mutator: mutatorName,
    line: short(lines[0]),
    from: short(text.join(' ')),
    to: short(replacement),
    status,
    statusReason,
  };
}

/** Tries every change of one file, or reads what came of it when the file was as it is now. */
async function tryFile(file) {
  const source = readFileSync(file, 'utf8');
  const store = `node_modules/.cache/mutants/${file}.json`;
  if (keep && existsSync(store)) {
    const kept = JSON.parse(readFileSync(store, 'utf8'));
    if (kept.source === source) return { file, mutants: kept.mutants };
  }
  const results = await new Stryker({ mutate: [file], logLevel: 'error' }).runMutationTest();
  const mutants = results.filter(({ status }) => status !== 'Ignored').map((result) => describe(source, result));
  mkdirSync(dirname(store), { recursive: true });
  writeFileSync(store, JSON.stringify({ source, mutants }, null, 1));
  return { file, mutants };
}

const key = ({ file, mutator, line, from, to }) => JSON.stringify([file, mutator, line, from, to]);
const reasons = JSON.parse(readFileSync(REASONS, 'utf8'));
const tried = [];
const unlisted = [];
for (const file of files) {
  const started = Date.now();
  const { mutants } = await tryFile(file);
  const survivors = mutants
    .filter(({ status }) => ['Survived', 'NoCoverage', 'RuntimeError'].includes(status))
    .map(({ status: _, statusReason: __, ...mutant }) => ({ file, ...mutant }));
  const known = survivors.filter((one) => reasons.some((other) => key(other) === key(one)));
  const count = (status) => mutants.filter((one) => one.status === status).length;
  const row = {
    file,
    all: mutants.length,
    killed: count('Killed'),
    timeout: count('Timeout'),
    listed: known.length,
    unlisted: survivors.length - known.length,
    survivors,
  };
  tried.push(row);
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    `${file.padEnd(38)} ${row.all} changes: ${row.killed} noticed, ${row.timeout} never end, ` +
      `${row.listed} unnoticed with a reason, ${row.unlisted} without, in ${seconds} s`,
  );
  for (const one of survivors.filter((other) => !known.includes(other))) {
    unlisted.push(one);
    console.log(`! unnoticed without a reason: ${JSON.stringify(one)}`);
  }
}

const survivors = tried.flatMap((row) => row.survivors);
const idle = reasons.filter((one) => files.includes(one.file) && !survivors.some((other) => key(other) === key(one)));
for (const one of idle) console.log(`! has a reason and is noticed: ${JSON.stringify(one)}`);
const sum = (name) => tried.reduce((total, row) => total + row[name], 0);
const noticed = sum('killed') + sum('timeout');
console.log(
  `${noticed} of ${sum('all')} changes are noticed, ${sum('listed')} are not for a reason, ${sum('unlisted')} are not`,
);
process.exitCode = unlisted.length + idle.length === 0 ? 0 : 1;

if (write) {
  const code = (text) => `\`${text.replaceAll('|', '\\|').replaceAll('`', "'")}\``;
  const rows = tried.map(
    ({ file, all, killed, timeout, listed, unlisted: open }) =>
      `| \`${file}\` | ${all} | ${killed} | ${timeout} | ${listed} | ${open} |`,
  );
  const told = reasons
    .filter(({ file }) => files.includes(file))
    .map(
      ({ file, line, from, to, reason }) => `| \`${file}\` | ${code(line)} | ${code(from)} | ${code(to)} | ${reason} |`,
    );
  writeFileSync(
    PAGE,
    `# Does a test notice?

What decides a rollout is changed on purpose, in one place at a time, by a machine ([Stryker](https://stryker-mutator.io)):
a \`<\` becomes a \`<=\`, a \`+\` a \`-\`, a condition is always true, a block is empty, a word is another one. A change that
no test of \`decision/\` notices is either a test that is missing or a change that changes nothing. The second kind is listed
below, each with its reason. How the engine stands the same treatment is told in [mutations](mutations.md).

${noticed} of ${sum('all')} changes are noticed, ${sum('listed')} are not and have a reason, ${sum('unlisted')} are not and have none. This page is
written by \`node scripts/judgement-mutants.mjs --write\`, which fails on a change that goes unnoticed without a reason.

| file | changes | noticed | never end | unnoticed, with a reason | unnoticed |
|---|---|---|---|---|---|
${rows.join('\n')}

## What is not noticed, and why

| file | line | this | becomes | why it makes no difference |
|---|---|---|---|---|
${told.join('\n')}
`,
  );
}
