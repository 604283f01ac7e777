import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, Duration, aws_iam as iam, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const CLI = resolve('dist/bin/rollouts.js');
let folder: string;

beforeAll(() => {
  spawnSync(process.execPath, ['scripts/bundle.mjs', 'host'], { stdio: 'inherit' });
  folder = mkdtempSync(join(tmpdir(), 'serve-'));
  const app = new App({ outdir: join(folder, 'cdk.out'), builtinCloudFormationValidation: false });
  const image = rollouts.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:7');
  const hosting = rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 });
  const fraud = new Stack(app, 'Fraud');
  new rollouts.ModelDeployment(fraud, 'Fraud', {
    endpointName: 'fraud',
    model: new rollouts.Model(fraud, 'Model', { containers: [{ image }] }),
    hosting,
    strategy: new rollouts.StagedStrategy({
      stages: [{ percent: 25, bake: Duration.minutes(10), deadline: Duration.minutes(60) }],
      watchPeriod: Duration.minutes(10),
    }),
    rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
    approval: { approvers: [iam.Role.fromRoleArn(fraud, 'OnCall', 'arn:aws:iam::123456789012:role/team/OnCall')] },
  });
  const churn = new Stack(app, 'Churn');
  new rollouts.Endpoint(churn, 'Endpoint', {
    endpointName: 'churn',
    model: new rollouts.Model(churn, 'Model', { containers: [{ image }] }),
    hosting,
    strategy: new rollouts.AllAtOnceStrategy(),
  });
  app.synth();
  for (const name of ['good', 'errors']) cpSync(`bin/scenarios/${name}.yaml`, join(folder, `${name}.yaml`));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `rollouts serve --json` prints. */
interface Facts {
  readonly url: string;
  readonly endpoint: string;
  readonly now: string;
  readonly deployed: { readonly status: string };
  readonly environment: Record<string, string>;
}

/** A person at a terminal, and nobody's credentials around. */
function cli(args: readonly string[], env: Record<string, string> = {}) {
  const clean = { PATH: '/nowhere', HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', ...env };
  return spawnSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: 'utf8', env: clean });
}

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** `rollouts serve`, once it is ready. */
async function served(scenario: string) {
  const args = ['serve', 'cdk.out', '--stack', 'Fraud', '--scenario', `${scenario}.yaml`, '--port', '0', '--json'];
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  const code = new Promise<number | null>((ended) =>
    child.once('exit', (status) => {
      running.delete(child);
      ended(status);
    }),
  );
  const facts = await new Promise<Facts>((ready, never) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.endsWith('\n')) ready(JSON.parse(said));
    });
    void code.then((status) => never(new Error(`serve ended with ${status}: ${said}`)));
  });
  return {
    facts,
    type: (...words: string[]) => cli(words, facts.environment),
    as: (key: string, ...words: string[]) => cli(words, { ...facts.environment, AWS_ACCESS_KEY_ID: key }),
    end: (signal: NodeJS.Signals) => {
      child.kill(signal);
      return code;
    },
  };
}

describe('whoever practises', () => {
  test('sees time stand still, moves it on, is asked, agrees, and has the evidence', async () => {
    const { facts, type, as, end } = await served('good');
    expect(facts).toMatchObject({
      endpoint: 'fraud',
      deployed: { status: 'UPDATE_COMPLETE' },
      environment: { AWS_ENDPOINT_URL: facts.url, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'OnCall' },
    });
    expect(facts.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);

    const first = type('status', 'fraud');
    expect(first.status).toBe(5);
    expect(first.stdout).toMatch(/^fraud: rollout is under way\n[\s\S]*, 0s ago\n[\s\S]*serves: a 100 % \(InService\)/);
    expect(first.stderr).toMatch(/^a rehearsal answers, and no account: it is 2026-01-01 \d\d:\d\d UTC there\n$/);
    expect(type('status', 'fraud').stdout).toBe(first.stdout);
    const watched = type('watch', 'fraud', '--every', '0');
    expect(watched.status).toBe(5);
    expect(watched.stderr).toMatch(/time stands still: move it on with `rollouts advance 10m`, and watch again\n$/);

    const advanced = type('advance', 'PT25M', '--json');
    expect(advanced.status).toBe(0);
    const { now, messages } = JSON.parse(advanced.stdout);
    expect(Date.parse(now) - Date.parse(facts.now)).toBe(25 * 60_000);
    expect(messages.map(({ subject }: { subject: string }) => subject)).toEqual([
      'fraud: RolloutStarted',
      'fraud: TrafficShifted',
      'fraud: ApprovalNeeded',
    ]);
    const asked = type('status', 'fraud');
    expect(asked.stdout).toMatch(/began .*, 2[45]m(\d\ds)? ago\nwaits for approval/);
    expect(asked.stdout).toMatch(/● stage {4}25 % {2}10m, bake over, 4\dm\d\ds to decide\n/);
    expect(asked.stdout).toMatch(/serves: a 75 %, b 25 % \(InService\)/);

    const intern = as('Intern', 'approve', 'fraud', '--reason', 'why not');
    expect([intern.status, intern.stderr]).toEqual([1, expect.stringMatching(/\[NotAnApprover\]\n$/)]);
    expect(type('approve', 'fraud', '--reason', 'dashboards look good').stdout).toMatch(/is approved: it goes on/);
    const later = type('advance', '30m');
    expect(later.stdout).toMatch(/ {2}fraud: ApprovalGiven\n {2}rehearsal as OnCall: dashboards look good\n/);
    expect(later.stdout).toMatch(
      / {2}fraud: RolloutPromoted\n[\s\S]*\nit is 2026-01-01 .* UTC, and time stands still\n$/,
    );
    expect(type('watch', 'fraud').status).toBe(0);

    const bundle = JSON.parse(type('evidence', 'fraud').stdout);
    expect(bundle).toMatchObject({
      outcome: 'promoted',
      approvals: [
        {
          status: 'approved',
          by: 'arn:aws:sts::123456789012:assumed-role/OnCall/rehearsal',
          reason: 'dashboards look good',
        },
      ],
    });
    expect(type('history', 'fraud', '--json').stdout).toContain('"state": "promoted"');
    expect(await end('SIGTERM')).toBe(0);
  });

  test('takes a rollout back, closes its retrospective, tries again, and aborts', async () => {
    const { type, end } = await served('good');
    type('advance', '10m');
    expect(type('rollback', 'fraud', '--reason', 'complaints').status).toBe(0);
    type('advance', '20m');
    const { status, stdout } = type('watch', 'fraud');
    expect([status, stdout]).toEqual([3, expect.stringContaining('fraud: rollout was rolled back')]);
    expect(stdout).toMatch(/serves: a 100 %, b 0 %/);
    expect(type('evidence', 'fraud', '--html', 'evidence.html').status).toBe(0);
    expect(readFileSync(join(folder, 'evidence.html'), 'utf8')).toContain('Rolled back');
    expect(type('retro', 'list', 'fraud').stdout).toContain('open');
    expect(type('retro', 'close', 'fraud', '--notes', 'a new feature').status).toBe(0);
    expect(type('retry', 'fraud', '--reason', 'fixed upstream').status).toBe(0);
    type('advance', '5m');
    expect(type('abort', 'fraud', '--reason', 'not today').status).toBe(0);
    type('advance', '20m');
    expect(type('watch', 'fraud').stdout).toContain('fraud: rollout was aborted');
    expect(await end('SIGINT')).toBe(0);
  });

  test('rejects one, and resumes one that nobody has answered', async () => {
    const { type } = await served('good');
    type('advance', '2h');
    expect(type('watch', 'fraud').status).toBe(4);
    expect(type('resume', 'fraud', '--reason', 'we slept').status).toBe(0);
    type('advance', '20m');
    expect(type('reject', 'fraud', '--reason', 'too slow').status).toBe(0);
    type('advance', '20m');
    expect(type('status', 'fraud').status).toBe(3);
  });

  test('sees a bad version taken back without lifting a finger', async () => {
    const { type } = await served('errors');
    expect(type('advance', '1h').stdout).toContain('fraud: RolloutRolledBack');
    expect(type('status', 'fraud').status).toBe(3);
  });

  test('ends it in the middle of a long advance', async () => {
    const { facts, end } = await served('good');
    const asked = request(new URL('/advance', facts.url), { method: 'POST' });
    const hungUp = new Promise((gone) => asked.once('error', gone));
    asked.end('90d');
    await new Promise((soon) => setTimeout(soon, 300));
    expect(await end('SIGINT')).toBe(0);
    await hungUp;
  });
});

describe('fails with a sentence for', () => {
  let other: Server;
  let port: number;
  beforeAll(async () => {
    other = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((ready) => other.listen(0, '127.0.0.1', ready));
    port = (other.address() as AddressInfo).port;
  });
  afterAll(() => other.close());

  const serve = (stack: string, ...more: string[]) =>
    cli(['serve', 'cdk.out', '--stack', stack, '--scenario', 'good.yaml', ...more]);

  test.each<[string, () => ReturnType<typeof cli>, RegExp]>([
    [
      'a port that something listens on',
      () => serve('Fraud', '--port', String(port)),
      /^port must be free, and something listens on \d+: name another with --port, or 0 for any \[PortTaken\]\n$/,
    ],
    ['a port that is none', () => serve('Fraud', '--port', '70000'), /whole number up to 65535, got '70000'/],
    [
      'an endpoint that a stack owns',
      () => serve('Churn', '--port', '0'),
      /^stack Churn must .*\[NothingToOperate\]\n$/,
    ],
    ['a stack that is not there', () => serve('Fruad', '--port', '0'), /got 'Fruad' \[UnknownStack\]\n$/],
    [
      'a scenario that is not there',
      () => cli(['serve', 'cdk.out', '--scenario', 'x.yaml']),
      /'x\.yaml' \[CannotRead\]\n$/,
    ],
    ['time without a rehearsal', () => cli(['advance', '10m']), /got nothing \[NoRehearsal\]\n$/],
    [
      'time of somebody else',
      () => cli(['advance', '10m'], { AWS_ENDPOINT_URL: 'https://example.com' }),
      /got https:\/\/example\.com\/ \[NoRehearsal\]\n$/,
    ],
    [
      'time of nobody',
      () => cli(['advance', '10m'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }),
      /could not be reached; .* \[NotReached\]\n$/,
    ],
  ])('%s', (_, ask, sentence) => {
    const { status, stdout, stderr } = ask();
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([status, stdout]).toEqual([1, '']);
  });

  test('time that is no time, and what only an account has', async () => {
    const { type } = await served('good');
    expect(type('advance', 'tomorrow').stderr).toMatch(/^duration must be .*, got 'tomorrow' \[BadDuration\]\n$/);
    expect(type('advance', '101d').stderr).toMatch(/at most 100 days, got '101d' \[BadDuration\]\n$/);
    expect(type('prune', 'fraud').stderr).toMatch(
      /does not serve sagemaker:ListTags: .* \[UnknownOperationException\]\n$/,
    );
    expect(type('status', 'frod').stderr).toMatch(/got 'frod'; .* \[UnknownEndpoint\]\n$/);
    expect(type('status', 'fraud', '--region', 'eu-west-1').stderr).toMatch(
      /owns in eu-west-1, .* \[UnknownEndpoint\]\n$/,
    );
    expect(type('approve', 'fraud', '--reason', 'x').stderr).toMatch(/\[NothingPending\]\n$/);
  });
});
