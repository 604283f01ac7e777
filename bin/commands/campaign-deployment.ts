import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, aws_iam as iam, aws_lambda as lambda, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import type { BundleCase } from '../../rehearsal/campaign/bundles/bundle-case';
import { readAssembly } from '../../rehearsal/cloudformation/assembly';
import type { StackArtifact } from '../../rehearsal/cloudformation/template';
import { packageRoot } from '../package-root';

const ACCOUNT = '111111111111';

/** Synthesizes the deployment of a case, as a user's app would, for as long as it is rehearsed. */
export async function withDeployment<T>(one: BundleCase, work: (stack: StackArtifact) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'campaign-'));
  try {
    const app = new App({ outdir: folder, builtinCloudFormationValidation: false });
    deploy(app, one);
    const [artifact] = readAssembly(app.synth().directory);
    return await work(artifact);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function deploy(app: App, { plan, requestsPerSecond }: BundleCase): void {
  const stack = new Stack(app, 'Fraud');
  const image = rollouts.ContainerImage.fromRegistry(`${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/fraud:v7`);
  const approver = iam.Role.fromRoleArn(stack, 'OnCall', `arn:aws:iam::${ACCOUNT}:role/OnCall`, { mutable: false });
  new rollouts.ModelDeployment(stack, 'Deployment', {
    endpointName: 'fraud',
    model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
    hosting: rollouts.Hosting.instances({
      instanceType: 'ml.m5.xlarge',
      initialInstanceCount: plan.instances,
      requestsPerSecond,
    }),
    strategy: strategyOf(plan),
    gates: gatesOf(stack, plan),
    rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.05, latencyP99: Duration.millis(400) }),
    approval: plan.approval ? { approvers: [approver] } : undefined,
  });
}

function strategyOf(plan: BundleCase['plan']): rollouts.Strategy {
  const { shadowMinutes, stages, watchMinutes, holdbackPercent, onUndecided } = plan;
  return new rollouts.StagedStrategy({
    ...(shadowMinutes === undefined
      ? {}
      : { shadow: { minimumRequests: 1, minimumDuration: Duration.minutes(shadowMinutes) } }),
    stages: stages.map(({ percent, bakeMinutes, deadlineMinutes }) => ({
      percent,
      bake: Duration.minutes(bakeMinutes),
      deadline: Duration.minutes(deadlineMinutes),
    })),
    watchPeriod: Duration.minutes(watchMinutes),
    holdbackPercent,
    onUndecided: onUndecided === 'stay' ? rollouts.OnUndecided.STAY : rollouts.OnUndecided.CHAMPION,
  });
}

/** The margins are wide, so that a short stage can decide. */
function gatesOf(stack: Stack, { gates, shadowMinutes }: BundleCase['plan']): rollouts.Gate[] {
  const { SHADOW, STAGE } = rollouts.GatePhase;
  const phases = [...(shadowMinutes === undefined ? [] : [SHADOW]), ...(gates.includes('function') ? [STAGE] : [])];
  return [
    new rollouts.ErrorRateGate({ absoluteMargin: 0.02, maximumRate: 0.1 }),
    ...(gates.includes('latency') ? [new rollouts.LatencyGate({ percentile: 99, ceiling: Duration.millis(400) })] : []),
    ...(phases.length > 0 ? [reviewed(stack, phases)] : []),
  ];
}

/** A user's own function, which agrees. */
function reviewed(stack: Stack, phases: rollouts.GatePhase[]): rollouts.Gate {
  const handler = new lambda.Function(stack, 'Review', {
    code: lambda.Code.fromAsset(join(packageRoot(__dirname), 'bin', 'shadow-review')),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_22_X,
  });
  return new rollouts.FunctionGate({ gateName: 'Review', handler, phases });
}
