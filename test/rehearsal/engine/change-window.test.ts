import { Duration } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import type { EngineWorld } from '../../../rehearsal/engine/engine-world';
import { story } from '../fixtures/scenarios';
import { practised, versionOf } from './deployment';
import { executionsOf, rollOut, told } from './practice';

/** The rehearsal begins on Thursday the 1st of January at midnight, and Friday is frozen. */
const strategy = new rollouts.StagedStrategy({
  stages: [{ percent: 25, bake: Duration.minutes(70) }],
  watchPeriod: Duration.minutes(70),
  changeWindow: rollouts.ChangeWindow.daily({ fromHour: 4, toHour: 5, timeZone: 'Europe/Berlin' }),
  freezes: [{ firstDay: '2026-01-02', lastDay: '2026-01-02', timeZone: 'Europe/Berlin' }],
});

/** The challenger's share, and when it got it. */
const shifts = (engine: EngineWorld) =>
  engine.world.log.events
    .filter(({ event }) => event === 'PhaseEntered')
    .map(({ at, detail }) => `${new Date(at).toISOString().slice(8, 13)} ${detail}`);

describe('in a change window', () => {
  test('nothing begins before it, no share rises after it or in a freeze, and the rollout ends within it', async () => {
    const engine = await practised({}, versionOf('1', { strategy }));
    const ended = await rollOut(engine, versionOf('2', { strategy }), undefined, 5 * 24 * 60);
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [], quiet: true });
    expect(shifts(engine)).toEqual(['01T03 stage: challenger at 25 %', '03T03 watch: challenger at 100 %']);
    const promoted = engine.world.log.events.filter(({ event }) => event === 'RolloutPromoted').at(-1);
    expect(new Date(promoted?.at ?? 0).toISOString()).toMatch(/^2026-01-04T03/);
    const [execution] = executionsOf(engine, 'rollout').slice(-1);
    expect(execution?.history.length).toBeLessThan(500);
  });

  test('the way back is open while it is closed', async () => {
    const later = { atSeconds: 8 * 3600, challenger: { errorRate: 0.3 } };
    const engine = await practised(
      { scenario: story('turns', {}, { changes: [later] }) },
      versionOf('1', { strategy }),
    );
    const ended = await rollOut(engine, versionOf('2', { strategy }), undefined, 5 * 24 * 60);
    expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
    const back = engine.world.log.events.find(({ event }) => event === 'RollbackStarted');
    expect(new Date(back?.at ?? 0).toISOString()).toMatch(/^2026-01-01T08/);
  });
});
