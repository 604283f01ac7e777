import { Duration } from 'aws-cdk-lib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChangeWindow, PlanContext, StagedStrategy } from '../../../lib';
import { planPhases } from '../../../lib/rollout/plan-phases';

const plan = (strategy: StagedStrategy) => strategy.plan(new PlanContext());
const hours = Duration.hours;

describe('StagedStrategy', () => {
  test('minimumViable: a tenth for a day, then a day of watch', () => {
    expect(planPhases(plan(StagedStrategy.minimumViable()), false)).toEqual({
      schemaVersion: 1,
      strategy: 'staged',
      phases: [
        { kind: 'stage', percent: 10, bake: 'P1D', deadline: 'P2D' },
        { kind: 'watch', bake: 'P1D', holdbackPercent: 0 },
      ],
      onUndecided: 'stay',
      retainPrevious: true,
    });
  });

  test('standard: 5, 25, 50 % for a day each, then three days of watch', () => {
    expect(planPhases(plan(StagedStrategy.standard()), true).phases).toEqual([
      { kind: 'before', deadline: 'PT30M' },
      { kind: 'stage', percent: 5, bake: 'P1D', deadline: 'P2D' },
      { kind: 'stage', percent: 25, bake: 'P1D', deadline: 'P2D' },
      { kind: 'stage', percent: 50, bake: 'P1D', deadline: 'P2D' },
      { kind: 'watch', bake: 'P3D', holdbackPercent: 0 },
    ]);
  });

  test('highStakes: shadow first, a person before all traffic, and back when undecided', () => {
    const { phases, onUndecided } = planPhases(plan(StagedStrategy.highStakes()), true);
    expect(phases.map(({ kind }) => kind)).toEqual(['before', 'shadow', 'stage', 'stage', 'stage', 'watch']);
    expect(phases[1]).toEqual({
      kind: 'shadow',
      samplingPercent: 100,
      minimumRequests: 10_000,
      bake: 'P2D',
      deadline: 'P6D',
    });
    expect(phases[4]).toEqual({ kind: 'stage', percent: 50, bake: 'P1D', deadline: 'P5D', approval: true });
    expect(onUndecided).toBe('champion');
  });

  test('a short bake has at least an hour more to be decided', () => {
    const strategy = new StagedStrategy({ stages: [{ percent: 5, bake: Duration.minutes(10) }] });
    expect(planPhases(plan(strategy), false).phases[0]).toMatchObject({ bake: 'PT10M', deadline: 'PT1H10M' });
  });

  test('fails with all problems at once', () => {
    const stages = [
      { percent: 25, bake: hours(24) },
      { percent: 5, bake: hours(24), deadline: hours(1) },
      { percent: 100, bake: hours(1) },
    ];
    const shadow = { minimumRequests: 0, minimumDuration: hours(1), samplingPercent: 0 };
    const make = () => new StagedStrategy({ stages, shadow, holdbackPercent: 60 });
    for (const code of [
      'StagePercentOutOfOrder',
      'DeadlineBeforeBake',
      'SamplingOutOfRange',
      'ShadowRequestsOutOfRange',
      'HoldbackOutOfRange',
    ]) {
      expect(make).toThrow(`[${code}]`);
    }
    expect(() => new StagedStrategy({ stages: [] })).toThrow('[StagesOutOfRange]');
  });

  test('a change window and freezes are part of the plan, and of what users snapshot', () => {
    const strategy = new StagedStrategy({
      stages: [{ percent: 5, bake: hours(24) }],
      changeWindow: ChangeWindow.weekdays({ fromHour: 9, toHour: 16, timeZone: 'Europe/Berlin' }),
      freezes: [{ firstDay: '2026-12-19', lastDay: '2027-01-03' }],
    });
    const times = {
      changeWindow: { days: [1, 2, 3, 4, 5], fromHour: 9, toHour: 16, timeZone: 'Europe/Berlin' },
      freezes: [{ firstDay: '2026-12-19', lastDay: '2027-01-03' }],
    };
    expect(planPhases(plan(strategy), false)).toMatchObject(times);
    expect(strategy.toJson()).toMatchObject(times);
    expect(plan(strategy).toJson()).toMatchObject(times);
    expect(ChangeWindow.daily({ fromHour: 0, toHour: 24 }).toJson()).toEqual({
      days: [1, 2, 3, 4, 5, 6, 7],
      fromHour: 0,
      toHour: 24,
    });
  });

  test('fails with all problems of a window, or of freezes, at once', () => {
    const window = () => new ChangeWindow({ days: [0, 8], fromHour: 16, toHour: 9, timeZone: 'Mars/Olympus' });
    for (const code of ['ChangeWindowDays', 'ChangeWindowHours', 'TimeZoneUnknown']) {
      expect(window).toThrow(`[${code}]`);
    }
    expect(() => new ChangeWindow({ days: [], fromHour: 8, toHour: 9 })).toThrow('[ChangeWindowDays]');
    expect(() => ChangeWindow.daily({ fromHour: 8, toHour: 8 })).toThrow('[ChangeWindowHours]');
    expect(() => ChangeWindow.daily({ fromHour: 8.5, toHour: 16 })).toThrow('[ChangeWindowHours]');
    const freezes = [
      { firstDay: '2026-12-24', lastDay: '2026-12-20' },
      { firstDay: '2026-02-30', lastDay: 'spring' },
      { firstDay: '2026-12-24', lastDay: '2026-12-26', timeZone: 'Nowhere' },
    ];
    const make = () => new StagedStrategy({ stages: [{ percent: 5, bake: hours(1) }], freezes });
    for (const text of [
      '[FreezeEndsBeforeStart]',
      "got '2026-02-30' [FreezeDay]",
      "got 'spring'",
      '[TimeZoneUnknown]',
    ]) {
      expect(make).toThrow(text);
    }
  });

  test('any rising shares below 100 are a plan, and no others', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 110 }), { minLength: 1, maxLength: 6 }), (percents) => {
        const rising = percents.every((p, i) => p > (percents[i - 1] ?? 0) && p < 100);
        const make = () => new StagedStrategy({ stages: percents.map((percent) => ({ percent, bake: hours(1) })) });
        if (rising) expect(plan(make()).steps.map(({ percent }) => percent)).toEqual([...percents, 100]);
        else expect(make).toThrow('[StagePercentOutOfOrder]');
      }),
    );
  });
});
