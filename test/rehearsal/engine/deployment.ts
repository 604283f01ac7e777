import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { ModelDeployment, type ModelDeploymentProps } from '../../../lib/rollout';
import { readAssembly } from '../../../rehearsal/cloudformation/assembly';
import type { StackArtifact } from '../../../rehearsal/cloudformation/template';
import { EngineWorld, type EngineWorldOptions } from '../../../rehearsal/engine/engine-world';
import { knobSettings } from '../../../rehearsal/knobs';
import { good } from '../fixtures/scenarios';

export const WHERE = { name: 'Fraud', region: 'us-east-1', account: '123456789012' };
export const ENDPOINT = 'fraud';

const root = mkdtempSync(join(tmpdir(), 'engine-'));
// Test files share this module, and its assemblies with it.
process.once('exit', () => rmSync(root, { recursive: true, force: true }));
let apps = 0;

/** Two stages of ten minutes each, and a watch of twenty. */
export const short = new rollouts.StagedStrategy({
  stages: [25, 50].map((percent) => ({ percent, bake: Duration.minutes(10) })),
  watchPeriod: Duration.minutes(20),
});

/** One stage and a watch of five minutes each: for rehearsals by the hundred. */
export const brief = new rollouts.StagedStrategy({
  stages: [{ percent: 25, bake: Duration.minutes(5) }],
  watchPeriod: Duration.minutes(5),
});

const artifacts = new Map<string, StackArtifact>();

/** The image of a version. */
export const imageOf = (version: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:${version}`;

type Props = Partial<ModelDeploymentProps>;

/** A stack with one deployment, synthesized: `version` is what its model's image is tagged with. */
export function versionOf(version: string, props: Props | ((stack: Stack) => Props) = {}): StackArtifact {
  const app = new App({ outdir: join(root, String(++apps)), builtinCloudFormationValidation: false });
  const stack = new Stack(app, WHERE.name);
  const { strategy = short, ...others } = typeof props === 'function' ? props(stack) : props;
  const known = [short, brief].indexOf(strategy as rollouts.StagedStrategy);
  const key = Object.keys(others).length === 0 && known >= 0 ? `${version}/${known}` : undefined;
  const found = key === undefined ? undefined : artifacts.get(key);
  if (found !== undefined) return found;
  const image = rollouts.ContainerImage.fromRegistry(imageOf(version));
  const bucket = s3.Bucket.fromBucketName(stack, 'Artefacts', 'artefacts');
  const modelData = rollouts.ModelData.fromBucket(bucket, `fraud/${version}/model.tar.gz`);
  const model = new rollouts.Model(stack, 'Model', { containers: [{ image, modelData }] });
  new ModelDeployment(stack, 'Fraud', {
    endpointName: ENDPOINT,
    model,
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4 }),
    strategy,
    rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
    ...others,
  });
  const [artifact] = readAssembly(app.synth().directory);
  if (key !== undefined) artifacts.set(key, artifact);
  return artifact;
}

/** What an engine is rehearsed under when nothing is said of it. */
export const emptyAccount = { stack: WHERE, endpoint: ENDPOINT, seed: 1, knobs: knobSettings() };

/** An engine with version 1 serving, warmed up. */
export async function practised(
  options: Partial<EngineWorldOptions> = {},
  first: StackArtifact = versionOf('1'),
  warmUpMinutes = 15,
): Promise<EngineWorld> {
  const engine = new EngineWorld({ ...emptyAccount, scenario: good, ...options });
  await engine.run(
    (async () => {
      const { status, reason } = await engine.deploy(first);
      if (status !== 'CREATE_COMPLETE') throw new Error(`version 1 must deploy, got ${status}: ${reason}`);
      if (!(await engine.quiet(120))) throw new Error('version 1 must come to rest');
      await engine.clock.sleep(warmUpMinutes * 60_000);
    })(),
  );
  return engine;
}
