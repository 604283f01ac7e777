import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { errors, good, story } from '../fixtures/scenarios';
import { practised, versionOf } from './deployment';
import { executionsOf, lockOf, recordItem, rollOut, rolloutsOf, told } from './practice';

/** Errors that no alarm sees at 2 %, and a gate does. */
const worse = story('worse', { errorRate: 0.012 });
const gates = [new rollouts.ErrorRateGate({ absoluteMargin: 0.002, maximumRate: 0.008 })];

describe('a deployment of version 2', () => {
  test('is promoted stage by stage when it is good', async () => {
    const engine = await practised({ scenario: good });
    const ended = await rollOut(engine, versionOf('2'));
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [], quiet: true });
    expect(ended.deployed.status).toBe('UPDATE_COMPLETE');
    const shares = engine.world.log.events.filter(({ event }) => event === 'PhaseEntered').map(({ detail }) => detail);
    expect(shares).toEqual(['stage: challenger at 25 %', 'stage: challenger at 50 %', 'watch: challenger at 100 %']);
    expect(recordItem(engine, 'ENDPOINT#fraud', 'CHAMPION')).toMatchObject({ variant: { S: 'b' } });
    expect(lockOf(engine)).toMatchObject({ rolloutId: { S: '' }, armed: { S: '' } });
  });

  test('is taken back by an alarm when it fails requests', async () => {
    const engine = await practised({ scenario: errors });
    const ended = await rollOut(engine, versionOf('2'));
    expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
    expect(ended.reason).toMatch(/^alarm fraud-ErrorRate-b-rollout$/);
    expect(recordItem(engine, 'ENDPOINT#fraud', 'CHAMPION')).toMatchObject({ variant: { S: 'a' } });
    expect(executionsOf(engine, 'rollout').at(-1)?.status).toBe('ABORTED');
    const rollout = rolloutsOf(engine).at(-1).sk.S.slice('ROLLOUT#'.length);
    expect(recordItem(engine, 'ENDPOINT#fraud', `RETRO#${rollout}`)).toMatchObject({ status: { S: 'open' } });
  });

  test('is taken back by a gate when it is worse than no alarm can see', async () => {
    const engine = await practised({ scenario: worse }, versionOf('1', { gates }));
    const ended = await rollOut(engine, versionOf('2', { gates }));
    expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
    expect(engine.world.cloudwatch.transitions.filter(({ to }) => to === 'ALARM')).toEqual([]);
    expect(executionsOf(engine, 'rollout').at(-1)?.status).toBe('FAILED');
  });

  test('fails, and nobody is served by it, when its container crashes on start', async () => {
    const engine = await practised({ scenario: story('crashes', { startup: 'crashes' }) });
    const ended = await rollOut(engine, versionOf('2'));
    expect(ended, told(engine)).toMatchObject({ outcome: 'failed', percent: 0, violations: [], quiet: true });
  });
});
