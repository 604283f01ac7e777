// One endpoint with one model, written with each library that can: the peers and this one, as npm would publish it, in a
// folder of their own with one aws-cdk-lib for all.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { median, table } from '../report';

const FOLDER = resolve('dist/bench/peers');
const PACKAGES = {
  'L1 by hand': undefined,
  'aws-sagemaker-alpha': '@aws-cdk/aws-sagemaker-alpha',
  'generative-ai-cdk-constructs': '@cdklabs/generative-ai-cdk-constructs',
  'cdk-sagemaker-rollouts': 'cdk-sagemaker-rollouts',
};
type Library = keyof typeof PACKAGES;

interface Measurement {
  /** CPU milliseconds: from nothing to the first endpoint, and then of all endpoints. */
  readonly first: number;
  readonly all: number;
  /** Peak memory of the process in MB. */
  readonly memory: number;
  readonly bytes: number;
  readonly resources: number;
  readonly endpoints: number;
  /** Alarms that roll an endpoint back. */
  readonly alarms: number;
  /** Models that outlive their stack, for a rollback. */
  readonly kept: number;
}

const ROUNDS = 7;
const COUNT = 50;

function install(): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  cpSync('bench/peers', FOLDER, { recursive: true });
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  npm('.', 'pack', '--silent', '--ignore-scripts', '--pack-destination', FOLDER);
  const ours = readdirSync(FOLDER).find((file) => file.endsWith('.tgz')) ?? '';
  const quiet = ['--silent', '--no-audit', '--no-fund', '--prefer-offline'];
  npm(FOLDER, 'ci', ...quiet);
  npm(FOLDER, 'install', '--no-save', ...quiet, `./${ours}`);
}

const measured = (library: Library): Measurement =>
  JSON.parse(
    execFileSync(process.execPath, ['measure.cjs', library, `${COUNT}`], {
      cwd: FOLDER,
      encoding: 'utf8',
      // A peer warns of what aws-cdk-lib has left behind; an error has all of it.
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(FOLDER, 'node_modules', name, 'package.json'), 'utf8')).version;

install();
const libraries = Object.keys(PACKAGES) as Library[];
const found = Object.fromEntries(libraries.map((library) => [library, [] as Measurement[]]));
for (let round = 0; round < ROUNDS; round++) {
  for (const library of libraries) found[library].push(measured(library));
}
const middle = (library: Library, of: (each: Measurement) => number) => median(found[library].map(of));
const base = middle('L1 by hand', ({ all }) => all);
const size = (library: Library) => sizeOf(join(FOLDER, 'node_modules', PACKAGES[library] ?? ''));
const [alpha, own] = ['aws-sagemaker-alpha', 'cdk-sagemaker-rollouts'] as const;
const times = (of: (library: Library) => number) => (of(own) / of(alpha)).toFixed(1);
const rows = libraries.map((library) => {
  const [{ bytes, resources, endpoints, alarms, kept }] = found[library];
  if (endpoints !== COUNT) throw new Error(`${library} must declare ${COUNT} endpoints, got ${endpoints}`);
  const name = PACKAGES[library];
  const all = middle(library, (each) => each.all);
  return [
    library,
    name === undefined ? '–' : `${(size(library) / 1e6).toFixed(1)} MB`,
    `${middle(library, ({ first }) => first).toFixed(0)} ms`,
    `${(all / COUNT).toFixed(1)} ms`,
    (all / base).toFixed(2),
    `${middle(library, ({ memory }) => memory).toFixed(0)} MB`,
    (resources / COUNT).toFixed(1),
    `${(bytes / COUNT / 1000).toFixed(1)} kB`,
    (alarms / COUNT).toFixed(0),
    kept === COUNT ? 'yes' : 'no',
  ];
});
const versions = libraries.flatMap((library) => {
  const name = PACKAGES[library];
  return name === undefined ? [] : [`${library} ${versionOf(name)}`];
});
console.log(
  `An endpoint with one model on four instances, as each library writes it by default; medians of ${ROUNDS} fresh processes`,
);
console.log(`each, in turns; validation off. aws-cdk-lib ${versionOf('aws-cdk-lib')}; ${versions.join(', ')}.`);
console.log(`'first': CPU of loading and of one endpoint. 'each': CPU, resources, template of one of ${COUNT} more.`);
console.log(
  `'guards': alarms that roll a bad update back. 'kept': the model that a rollback needs outlives its stack.\n`,
);
const head = ['written with', 'package', 'first', 'each', 'ratio', 'memory', 'resources', 'template', 'guards', 'kept'];
console.log(table(head, rows));
console.log(
  `Beside ${alpha}, an endpoint of ${own} takes ${times((library) => middle(library, ({ all }) => all))} times the CPU,`,
);
console.log(`and its package is ${times(size)} times as large: it has rehearsal, handlers and command inside.`);
