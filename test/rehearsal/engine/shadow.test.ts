import { Duration, aws_s3 as s3 } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { rehearse } from '../../../rehearsal/rehearse';
import { defineScenario } from '../../../rehearsal/scenario';
import type { Predictions } from '../../../rehearsal/scenario-data';
import { deployed } from './deployed-app';

/** Half an hour of shadow, then five minutes at 25 %. */
const app = (deadline: Duration) =>
  deployed((stack) => ({
    strategy: new rollouts.StagedStrategy({
      shadow: { minimumRequests: 400, minimumDuration: Duration.minutes(30), deadline },
      stages: [{ percent: 25, bake: Duration.minutes(5) }],
      watchPeriod: Duration.minutes(5),
    }),
    dataCapture: { bucket: new s3.Bucket(stack, 'Captures') },
    gates: [new rollouts.ShadowDivergenceGate({ maximumRate: 0.02, unreadableMargin: 0.05 })],
  }));

const rehearsed = (predictions?: Partial<Predictions>, deadline = Duration.hours(4)) =>
  rehearse(app(deadline), {
    scenario: defineScenario({
      name: 'shadow',
      requestsPerSecond: 20,
      ...(predictions && { predictions: { capturedPerHour: 1000, ...predictions } }),
      expect: { outcome: 'promoted' },
    }),
  });

describe('a shadow whose answers are captured', () => {
  test('goes live when it agrees', async () => {
    const outcome = await rehearsed({ disagreementRate: 0.002 });
    expect(outcome).toMatchObject({ outcome: 'promoted', servedConfig: 'challenger', violations: [] });
    expect(outcome.verdicts[0].reason).toMatch(/disagreement: \d+ of \d+ answers differ, less than a share of 0.02/);
  });

  test('is taken back before it has any traffic when it diverges', async () => {
    const outcome = await rehearsed({ disagreementRate: 0.1 });
    // Nobody was exposed to it: there is nothing that would have to be rolled back.
    expect(outcome).toMatchObject({ outcome: 'failed', servedConfig: 'champion', badRequests: 0, violations: [] });
    expect(outcome.verdicts).toEqual([expect.objectContaining({ kind: 'fail' })]);
    expect(outcome.verdicts[0].reason).toMatch(/answers differ, more than a share of 0.02/);
    expect(new Set(outcome.timeline.map(({ challengerPercent }) => challengerPercent))).toEqual(new Set([0]));
  });

  test('is held when the scenario says nothing of its answers', async () => {
    const outcome = await rehearsed(undefined, Duration.minutes(40));
    expect(outcome).toMatchObject({ outcome: 'held', servedConfig: 'champion', badRequests: 0, violations: [] });
    expect(outcome.reason).toContain('no captured record was found');
  });
});
