import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const CLI = resolve('dist/bin/rollouts.js');
let folder: string;
let out: string;

/** The command line as it is shipped, in a folder of its own and without the machine's own commands. */
function cli(args: string[], env: Record<string, string> = {}) {
  const clean = { PATH: '/nowhere', HOME: folder, NO_COLOR: '1', AWS_EC2_METADATA_DISABLED: 'true', ...env };
  return spawnSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: 'utf8', env: clean });
}

/** A bad first step ends in a sentence: exit code 1, no stack trace. */
function expectSentence({ status, stdout, stderr }: ReturnType<typeof cli>, pattern: RegExp) {
  expect(stdout + stderr).toMatch(pattern);
  expect(stdout + stderr).not.toMatch(/^\s+at /m);
  expect(status).toBe(1);
}

function put(path: string, text: string) {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function synthesize(image: rollouts.ContainerImage, outdir: string): string {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Fraud');
  new rollouts.Endpoint(stack, 'Endpoint', {
    endpointName: 'fraud',
    model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
    strategy: new rollouts.AllAtOnceStrategy(),
  });
  return app.synth().directory;
}

let shared: string;
beforeAll(() => {
  spawnSync(process.execPath, ['scripts/bundle.mjs', 'host'], { stdio: 'inherit' });
  shared = mkdtempSync(join(tmpdir(), 'first-use-shared-'));
  const registry = rollouts.ContainerImage.fromSagemaker('sagemaker-xgboost', '1.7-1');
  out = synthesize(registry, join(shared, 'cdk.out'));
});
afterAll(() => rmSync(shared, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'first-use-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const everything = (path: string) =>
  existsSync(join(folder, path)) ? (readdirSync(join(folder, path), { recursive: true }) as string[]).sort() : [];

describe('rollouts init', () => {
  test.each([
    [
      'typescript',
      ['.gitignore', 'app.ts', 'fraud-stack.ts', 'package.json', 'scenarios/errors.yaml', 'test/fraud.test.ts'],
    ],
    [
      'python',
      ['.gitignore', 'app.py', 'fraud_stack.py', 'requirements.txt', 'scenarios/errors.yaml', 'tests/test_fraud.py'],
    ],
  ])('writes a %s app, every blank filled in', (language, wanted) => {
    expect(cli(['init', 'My App', '--language', language])).toMatchObject({ status: 0, stderr: '' });
    const files = everything('My App');
    expect(files).toEqual(expect.arrayContaining(wanted));
    const texts = files
      .filter((file) => /\.\w+$/.test(file))
      .map((file) => readFileSync(join(folder, 'My App', file), 'utf8'));
    expect(texts.join('')).not.toMatch(/\{\{|undefined/);
    expect(texts.join('')).toContain('my-app');
  });

  test('writes into the folder it stands in when none is named', () => {
    expect(cli(['init']).status).toBe(0);
    expect(everything('.')).toContain('fraud-stack.ts');
  });

  test('fails where a file is there already: none is overwritten, and nothing is written', () => {
    put('app/app.ts', 'mine');
    put('app/README.md', 'mine too');
    expectSentence(cli(['init', 'app']), /has README\.md, app\.ts; name another folder \[AlreadyThere\]/);
    expect(everything('app')).toEqual(['README.md', 'app.ts']);
    expect(readFileSync(join(folder, 'app/app.ts'), 'utf8')).toBe('mine');
  });

  test('fails where a file cannot be written, and leaves nothing half-written', () => {
    // A file where the folder of tests must go: everything before it has been written by then.
    put('app/test', 'a file');
    expectSentence(cli(['init', 'app']), /must be a folder that can be written: .* \[CannotWrite\]/);
    expect(everything('app')).toEqual(['test']);
  });

  test('fails a language that is none, and names those there are', () => {
    expectSentence(cli(['init', 'app', '--language', 'cobol']), /Allowed choices are typescript, python/);
    expect(everything('.')).toEqual([]);
  });
});

describe('a bad first step', () => {
  test('fails without Docker for an image that must be built', () => {
    put('image/Dockerfile', 'FROM scratch');
    const assembly = synthesize(rollouts.ContainerImage.fromAsset(join(folder, 'image')), join(folder, 'cdk.out'));
    expectSentence(
      cli(['doctor', assembly]),
      /docker must be there to build an image of Fraud, and is not.*\[NoDocker\]/,
    );
    put('bin/docker', '');
    expect(cli(['doctor', assembly], { PATH: [join(folder, 'bin'), '/nowhere'].join(delimiter) }).status).toBe(0);
  });

  test('fails a CDK CLI that cannot read what the library writes, and says which one can', () => {
    const old = { name: 'aws-cdk', version: '3.0.0', devDependencies: { '@aws-cdk/cloud-assembly-schema': '43.1.0' } };
    put('node_modules/aws-cdk/package.json', JSON.stringify(old));
    expectSentence(
      cli(['doctor', out]),
      /aws-cdk must read assemblies of version 55, and 3\.0\.0 reads up to 43: npm install --save-dev aws-cdk@2\.1148\.1 \[CdkCliTooOld\]/,
    );
  });

  describe('with an account behind the real SDK', () => {
    let aws: Server;
    let env: Record<string, string>;
    beforeAll(async () => {
      aws = createServer(answer);
      await new Promise<void>((listening) => aws.listen(0, '127.0.0.1', listening));
      const AWS_ENDPOINT_URL = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
      env = {
        AWS_ENDPOINT_URL,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'example',
        AWS_SECRET_ACCESS_KEY: 'not-shown',
      };
    });
    afterAll(() => aws.close());

    test('fails a missing bootstrap, and never prints a credential', async () => {
      const { spawn } = await import('node:child_process');
      const child = spawn(process.execPath, [CLI, 'doctor', out, '--aws'], {
        cwd: folder,
        env: { PATH: '/nowhere', HOME: folder, ...env },
      });
      let said = '';
      child.stdout.on('data', (chunk) => (said += chunk));
      child.stderr.on('data', (chunk) => (said += chunk));
      const status = await new Promise((closed) => child.on('close', closed));
      expect(said).toContain('credentials (account ending in 9012, eu-west-1)');
      expect(said).toContain('and is not: npx cdk bootstrap [NotBootstrapped]');
      expect(said).toContain('ml.m5.xlarge: Fraud needs 8 at its peak, the quota is 12');
      expect(said).not.toMatch(/not-shown|123456789012|^\s+at /m);
      expect(status).toBe(1);
    });
  });

  test('fails a scenario that cannot be read', () => {
    expectSentence(
      cli(['rehearse', out, '--scenario', 'nowhere.yaml']),
      /that can be read, got 'nowhere\.yaml' \[CannotRead\]/,
    );
    put('broken.yaml', 'name: broken\ntraffic: many\nchallenger: { error: 30% }\n');
    expectSentence(cli(['rehearse', out, '--scenario', 'broken.yaml']), /broken\.yaml:2:\d+/);
  });

  test.each(['plan', 'rehearse', 'doctor'])('fails a cdk.out that is not there, in rollouts %s', (command) => {
    put('errors.yaml', 'name: e\ntraffic: 1 rps\nexpect: { outcome: promoted, serves: challenger }\n');
    const scenario = command === 'rehearse' ? ['--scenario', 'errors.yaml'] : [];
    expectSentence(cli([command, 'cdk.out', ...scenario]), /cdk\.out.*cdk synth.*\[(NotACloudAssembly|NoAssembly)\]/);
  });
});

describe('rollouts completion', () => {
  const complete = (...words: string[]) => {
    const { stdout } = cli(['completion', 'bash']);
    const script = `${stdout}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}\n_rollouts; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim().split('\n');
  };

  test('completes commands and options in bash', () => {
    expect(complete('rollouts', 'reh')).toEqual(['rehearse']);
    expect(complete('rollouts', 're').sort()).toEqual(['rehearse', 'reject', 'resume', 'retro', 'retry']);
    expect(complete('rollouts', 'rehearse', '--sc')).toEqual(['--scenario']);
    expect(complete('rollouts', 'doctor', '--')).toEqual(['--aws', '--help']);
  });

  test.each(['bash', 'zsh', 'fish'])('knows every command of the help in %s', (shell) => {
    const script = cli(['completion', shell]).stdout;
    const commands = [
      ...cli(['--help'])
        .stdout.split('Commands:')[1]
        .matchAll(/^ {2}([a-z]+)/gm),
    ].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(4);
    for (const command of commands.filter((name) => name !== 'help')) expect(script).toContain(command);
  });
});

/** Just enough of AWS: who you are, no bootstrap stack, one quota. */
function answer(
  request: Parameters<Parameters<typeof createServer>[1] & object>[0],
  response: Parameters<Parameters<typeof createServer>[1] & object>[1],
) {
  const target = String(request.headers['x-amz-target'] ?? '');
  request.resume().on('end', () => {
    const json = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    };
    if (target.endsWith('.GetParameter')) return json(400, { __type: 'ParameterNotFound' });
    if (target.endsWith('.ListServiceQuotas')) {
      return json(200, { Quotas: [{ QuotaName: 'ml.m5.xlarge for endpoint usage', Value: 12 }] });
    }
    const identity = '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>me</UserId>';
    response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(
        `<GetCallerIdentityResponse><GetCallerIdentityResult>${identity}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
  });
}
