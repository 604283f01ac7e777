import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sourceFiles } from './sources';

const CLI = resolve('dist/bin/rollouts.js');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Every command in a shell block of the documentation, without its comment. */
const commands = ['README.md', 'CONTRIBUTING.md', ...sourceFiles(['docs'], '.md')].flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
    block
      .replaceAll('\\\n', ' ')
      .split('\n')
      .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split('&&'))
      .map((command) => command.trim())
      .filter((command) => command !== '')
      .map((command) => [page, command] as const),
  ),
);
const ours = commands.filter(([, command]) => /^(npx )?rollouts /.test(command));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'commands-'));
  for (const out of ['cdk.out', 'cdk.out.old']) {
    const app = new App({ outdir: join(folder, out), builtinCloudFormationValidation: false });
    const stack = new Stack(app, 'Fraud');
    const tag = out === 'cdk.out' ? 'v7' : 'v6';
    const image = rollouts.ContainerImage.fromRegistry(`111111111111.dkr.ecr.us-east-1.amazonaws.com/fraud:${tag}`);
    new rollouts.Endpoint(stack, 'Endpoint', {
      endpointName: 'fraud',
      model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
      hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
      strategy: new rollouts.CanaryStrategy({
        canarySize: rollouts.CapacitySize.instances(1),
        waitInterval: Duration.minutes(10),
      }),
    });
    app.synth();
  }
  // What a command before it in the documentation would have written, of an account that is not there.
  const evidence = { endpoint: 'fraud', rolloutId: 'r-1', outcome: 'promoted', reason: 'good', timeline: [] };
  writeFileSync(join(folder, 'evidence.json'), JSON.stringify({ schemaVersion: 1, totalSeconds: 1800, ...evidence }));
  mkdirSync(join(folder, 'scenarios'));
  for (const to of ['.', 'scenarios']) {
    for (const file of ['errors.yaml', 'good.yaml']) cpSync(join('bin/scenarios', file), join(folder, to, file));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The words of a command line, quotes taken off; where its output goes is the shell's. */
const words = (command: string) =>
  (command.replace(/ > \S+$/, '').match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));

test('the documentation has commands', () => expect(ours.length).toBeGreaterThan(8));

test.each(ours)('%s: %s', (_, command) => {
  const [name, ...args] = words(command.replace(/^npx /, '')).slice(1);
  // Nothing answers there: a command that needs an account gets as far as asking it.
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_MAX_ATTEMPTS: '1',
  };
  const { status, stderr } = spawnSync(process.execPath, [CLI, name, ...args], { cwd: folder, env, encoding: 'utf8' });
  // An `Endpoint` has no rollout: the command gets as far as having read what it is given, and has a test of its own.
  if (args.includes('--compare')) expect(stderr).toMatch(/\[NoRollout\]/);
  else if (name === 'serve') expect(stderr).toMatch(/\[NothingToOperate\]/);
  else if (name === 'plan' || name === 'rehearse') expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  else expect(stderr).toMatch(/could not be/);
});

/** What is not ours to run here, and what is looked up instead. */
const known: readonly (readonly [RegExp, (match: RegExpExecArray) => boolean])[] = [
  [/^(npx )?rollouts /, () => true],
  [/^npm (ci|install cdk-sagemaker-rollouts)$/, () => true],
  [/^npm test$/, () => 'test' in scripts],
  [/^npm run ([\w-]+)( |$)/, ([, script]) => script in scripts],
  [/^node (scripts\/[\w-]+\.mjs)/, ([, file]) => existsSync(file)],
  [/^npx vitest run (\S+)/, ([, path]) => existsSync(path)],
  [/^(npx )?cdk synth( --quiet)?$/, () => true],
  [/^pip install cdk-sagemaker-rollouts$/, () => true],
  [/^export AWS_(ENDPOINT_URL|REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY)=\S+$/, () => true],
  [/^aws stepfunctions start-execution /, () => true],
];

test('every other command is one that there is', () => {
  const strange = commands.filter(
    ([, command]) =>
      !known.some(([pattern, exists]) => {
        const match = pattern.exec(command);
        return match !== null && exists(match);
      }),
  );
  expect(strange).toEqual([]);
});
