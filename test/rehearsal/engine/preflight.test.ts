import { describe, expect, test } from 'vitest';
import type { EngineWorld } from '../../../rehearsal/engine/engine-world';
import { imageOf, practised, versionOf } from './deployment';
import { lockOf, percentOf, rollOut, told } from './practice';

const updates = (engine: EngineWorld) =>
  engine.world.log.events.filter(({ source, event }) => source === 'sagemaker' && event === 'UpdateStarted').length;

/** What a person says over the function URL, until everything is quiet again. */
async function say(engine: EngineWorld, action: string): Promise<void> {
  const body = JSON.stringify({ schemaVersion: 1, action, endpoint: 'fraud', reason: 'known' });
  const [host] = engine.further.urls.hosts;
  const asked = { userArn: 'arn:aws:sts::123456789012:assumed-role/OnCall/ann', requestId: action, body };
  await engine.run(
    (async () => {
      const answer = await engine.further.urls.ask(host, asked);
      expect(answer, told(engine)).toMatchObject({ statusCode: 200 });
      expect(await engine.quiet(24 * 60)).toBe(true);
    })(),
  );
}

describe('the fence', () => {
  test("refuses a rollout that the account's quota cannot hold, and CloudFormation goes back", async () => {
    const engine = await practised();
    engine.further.quotas.set('ml.m5.xlarge', 8);
    const ended = await rollOut(engine, versionOf('2'));
    expect(ended.deployed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(ended.deployed.reason).toMatch(/must be at least 9, .* is 8; .*\[QuotaTooSmall\]/);
    expect(ended, told(engine)).toMatchObject({ outcome: 'none', percent: 0, violations: [], quiet: true });
    expect([updates(engine), lockOf(engine).rolloutId.S]).toEqual([0, '']);
    engine.further.quotas.set('ml.m5.xlarge', 9);
    expect(await rollOut(engine, versionOf('2')), told(engine)).toMatchObject({ outcome: 'promoted', violations: [] });
  });
});

describe('preflight', () => {
  test('holds a rollout when the tag of what serves was moved; a person may go on all the same', async () => {
    const engine = await practised();
    engine.world.ecr.move(imageOf('1'));
    const ended = await rollOut(engine, versionOf('2'));
    expect(ended, told(engine)).toMatchObject({ outcome: 'held', percent: 0, violations: [], quiet: true });
    expect(ended.reason).toMatch(/fraud:1 was moved: sha256:\w{12} serves, and a launch would fetch sha256:\w{12}$/);
    expect(updates(engine)).toBe(0);
    await say(engine, 'resume');
    expect(percentOf(engine), told(engine)).toBe(100);
    expect(lockOf(engine).rolloutId.S).toBe('');
  });

  test('holds it when an archive of what serves was written again; a person may take it back', async () => {
    const engine = await practised();
    engine.further.s3.put('artefacts', 'fraud/1/model.tar.gz', 'another model');
    const ended = await rollOut(engine, versionOf('2'));
    expect(ended, told(engine)).toMatchObject({ outcome: 'held', percent: 0, violations: [], quiet: true });
    expect(ended.reason).toContain('archive s3://artefacts/fraud/1/model.tar.gz was written at 2026-01-01T');
    await say(engine, 'abort');
    expect([updates(engine), lockOf(engine).rolloutId.S]).toEqual([0, '']);
  });

  test('holds it when the new image is not there', async () => {
    const engine = await practised();
    engine.world.ecr.remove(imageOf('2'));
    const ended = await rollOut(engine, versionOf('2'));
    expect(ended, told(engine)).toMatchObject({ outcome: 'held', percent: 0, violations: [], quiet: true });
    expect([ended.reason, updates(engine)]).toEqual([`image ${imageOf('2')} is not there`, 0]);
  });

  test('waits half an hour for an alarm that cannot ring, because it rings already, and holds it then', async () => {
    const engine = await practised();
    const ring = () => engine.world.cloudwatch.setState('fraud-ErrorRate-b-rollout', 'ALARM', 'noise');
    engine.world.cloudwatch.onTransition(({ to }) => {
      if (to === 'OK' && engine.clock.now() < noisyUntil) engine.clock.after(0, ring);
    });
    const noisyUntil = engine.clock.now() + 3_600_000;
    ring();
    const ended = await rollOut(engine, versionOf('2'));
    expect(ended, told(engine)).toMatchObject({ outcome: 'held', percent: 0, violations: [], quiet: true });
    expect([ended.reason, updates(engine)]).toEqual(['alarm fraud-ErrorRate-b-rollout must be quiet, and is ALARM', 0]);
  });
});
