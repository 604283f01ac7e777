import { App, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import type { StackResult } from '../../../rehearsal/cloudformation/stack';
import type { StackArtifact } from '../../../rehearsal/cloudformation/template';
import { EngineWorld, type EngineWorldOptions } from '../../../rehearsal/engine/engine-world';
import { good } from '../fixtures/scenarios';
import { ENDPOINT, emptyAccount, versionOf } from './deployment';
import { lockOf, rolloutsOf, told } from './practice';

const reports = s3.Bucket.fromBucketName(new Stack(new App(), 'Reports'), 'Reports', 'reports');
const gates = [
  new rollouts.OfflineEvaluationGate({
    report: rollouts.EvaluationReport.fromBucket(reports, 'fraud/evaluation.json'),
    checks: [rollouts.EvaluationCheck.limit({ metric: rollouts.MetricPlace.huggingFace('error_rate'), maximum: 0.05 })],
  }),
];

const account = (options: Partial<EngineWorldOptions> = {}) =>
  new EngineWorld({ ...emptyAccount, scenario: good, ...options });

/** Deploys to an empty account. What it sees is what a user has once `cdk deploy` is back, before anything else happens. */
async function created(engine: EngineWorld, artifact: StackArtifact) {
  return engine.run(
    (async () => {
      const deployed: StackResult = await engine.deploy(artifact);
      const { shares } = engine.world.sagemaker.router.of(ENDPOINT);
      const seen = { status: deployed.status, serves: shares.length > 0, lock: lockOf(engine)?.rolloutId.S };
      await engine.quiet(6 * 60);
      return { ...seen, reason: deployed.reason, outcome: rolloutsOf(engine).at(-1)?.outcome?.S };
    })(),
  );
}

describe('the first deployment', () => {
  test('is done when the first version serves, and not before', async () => {
    const engine = account();
    expect(await created(engine, versionOf('1')), told(engine)).toMatchObject({
      status: 'CREATE_COMPLETE',
      serves: true,
      lock: '',
      outcome: 'promoted',
    });
  });

  test('fails when the first version does not come up, and leaves nothing in the way of the next', async () => {
    const engine = account({ firstStartup: 'crashes' });
    const ended = await created(engine, versionOf('1'));
    expect(ended, told(engine)).toMatchObject({
      status: 'ROLLBACK_COMPLETE',
      serves: false,
      lock: '',
      outcome: 'failed',
    });
    expect(ended.reason).toMatch(/the first version is failed: .* \[NotServing\]/);
    expect(engine.world.log.events.map(({ event }) => event)).toContain('EndpointDeleted');
  });

  test('asks the reports first: with a good one it serves', async () => {
    const engine = account();
    engine.further.s3.put('reports', 'fraud/evaluation.json', JSON.stringify({ error_rate: 0.01 }));
    expect(await created(engine, versionOf('1', { gates })), told(engine)).toMatchObject({
      status: 'CREATE_COMPLETE',
      serves: true,
      lock: '',
      outcome: 'promoted',
    });
  });

  test.each([
    ['bad', JSON.stringify({ error_rate: 0.2 }), 'failed'],
    ['unreadable', '{', 'aborted'],
    ['missing', undefined, 'aborted'],
  ])('asks the reports first: of one that is %s nothing is ever launched', async (_, report, outcome) => {
    const engine = account();
    if (report !== undefined) engine.further.s3.put('reports', 'fraud/evaluation.json', report);
    const ended = await created(engine, versionOf('1', { gates }));
    expect(ended, told(engine)).toMatchObject({ status: 'ROLLBACK_COMPLETE', serves: false, lock: '' });
    expect(engine.world.log.events.map(({ event }) => event)).not.toContain('FleetLaunching');
    expect(rolloutsOf(engine).at(-1)).toMatchObject({ outcome: { S: outcome } });
  });
});
