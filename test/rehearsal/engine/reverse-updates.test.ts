import { describe, expect, test } from 'vitest';
import { ResourceFailure } from '../../../rehearsal/cloudformation/resource-provider';
import type { StackArtifact } from '../../../rehearsal/cloudformation/template';
import type { EngineWorld } from '../../../rehearsal/engine/engine-world';
import { brief, ENDPOINT, practised, versionOf } from './deployment';
import { lockOf, recordItem, rolloutsOf, told } from './practice';

const [first, second, third] = ['1', '2', '3'].map((version) => versionOf(version, { strategy: brief }));
const HOUR = 3_600_000;

/** The same deployment with a resource after its handover that fails. */
function failsLate(artifact: StackArtifact): StackArtifact {
  const { Resources } = artifact.template;
  const DependsOn = Object.keys(Resources).filter((id) => Resources[id].Type === 'Custom::RolloutSpec');
  const Late = { Type: 'AWS::ECR::Repository', Properties: {}, DependsOn };
  return { ...artifact, template: { ...artifact.template, Resources: { ...Resources, Late } } };
}

/** What a person says at the engine's door. */
async function say(engine: EngineWorld, action: string): Promise<void> {
  const [door = ''] = engine.further.urls.hosts;
  const userArn = 'arn:aws:sts::123456789012:assumed-role/OnCall/ada';
  const body = JSON.stringify({ schemaVersion: 1, action, endpoint: ENDPOINT, reason: 'practice' });
  expect(await engine.further.urls.ask(door, { userArn, requestId: action, body })).toMatchObject({ statusCode: 200 });
}

/** Nothing runs, nobody holds the lock, and so many rollouts have been: how the last one ended. */
async function rested(engine: EngineWorld): Promise<readonly string[]> {
  expect(await engine.quiet(24 * 60)).toBe(true);
  expect(lockOf(engine).rolloutId.S, told(engine)).toBe('');
  return rolloutsOf(engine).map(({ outcome }) => outcome?.S);
}

describe('CloudFormation goes back', () => {
  test('to a version that was aborted, because the next one was refused: nobody holds the lock', async () => {
    const engine = await practised({}, first, 2);
    await engine.run(
      (async () => {
        await engine.deploy(second);
        await engine.clock.sleep(60_000);
        await say(engine, 'abort');
        await rested(engine);
        engine.further.quotas.set('ml.m5.xlarge', 3);
        const refused = await engine.deploy(third);
        expect(refused).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
        expect(refused.reason).toContain('[QuotaTooSmall]');
        expect(await rested(engine)).toEqual(['promoted', 'aborted']);
        engine.further.quotas.set('ml.m5.xlarge', 1000);
        expect((await engine.deploy(third)).status).toBe('UPDATE_COMPLETE');
        expect(await rested(engine)).toEqual(['promoted', 'aborted', 'promoted']);
      })(),
    );
  });

  test('after the new version was promoted: it goes on serving', async () => {
    const engine = await practised({}, first, 2);
    engine.world.addProvider('AWS::ECR::Repository', {
      create: async () => {
        await engine.clock.sleep(HOUR);
        throw new ResourceFailure('the repository could not be made');
      },
      update: async (_request, _properties, physical) => physical,
      delete: async () => {},
    });
    await engine.run(
      (async () => {
        expect(await engine.deploy(failsLate(second))).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
        expect(await rested(engine)).toEqual(['promoted', 'promoted']);
      })(),
    );
    const champion = recordItem(engine, `ENDPOINT#${ENDPOINT}`, 'CHAMPION').variant.S;
    const served = engine.world.sagemaker.router.of(ENDPOINT).shares.map(({ fleet }) => fleet.variantName);
    expect([champion, ...served]).toEqual(['b', 'b']);
  });
});
