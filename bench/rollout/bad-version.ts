import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { defineScenario, type Knobs, type Outcome, rehearse } from '../../rehearsal';
import { randomStream } from '../../rehearsal/time/random';

/** One bad version that an engine has to find and take back. */
export interface BadVersion {
  /** Of the endpoint, declared and real. */
  readonly requestsPerSecond: number;
  /** The challenger's share, 0-100. */
  readonly percent: number;
  /** Who may find it. */
  readonly guards: 'alarms and a gate' | 'a gate alone';
  readonly metricLagSeconds: Knobs['metricLagSeconds'];
  readonly weightsApplySeconds: Knobs['weightsApplySeconds'];
}

/** What it took, in seconds, as the outcome has it. */
export type Found = Pick<
  Outcome,
  'servedConfig' | 'detectSeconds' | 'decideSeconds' | 'restoreSeconds' | 'confirmSeconds' | 'violations'
>;

/** The version is good until some moment of these five minutes, when its fleet is up and its stage has begun. */
const TURNS_AFTER_SECONDS = 20 * 60;
const TURNS_WITHIN_SECONDS = 5 * 60;
/** Share of requests that a bad version answers with 5xx. */
export const ERROR_RATE = 0.05;
/** Minutes of the stage: enough for whoever is slow to find it. */
const BAKE_MINUTES = 120;

/** Synthesizes the deployment that a bad version is rehearsed on. @returns the folder of its assembly */
export function synthesized(folder: string, { requestsPerSecond, percent, guards }: BadVersion): string {
  const name = `${guards}-${requestsPerSecond}-${percent}`.replaceAll(' ', '-');
  const app = new App({ outdir: join(folder, name), builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Fraud');
  const image = rollouts.ContainerImage.fromRegistry('111111111111.dkr.ecr.us-east-1.amazonaws.com/fraud:v7');
  const { recommended } = rollouts.RollbackAlarm;
  new rollouts.ModelDeployment(stack, 'Deployment', {
    endpointName: 'fraud',
    model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
    hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4, requestsPerSecond }),
    strategy: new rollouts.StagedStrategy({
      stages: [{ percent, bake: Duration.minutes(BAKE_MINUTES) }],
      watchPeriod: Duration.minutes(5),
    }),
    gates: [new rollouts.ErrorRateGate()],
    rollbackAlarms: guards === 'a gate alone' ? [] : recommended({ errorRate: 0.02 }),
  });
  return app.synth().directory;
}

/** Rehearses it once: onset, alarm phase and tick phase are drawn by the seed. */
export async function foundOf(assembly: string, version: BadVersion, seed: number): Promise<Found> {
  const { requestsPerSecond, metricLagSeconds, weightsApplySeconds } = version;
  const atSeconds = TURNS_AFTER_SECONDS + TURNS_WITHIN_SECONDS * randomStream(seed, 'onset')();
  const scenario = defineScenario({
    name: 'five percent of errors',
    requestsPerSecond,
    changes: [{ atSeconds, challenger: { errorRate: ERROR_RATE } }],
    expect: { outcome: 'rolledBack', servedConfig: 'champion' },
  });
  const outcome = await rehearse(assembly, { scenario, seed, knobs: { metricLagSeconds, weightsApplySeconds } });
  const { servedConfig, detectSeconds, decideSeconds, restoreSeconds, confirmSeconds, violations } = outcome;
  return { servedConfig, detectSeconds, decideSeconds, restoreSeconds, confirmSeconds, violations };
}
