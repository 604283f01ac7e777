import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Ajv from 'ajv';
import { App, Stack } from 'aws-cdk-lib';
import * as constructs from 'cdk-sagemaker-rollouts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isoSeconds } from '../../bin/commands/endpoint-plan';
import { synthesize } from '../../bin/synthesize';
import schema from '../../rehearsal/outcome.schema.json';

const CLI = resolve('dist/bin/rollouts.js');
let folder: string;
let out: string;
let from: string;

/** The command line as it is shipped. */
function rollouts(...args: string[]) {
  return rolloutsIn('.', ...args);
}

function rolloutsIn(cwd: string, ...args: string[]) {
  const env = { ...process.env, NO_COLOR: '1' };
  return spawnSync(process.execPath, [CLI, ...args], { cwd, encoding: 'utf8', env, maxBuffer: 1 << 26 });
}

beforeAll(() => {
  spawnSync(process.execPath, ['scripts/bundle.mjs', 'host'], { stdio: 'inherit' });
  folder = mkdtempSync(join(tmpdir(), 'rollouts-cli-'));
  out = synthesize(join(folder, 'new'));
  from = synthesize(join(folder, 'old'), { version: 1 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('rollouts plan', () => {
  test('shows steps, effective shares, waits, the second fleet and the speed of detection', () => {
    const { stdout, status } = rollouts('plan', out, 'fraud');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^fraud \(stack fraud\): canary, \d+ instances\n/);
    expect(stdout).toMatch(/step\s+share\s+effective\s+watched for\s+until\n1\s+\d+ %\s+\d+ %\s+\d+m/);
    expect(stdout).toMatch(/second fleet\s+\d+\.\d instance-hours: \d+ more instances for/);
    expect(stdout).toMatch(/rollback\s+\d+ alarms, the slowest \S+ after trouble begins/);
  });

  test('shows the phases of a rollout that an engine runs', () => {
    const app = new App({ outdir: join(folder, 'staged'), builtinCloudFormationValidation: false });
    const stack = new Stack(app, 'Credit');
    new constructs.ModelDeployment(stack, 'Credit', {
      endpointName: 'credit',
      model: constructs.Model.fromModelName(stack, 'Model', 'credit-v1'),
      hosting: constructs.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 2 }),
      strategy: constructs.StagedStrategy.minimumViable(),
    });
    const { stdout, status } = rollouts('plan', app.synth().directory);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^credit \(stack Credit\): staged, run by an engine\n/);
    expect(stdout).toMatch(/stage\s+10 %\s+1d0h\s+1d0h\s+2d0h\nwatch\s+100 %\s+1d0h\s+2d0h/);
    expect(stdout).toContain('undecided: traffic stays where it is, and a person decides');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('shows every stack when none is named, in 80 columns', () => {
    const { stdout } = rollouts('plan', out);
    for (const name of ['churn', 'fraud', 'catalog-images']) expect(stdout).toContain(`${name} (stack ${name})`);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test.each([
    ['PT10M', 600],
    ['PT1H30M', 5400],
    ['P3D', 259_200],
    ['PT0S', 0],
  ])('reads %s', (text, seconds) => expect(isoSeconds(text)).toBe(seconds));

  test('a duration that only the deployment knows is not zero', () => {
    expect(isoSeconds({ Ref: 'Wait' })).toBeNaN();
    expect(isoSeconds('P')).toBeNaN();
  });
});

describe('rollouts rehearse', () => {
  const scenario = (name: string) => join('bin/scenarios', `${name}.yaml`);

  test('tells a rollback, with what it is in the first line, and exits with 0 as expected', () => {
    const { stdout, status } = rollouts(
      'rehearse',
      out,
      '--from',
      from,
      '--stack',
      'fraud',
      '--scenario',
      scenario('errors'),
    );
    expect(stdout.split('\n')[0]).toBe('simulated AWS, 1 knob row, not compared with an account');
    expect(stdout).toContain('fraud: rolled back');
    expect(status).toBe(0);
  });

  test('takes a folder that is named as seen from here', () => {
    const here = join(out, '..');
    const { stdout, stderr, status } = rolloutsIn(
      here,
      ...['rehearse', 'new', '--from', 'old', '--stack', 'fraud', '--scenario', resolve(scenario('errors'))],
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('fraud: rolled back');
  });

  test('prints an outcome that its schema takes, the same bytes for the same seed', () => {
    const args = ['rehearse', out, '--stack', 'fraud', '--scenario', scenario('slow'), '--seed', '7', '--json'];
    const { stdout } = rollouts(...args);
    const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
    const outcome = JSON.parse(stdout);
    expect(validate(outcome) || validate.errors).toBe(true);
    expect(outcome.seed).toBe(7);
    expect(rollouts(...args).stdout).toBe(stdout);
  });

  test('prints a matrix that its schema takes, and writes one page with every row', () => {
    const page = join(folder, 'deep', 'report.html');
    const args = ['--scenario', scenario('good'), '--knobs', 'all', '--json', '--html', page];
    const { stdout, status } = rollouts('rehearse', out, '--stack', 'fraud', ...args);
    const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
    const matrix = JSON.parse(stdout);
    expect(validate(matrix) || validate.errors).toBe(true);
    expect(status).toBe(0);
    expect(readFileSync(page, 'utf8').match(/<tr class="(pass|fail)"/g)).toHaveLength(matrix.rows);
  });

  test('exits with 2 where the outcome is not the expected one', () => {
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(
      wrong,
      readFileSync(scenario('errors'), 'utf8').replace(/expect:.*/s, 'expect: { outcome: promoted }\n'),
    );
    expect(rollouts('rehearse', out, '--stack', 'fraud', '--scenario', wrong).status).toBe(2);
  });

  test.each([
    ['who serves', '{ outcome: rolledBack, serves: challenger }', 'the challenger must serve in the end, got champion'],
    ['bad requests', '{ outcome: rolledBack, badRequests: 1 }', 'bad requests must be at most 1, got'],
  ])('exits with 2 where %s are not as expected, and says so', (_, expected, says) => {
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(wrong, readFileSync(scenario('errors'), 'utf8').replace(/expect:.*/s, `expect: ${expected}\n`));
    const { status, stdout } = rollouts('rehearse', out, '--stack', 'fraud', '--scenario', wrong);
    expect(status).toBe(2);
    expect(stdout.replace(/\s+/g, ' ')).toContain(`Not as the scenario expects: ${says}`);
  });
});

describe('bad input', () => {
  const broken = (text: string) => {
    const file = join(folder, 'broken.yaml');
    writeFileSync(file, text);
    return file;
  };
  const rehearsed = (text: string) => ['rehearse', out, '--stack', 'fraud', '--scenario', broken(text)];

  test.each<[string, () => string[], RegExp]>([
    [
      'a folder that is not there',
      () => ['plan', join(folder, 'nowhere')],
      /nowhere must be a folder that `cdk synth`/,
    ],
    ['a stack that is not there', () => ['plan', out, 'froud'], /stack must be one of .*fraud.*, got 'froud'/],
    ['no scenario', () => ['rehearse', out], /required option '--scenario <file>'/],
    ['a scenario that cannot be read', () => ['rehearse', out, '--scenario', 'none.yaml'], /got 'none.yaml'/],
    [
      'a seed that is no number',
      () => ['rehearse', out, '--scenario', 'x', '--seed', '1.5'],
      /seed must be a whole number/,
    ],
    ['a knob choice that is none', () => ['rehearse', out, '--scenario', 'x', '--knobs', 'some'], /'default' or 'all'/],
    [
      'several stacks and none named',
      () => ['rehearse', out, '--scenario', 'bin/scenarios/good.yaml'],
      /stack must name one/,
    ],
    ['unreadable YAML', () => rehearsed('name: [a'), /broken\.yaml:\d+:\d+: /],
    ['an unknown key', () => rehearsed('name: a\ntraffick: 1 rps\n'), /broken\.yaml:\d+:\d+: .*traffick/],
    [
      'an error rate of 2',
      () => rehearsed('name: a\ntraffic: 1 rps\nchallenger: { errors: 2 }\n'),
      /broken\.yaml:\d+:\d+: /,
    ],
    [
      'a scenario for a model that does not exist',
      () => rehearsed('name: a\nmodels: [froud]\ntraffic: 1 rps\nexpect: { outcome: promoted }\n'),
      /models of scenario 'a' must name the stack to rehearse, fraud, got froud/,
    ],
    [
      'evidence that is none',
      () => [
        'rehearse',
        out,
        '--stack',
        'fraud',
        '--scenario',
        'bin/scenarios/good.yaml',
        '--compare',
        join(out, 'manifest.json'),
      ],
      /'rollouts evidence' has written, got .*manifest\.json', where .* is wrong.*\[NotEvidence\]/,
    ],
    ['an unknown command', () => ['rehears', out], /unknown command 'rehears'/],
  ])('fails %s in a sentence, with exit code 1, no stack trace, and nothing written', (_, args, message) => {
    const page = join(folder, 'never.html');
    const words = args();
    const { stdout, stderr, status } = rollouts(...words, ...(words.includes('--scenario') ? ['--html', page] : []));
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
    expect(status).toBe(1);
    expect(existsSync(page)).toBe(false);
  });

  test('leaves no half of a page where it cannot be written', () => {
    const before = readdirSync(folder);
    const args = ['--scenario', 'bin/scenarios/good.yaml', '--html', join(out, 'manifest.json', 'report.html')];
    const { status, stderr } = rollouts('rehearse', out, '--stack', 'fraud', ...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(/must be a file that can be written/);
    expect(readdirSync(folder)).toEqual(before);
  });
});

test('help has examples and exit codes', () => {
  expect(rollouts('--help').stdout).toMatch(/Examples:[\s\S]*Exit codes: 0/);
  expect(rollouts('rehearse', '--help').stdout).toMatch(/--knobs all --html report\.html/);
  expect(rollouts('--help').status).toBe(0);
});
