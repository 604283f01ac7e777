import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, aws_iam as iam, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { afterAll, describe, expect, test } from 'vitest';
import { rehearse } from '../../../rehearsal/rehearse';
import type { Deed } from '../../../rehearsal/scenario';
import { readScenario } from '../../../rehearsal/scenario-file';
import { story } from '../fixtures/scenarios';

const root = mkdtempSync(join(tmpdir(), 'people-'));
afterAll(() => rmSync(root, { recursive: true }));
let apps = 0;

/** Ten minutes at 25 %, then whoever is on call must agree within the hour. */
function app(): App {
  const made = new App({ outdir: join(root, String(++apps)), builtinCloudFormationValidation: false });
  const stack = new Stack(made, 'Fraud');
  const image = rollouts.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:7');
  new rollouts.ModelDeployment(stack, 'Fraud', {
    endpointName: 'fraud',
    model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
    strategy: new rollouts.StagedStrategy({
      stages: [{ percent: 25, bake: Duration.minutes(10), deadline: Duration.minutes(60) }],
      watchPeriod: Duration.minutes(10),
    }),
    rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
    approval: { approvers: [iam.Role.fromRoleArn(stack, 'OnCall', 'arn:aws:iam::123456789012:role/team/OnCall')] },
  });
  return made;
}

const withPeople = (...people: Deed[]) => rehearse(app(), { scenario: story('people', {}, { people }) });

describe('people of a scenario', () => {
  test('agree, and the rollout goes on', async () => {
    const outcome = await withPeople({ does: 'approve', afterSeconds: 300 });
    expect(outcome).toMatchObject({ outcome: 'promoted', servedConfig: 'challenger', violations: [] });
    const acts = outcome.timeline.filter(({ event }) => event === 'PersonActed');
    expect(acts.map(({ detail }) => detail)).toEqual([expect.stringContaining('approve: ')]);
  });

  test.each<[Deed['does'], string]>([
    ['reject', 'rolledBack'],
    ['rollback', 'rolledBack'],
    ['abort', 'aborted'],
    ['revert', 'aborted'],
  ])('%s it, and the champion serves', async (does, ended) => {
    const outcome = await withPeople({ does, afterSeconds: 18 * 60 });
    expect(outcome).toMatchObject({ outcome: ended, servedConfig: 'champion', violations: [] });
  });

  test('say nothing, and the rollout is held', async () => {
    expect(await withPeople()).toMatchObject({ outcome: 'held', violations: [] });
  });

  test('try a third version, which is refused, and the rollout goes on', async () => {
    const outcome = await withPeople(
      { does: 'deployAnother', afterSeconds: 18 * 60 },
      { does: 'approve', afterSeconds: 900 },
    );
    expect(outcome).toMatchObject({ outcome: 'promoted', violations: [] });
    expect(outcome.timeline.find(({ event }) => event === 'PersonActed')?.detail).toContain('[RolloutUnderWay]');
  });

  test('who are not heard are told of', async () => {
    const outcome = await withPeople({ does: 'abort', afterSeconds: 0 }, { does: 'abort', afterSeconds: 600 });
    expect(outcome.violations).toEqual([expect.stringContaining('abort was not heard')]);
  });
});

describe('in a scenario file', () => {
  const file = (people: string) =>
    `name: asked\ntraffic: 10 rps\npeople:\n  - ${people}\nexpect: { outcome: promoted }\n`;

  test('people are named with what they do, and when', () => {
    expect(readScenario(file('{ does: approve, after: 10m }'), 'x.yaml').people).toEqual([
      { does: 'approve', afterSeconds: 600 },
    ]);
    expect(readScenario(file('{ does: revert }'), 'x.yaml').people).toEqual([{ does: 'revert', afterSeconds: 0 }]);
  });

  test('what nobody can do is refused with its line', () => {
    expect(() => readScenario(file('{ does: agree }'), 'x.yaml')).toThrow(/x\.yaml:4:.*one of approve, reject/);
    expect(() => readScenario(file('{ does: approve, after: soon }'), 'x.yaml')).toThrow(/a time such as 90s/);
  });
});
