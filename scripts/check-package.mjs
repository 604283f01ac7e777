// Packs what would be published, installs it into an empty project, and uses every door of it from there.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = fileURLToPath(new URL('..', import.meta.url));
const name = 'cdk-sagemaker-rollouts';
const consumer = mkdtempSync(join(tmpdir(), 'consumer-'));
const run = (file, args, cwd = consumer) =>
  execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
// A user pays for what is downloaded, and for what is read when a door is opened. Bytes; raise one knowingly.
const BUDGETS = {
  tarball: 2_000_000,
  'dist/lib': 400_000,
  'dist/decision': 300_000,
  'dist/rehearsal': 600_000,
  'dist/bin': 2_500_000,
};
/** Other versions of Node that users have; each is tried where npm can get it. */
const NODES = { node22: '22.23.3', node24: '24.9.0' };
const write = (file, text) => writeFileSync(join(consumer, file), text);

try {
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', consumer], root);
  const tarball = readdirSync(consumer).find((file) => file.endsWith('.tgz'));
  const modules = join(consumer, 'node_modules');
  mkdirSync(join(modules, name), { recursive: true });
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(modules, name)]);
  // The peers are linked, not downloaded again; the package has no other dependencies.
  for (const peer of ['aws-cdk-lib', 'constructs', '@types/node']) {
    mkdirSync(join(modules, peer, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', peer), join(modules, peer));
  }

  const packed = run('tar', ['-tzf', tarball]).split('\n');
  const strange = packed.filter((file) =>
    /^package\/(lib|decision|lambda|rehearsal|bin|test|bench|scripts)\/|\.map$|tsbuildinfo|\/dist\/bin\/app\.js$/.test(
      file,
    ),
  );
  if (strange.length > 0) throw new Error(`the package must not carry ${strange.join(', ')}`);
  const licences = readFileSync(join(modules, name, 'dist/THIRD-PARTY-LICENCES.txt'), 'utf8');
  for (const bundled of ['@aws-sdk/client-sagemaker', '@smithy/core', 'commander', 'echarts', 'yaml', 'zrender']) {
    if (!licences.includes(`\n${bundled} `)) throw new Error(`the package must carry the licence of ${bundled}`);
  }
  checkBudgets(join(consumer, tarball), join(modules, name));

  write('package.json', JSON.stringify({ name: 'consumer', private: true }));
  const use = `
    if (typeof lib.Endpoint !== 'function') throw new Error('no Endpoint');
    if (typeof decision.judge !== 'function') throw new Error('no judge');
    if (typeof rehearsal.rehearse !== 'function') throw new Error('no rehearse');
    const stack = new Stack(new App(), 'S');
    const hosting = lib.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 });
    new lib.Endpoint(stack, 'E', { endpointName: 'fraud', model: lib.Model.fromModelName(stack, 'M', 'fraud-v7'), hosting, strategy: new lib.AllAtOnceStrategy() });
  `;
  write(
    'use.cjs',
    `const { App, Stack } = require('aws-cdk-lib');
     const lib = require('${name}'), decision = require('${name}/decision'), rehearsal = require('${name}/rehearsal');
     require('${name}/package.json'); require.resolve('${name}/.jsii'); ${use}`,
  );
  write(
    'use.mjs',
    `import { App, Stack } from 'aws-cdk-lib';
     import * as lib from '${name}'; import * as decision from '${name}/decision'; import * as rehearsal from '${name}/rehearsal';
     ${use}`,
  );
  for (const node of [process.execPath, ...otherNodes()]) {
    run(node, ['use.cjs']);
    run(node, ['use.mjs']);
    run(node, [join(modules, name, 'dist/bin/rollouts.js'), '--version']);
  }

  const typed = `import * as lib from '${name}';\nimport { judge } from '${name}/decision';\n
    export const all: [typeof lib.Endpoint, typeof judge] = [lib.Endpoint, judge];`;
  write('typed.ts', typed);
  // The rehearsal knows no CDK, so its declarations are checked to the last one.
  write('rehearsed.ts', `import { rehearse } from '${name}/rehearsal';\nexport const run: typeof rehearse = rehearse;`);
  const tsc = join(root, 'node_modules/typescript-7/bin/tsc');
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node'];
  for (const [resolution, module] of [
    ['node16', 'node16'],
    ['bundler', 'esnext'],
  ]) {
    const how = [...options, '--moduleResolution', resolution, '--module', module];
    run(process.execPath, [tsc, ...how, '--skipLibCheck', 'typed.ts']);
    run(process.execPath, [tsc, ...how, 'rehearsed.ts']);
  }

  const cli = join(modules, name, 'dist/bin/rollouts.js');
  const version = run(process.execPath, [cli, '--version']).trim();
  if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`rollouts --version must print a version, got '${version}'`);
  const handlers = join(modules, name, 'dist/lambda');
  if (!existsSync(handlers)) throw new Error('the package must carry its handlers');

  const { messages, pkg } = await publint({ pkgDir: join(modules, name), strict: true });
  // It guesses a bundle's format from words in it, and the bundle carries compilers' words; Node has just run it.
  const real = messages.filter(({ code, path }) => !(code === 'FILE_INVALID_FORMAT' && path[0] === 'bin'));
  if (real.length > 0) throw new Error(real.map((message) => formatMessage(message, pkg)).join('\n'));

  const tarred = createPackageFromTarballData(readFileSync(join(consumer, tarball)));
  // What is no code has no declarations.
  const excludeEntrypoints = ['./package.json', './.jsii', './rehearsal/outcome.schema.json'];
  const { problems } = await checkPackage(tarred, { excludeEntrypoints });
  if (problems.length > 0) throw new Error(`declarations must resolve everywhere: ${JSON.stringify(problems)}`);
} catch (error) {
  console.error(error.message, error.stdout ?? '', error.stderr ?? '');
  process.exitCode = 1;
} finally {
  rmSync(consumer, { recursive: true, force: true });
}

function checkBudgets(tarball, installed) {
  for (const [what, budget] of Object.entries(BUDGETS)) {
    const size = what === 'tarball' ? statSync(tarball).size : sizeOfCode(join(installed, what));
    if (!(size <= budget)) throw new Error(`${what} must be at most ${budget} bytes, and is ${size}`);
  }
}

function sizeOfCode(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.js'));
  return files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

/** The binaries of other versions, from npm's own package of them. */
function otherNodes() {
  const folder = join(consumer, 'nodes');
  mkdirSync(folder);
  // Without one of its own, npm would install into the consumer.
  write('nodes/package.json', '{}');
  const wanted = Object.entries(NODES).map(([alias, version]) => `${alias}@npm:node@${version}`);
  try {
    run('npm', ['install', '--prefer-offline', '--no-save', '--no-package-lock', ...wanted], folder);
  } catch {
    console.log(
      `note: tried on Node ${process.versions.node} alone, npm could not get ${Object.values(NODES).join(', ')}`,
    );
    return [];
  }
  const found = readdirSync(folder, { recursive: true }).filter((file) => /node-[^/]*\/bin\/node$/.test(file));
  if (found.length < wanted.length)
    throw new Error(`npm's packages of Node must bring ${wanted}, and brought ${found}`);
  return found.map((file) => join(folder, file));
}
