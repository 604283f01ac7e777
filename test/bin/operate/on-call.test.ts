import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, aws_iam as iam } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { decide } from '../../../bin/commands/decide';
import { evidence } from '../../../bin/commands/evidence';
import { history } from '../../../bin/commands/history';
import { addOperate } from '../../../bin/commands/operate';
import { retroList } from '../../../bin/commands/retro';
import { status } from '../../../bin/commands/status';
import { watch } from '../../../bin/commands/watch';
import type { EngineWorld } from '../../../rehearsal/engine/engine-world';
import { practised, versionOf } from '../../rehearsal/engine/deployment';
import { rollOut, rolloutsOf, told } from '../../rehearsal/engine/practice';
import { ON_CALL, person } from './person';

const stages = [{ percent: 25, bake: Duration.minutes(10), deadline: Duration.minutes(40), approval: true }];
const strategy = new rollouts.StagedStrategy({ stages, watchPeriod: Duration.minutes(20) });
const approval = { approvers: [new iam.ArnPrincipal('arn:aws:iam::123456789012:role/OnCall')] };
const asked = { strategy, approval };
const folder = mkdtempSync(join(tmpdir(), 'operate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reason = 'dashboards look good';
const MINUTE = 60_000;

/** Waits for a message of that subject; tells what happened instead when none comes. */
async function message(engine: EngineWorld, word: string): Promise<string> {
  for (let minute = 0; minute < 120; minute++) {
    const found = engine.further.sns.published.find(({ subject }) => subject === `fraud: ${word}`);
    if (found !== undefined) return found.message;
    await engine.clock.sleep(MINUTE);
  }
  throw new Error(`no message '${word}':\n${told(engine)}`);
}

describe('whoever is on call', () => {
  test('sees a rollout ask, agrees to it, follows it to its end, and has the evidence', async () => {
    const engine = await practised({}, versionOf('1', asked));
    const ann = person(engine);
    const seen: string[] = [];
    const ended = await rollOut(engine, versionOf('2', asked), async () => {
      await engine.clock.sleep(3 * MINUTE);
      await expect(decide('approve', 'fraud', { reason }, ann.around)).rejects.toThrow('[NothingPending]');
      expect(await message(engine, 'ApprovalNeeded')).toContain('npx rollouts approve fraud --reason "..."');
      expect(await status('fraud', {}, ann.around)).toBe(5);
      seen.push(ann.said());
      const intern = person(engine, { userArn: 'arn:aws:sts::123456789012:assumed-role/Intern/tim' });
      await expect(decide('approve', 'fraud', { reason }, intern.around)).rejects.toThrow('[NotAnApprover]');
      expect(await decide('approve', 'fraud', { reason }, ann.around)).toBe(0);
      seen.push(ann.said());
      expect(await watch('fraud', { every: 60, timeout: 0 }, ann.around)).toBe(0);
      seen.push(ann.said());
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [] });
    const [before, approved, after] = seen;
    expect(before).toMatch(/^fraud: rollout is under way\n/);
    expect(before).toMatch(/● stage {4}25 % {2}10m, bake over, \d+m(\d\ds)? to decide\n/);
    expect(before).toMatch(/\n {2}pass alarms: /);
    expect(before).toMatch(/○ watch {3}100 % {2}20m\n/);
    expect(before).toMatch(/serves: a 75 %, b 25 % \(InService\)\n/);
    expect(before).toMatch(/next:\n {2}npx rollouts approve fraud --reason "\.\.\."\n/);
    for (const line of before.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(approved).toMatch(/^fraud: rollout r-\S+ is approved: it goes on with its next look\n$/);
    expect(after).toMatch(/RolloutPromoted: [\s\S]*fraud: rollout was promoted\n/);

    await engine.run(
      (async () => {
        expect(await evidence('fraud', undefined, {}, ann.around)).toBe(0);
        const bundle = JSON.parse(ann.said());
        expect(bundle).toMatchObject({ outcome: 'promoted', endpoint: 'fraud', schemaVersion: 1 });
        expect(bundle.templateHash).toMatch(/^[0-9a-f]{64}$/);
        expect(bundle.phases.map(({ kind, percent }: { kind: string; percent: number }) => [kind, percent])).toEqual([
          ['stage', 25],
          ['watch', 100],
        ]);
        expect(bundle.approvals).toMatchObject([{ status: 'approved', by: ON_CALL, reason }]);
        expect(bundle.verdicts.filter(({ by }: { by: string }) => by === 'alarms').length).toBeGreaterThan(10);
        const events = bundle.timeline.map(
          ({ event, challengerPercent }: { event: string; challengerPercent: number }) => [event, challengerPercent],
        );
        expect(events).toEqual([
          ['RolloutStarted', 0],
          ['TrafficShifted', 25],
          ['ApprovalNeeded', 25],
          ['ApprovalGiven', 25],
          ['TrafficShifted', 100],
          ['RolloutPromoted', 100],
        ]);
        expect(await history('fraud', {}, ann.around)).toBe(0);
        expect(ann.said()).toMatch(/^began {17}version {3}ended[\s\S]*Promoted/);
      })(),
    );
  });

  test('takes a rollout back, learns from it, and tries again', async () => {
    const engine = await practised();
    const ann = person(engine);
    const page = join(folder, 'evidence.html');
    const ended = await rollOut(engine, versionOf('2'), async () => {
      await message(engine, 'TrafficShifted');
      expect(await decide('rollback', 'fraud', { reason: 'complaints' }, ann.around)).toBe(0);
      expect(await watch('fraud', { every: 30, timeout: 0, json: true }, ann.around)).toBe(3);
      const lines = ann.said().trim().split('\n').slice(1);
      expect(lines.map((line) => JSON.parse(line).event)).toContain('RolloutRolledBack');
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [] });
    expect(ended.reason).toContain('ann as OnCall');

    await engine.run(
      (async () => {
        await expect(decide('rollback', 'fraud', { reason }, ann.around)).rejects.toThrow(
          'endpoint fraud has no rollout under way [NoRollout]',
        );
        await expect(decide('retry', 'fraud', { reason }, ann.around)).rejects.toThrow('[RetrospectiveOpen]');
        expect(await status('fraud', {}, ann.around)).toBe(3);
        expect(ann.said()).toMatch(/retrospective open: r-[\s\S]*retro close fraud --notes/);
        expect(await evidence('fraud', undefined, { html: page }, ann.around)).toBe(0);
        expect(readFileSync(page, 'utf8')).toMatch(/<h1>fraud: <span class="ending">Rolled back<\/span>/);
        await decide('closeRetrospective', 'fraud', { reason: 'a <b>new</b> feature' }, ann.around);
        ann.said();
        expect(await retroList('fraud', { json: true }, ann.around)).toBe(0);
        expect(JSON.parse(ann.said()).retrospectives).toMatchObject([
          { status: 'closed', notes: 'a <b>new</b> feature' },
        ]);
        await evidence('fraud', undefined, { html: page }, ann.around);
        expect(readFileSync(page, 'utf8')).toContain('a &lt;b&gt;new&lt;/b&gt; feature');
        expect(await decide('retry', 'fraud', { reason: 'fixed upstream' }, ann.around)).toBe(0);
        await engine.clock.sleep(12 * MINUTE);
        expect(await decide('abort', 'fraud', { reason: 'not today' }, ann.around)).toBe(0);
        ann.said();
        expect(await watch('fraud', { every: 60, timeout: 0 }, ann.around)).toBe(3);
        expect(ann.said()).toMatch(/fraud: rollout was aborted\n/);
        expect(await engine.quiet(60)).toBe(true);
      })(),
    );
    expect(rolloutsOf(engine).map(({ outcome }) => outcome.S)).toEqual(['promoted', 'rolledBack', 'aborted']);
  });

  test('lets a held rollout go on where it was held', async () => {
    const engine = await practised({}, versionOf('1', asked));
    const ann = person(engine);
    const ended = await rollOut(engine, versionOf('2', asked), async () => {
      await message(engine, 'ApprovalNeeded');
      expect(await watch('fraud', { every: 60, timeout: 0 }, ann.around)).toBe(4);
      expect(ann.said()).toMatch(/rollout is held: a person must decide[\s\S]*next:\n {2}npx rollouts resume fraud/);
      expect(await decide('resume', 'fraud', { reason: 'we slept' }, ann.around)).toBe(0);
      await engine.clock.sleep(2 * MINUTE);
      expect(await decide('approve', 'fraud', { reason }, ann.around)).toBe(0);
      expect(await watch('fraud', { every: 60, timeout: 0 }, ann.around)).toBe(0);
    });
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [] });
  });

  test('is told what is wrong, in words', async () => {
    const engine = await practised();
    const ask = (name: string, options: Parameters<typeof person>[1] = {}) =>
      engine.run(status(name, {}, person(engine, options).around));
    await expect(ask('frod')).rejects.toThrow(
      "endpoint must be one that a ModelDeployment owns in us-east-1, got 'frod'; name it as endpointName does, or use --region [UnknownEndpoint]",
    );
    await expect(ask('fraud', { policies: [] })).rejects.toThrow(
      /^endpoint fraud could not be looked up: you must be allowed to, see grantOperate of ModelDeployment; .*ssm:GetParameter.*\[AccessDenied\]$/,
    );
    await expect(ask('fraud', { refused: { GetItem: { status: 400, type: 'ThrottlingException' } } })).rejects.toThrow(
      'the record of fraud could not be read: AWS is throttling these calls; try again in a minute [Throttled]',
    );
    await expect(
      ask('fraud', { refused: { GetParameter: { status: 400, type: 'ExpiredTokenException' } } }),
    ).rejects.toThrow('[NoCredentials]');
    const barred = person(engine, { refused: { url: { status: 403, type: 'AccessDeniedException' } } });
    await expect(engine.run(decide('rollback', 'fraud', { reason }, barred.around))).rejects.toThrow('[AccessDenied]');
    await expect(engine.run(evidence('fraud', 'r-0', {}, person(engine).around))).rejects.toThrow('[UnknownRollout]');
    // What SageMaker does not say does not keep the record from being shown.
    const blind = person(engine, { refused: { DescribeEndpoint: { status: 400, type: 'ThrottlingException' } } });
    expect(await engine.run(status('fraud', {}, blind.around))).toBe(0);
    expect(blind.said()).toMatch(/serves: not known/);
  });

  test('types it as the help says', async () => {
    const engine = await practised();
    const ann = person(engine);
    const type = (...words: string[]) => {
      const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
      addOperate(program, () => ann.around);
      for (const each of program.commands) each.exitOverride().configureOutput({ writeErr: () => {} });
      return engine.run(program.parseAsync(words, { from: 'user' }));
    };
    const before = process.exitCode;
    await type('history', 'fraud', '--json');
    expect(JSON.parse(ann.said()).rollouts).toMatchObject([{ state: 'promoted' }]);
    await type('retro', 'list', 'fraud', '--region', 'us-east-1');
    expect(ann.said()).toBe('fraud: nothing was taken back yet\n');
    await type('status', 'fraud', '--json');
    expect([process.exitCode, JSON.parse(ann.said()).rollout.state]).toEqual([0, 'promoted']);
    process.exitCode = before;
    await expect(type('rollback', 'fraud')).rejects.toThrow(/required option '--reason <text>'/);
    await expect(type('watch', 'fraud', '--every', '1m')).rejects.toThrow(/whole number, got '1m'/);
    await expect(type('status', 'frod')).rejects.toThrow('[UnknownEndpoint]');
  });

  test('sees a tree that is drawn anew on a terminal', async () => {
    const engine = await practised();
    const ann = person(engine, { live: true });
    await rollOut(engine, versionOf('2'), async () => {
      await message(engine, 'TrafficShifted');
      expect(await watch('fraud', { every: 60, timeout: 2 }, ann.around)).toBe(5);
    });
    const drawn = ann.said().split('\u001b[J');
    expect(drawn.length).toBe(3);
    for (const tree of drawn) expect(tree).toMatch(/^fraud: rollout is under way\n/);
  });
});
