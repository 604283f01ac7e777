import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { describe, expect, test } from 'vitest';
import { readAssembly } from '../../../rehearsal/cloudformation/assembly';
import type { StackArtifact } from '../../../rehearsal/cloudformation/template';
import { EngineWorld } from '../../../rehearsal/engine/engine-world';
import { errors, good } from '../fixtures/scenarios';
import { brief, ENDPOINT, emptyAccount, imageOf, short, versionOf, WHERE } from './deployment';
import { rollOut, rolloutsOf, told } from './practice';

/** The stack with the endpoint of layer 2. */
function guarded(version: string): StackArtifact {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'adoption-')), builtinCloudFormationValidation: false });
  const stack = new Stack(app, WHERE.name);
  const image = rollouts.ContainerImage.fromRegistry(imageOf(version));
  new rollouts.Endpoint(stack, 'Endpoint', {
    endpointName: ENDPOINT,
    model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
    strategy: new rollouts.CanaryStrategy({
      canarySize: rollouts.CapacitySize.instances(1),
      waitInterval: Duration.minutes(10),
    }),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  return readAssembly(app.synth().directory)[0];
}

const adopting = (version: string, more: object = {}) =>
  versionOf(version, { strategy: brief, adoptExistingEndpoint: true, ...more });
const tags = ({ world }: EngineWorld) => world.sagemaker.tags.of(world.sagemaker.arn('endpoint', ENDPOINT));
const keys = (engine: EngineWorld) => tags(engine).map(({ Key }) => Key);

/** An endpoint of layer 2 that serves. */
async function owned(scenario = good): Promise<EngineWorld> {
  const engine = new EngineWorld({ ...emptyAccount, scenario });
  const first = guarded('1');
  await engine.run(engine.deploy(first));
  await engine.run(engine.clock.sleep(15 * 60_000));
  return engine;
}

/** The same, and its stack has let go of it. */
async function leftAlone(scenario = good): Promise<EngineWorld> {
  const engine = await owned(scenario);
  await engine.run(engine.deploy({ ...guarded('1'), template: { Resources: {} } }));
  return engine;
}

describe('an endpoint that is taken over', () => {
  test('goes from the version that serves to the new one, and is the engine’s from then on', async () => {
    const engine = await leftAlone();
    expect(keys(engine)).toContain('aws:cloudformation:stack-id');
    const ended = await rollOut(engine, adopting('2', { tags: { team: 'risk' } }));
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [], quiet: true });
    expect(tags(engine)).toEqual(
      expect.arrayContaining([
        { Key: 'team', Value: 'risk' },
        { Key: 'cdk-sagemaker-rollouts:endpoint', Value: ENDPOINT },
      ]),
    );
    // It need not be asked for once more, the version that serves is known, and the next one goes the usual way.
    await engine.run(engine.deploy(versionOf('2', { strategy: short })));
    expect(rolloutsOf(engine)).toHaveLength(1);
    const next = await rollOut(engine, versionOf('3', { strategy: brief }));
    expect(next, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [], quiet: true });
  });

  test('goes back to the version that served, and stays taken over', async () => {
    const engine = await leftAlone(errors);
    const ended = await rollOut(engine, adopting('2'));
    expect(ended, told(engine)).toMatchObject({ outcome: 'rolledBack', percent: 0, violations: [], quiet: true });
    expect(keys(engine)).toContain('cdk-sagemaker-rollouts:endpoint');
  });

  test('is as good without the tags of the stack that it came from', async () => {
    const engine = await leftAlone();
    engine.world.sagemaker.tags.forget(engine.world.sagemaker.arn('endpoint', ENDPOINT));
    const ended = await rollOut(engine, adopting('2'));
    expect(ended, told(engine)).toMatchObject({ outcome: 'promoted', percent: 100, violations: [], quiet: true });
  });

  test.each([
    ['its stack still has it', owned, adopting('2'), /a CloudFormation stack owns the endpoint/],
    [
      'nobody asked for that',
      leftAlone,
      versionOf('2', { strategy: brief }),
      /a CloudFormation stack owns the endpoint/,
    ],
  ] as const)('is not, where %s', async (_, world, artifact, reason) => {
    const engine = await world();
    const before = engine.world.sagemaker.describeEndpoint({ EndpointName: ENDPOINT });
    const { status, reason: said } = await engine.run(engine.deploy(artifact));
    expect(status).toMatch(/ROLLBACK_COMPLETE$/);
    expect(said).toMatch(reason);
    expect(said).toContain('[EndpointForeign]');
    expect(engine.world.sagemaker.describeEndpoint({ EndpointName: ENDPOINT })).toEqual(before);
    expect(keys(engine)).not.toContain('cdk-sagemaker-rollouts:endpoint');
  });
});
