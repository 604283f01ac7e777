import { Duration } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import type { StackArtifact } from '../../../rehearsal/cloudformation/template';
import type { EngineWorld } from '../../../rehearsal/engine/engine-world';
import { ENDPOINT, versionOf } from './deployment';

/** Instances that the deployments here are scaled between. */
export const BOUNDS = { minInstances: 2, maxInstances: 12 };

/** Fleets of which each instance is to serve 50 requests a second, and saturates at 200. */
export const scaledHosting = rollouts.Hosting.instances({
  instanceType: 'ml.m5.xlarge',
  initialInstanceCount: 4,
  autoScaling: rollouts.AutoScaling.onInvocations({ ...BOUNDS, target: 3000 }),
});

/** One stage of ten minutes, and a watch of half an hour. */
export const swift = new rollouts.StagedStrategy({
  stages: [{ percent: 25, bake: Duration.minutes(10) }],
  watchPeriod: Duration.minutes(30),
});

const artifacts = new Map<string, StackArtifact>();

/** A version of a deployment that is scaled. */
export function scaledVersion(version: string, strategy = swift): StackArtifact {
  const key = `${version} ${JSON.stringify(strategy.toJson())}`;
  const artifact = artifacts.get(key) ?? versionOf(version, { hosting: scaledHosting, strategy });
  artifacts.set(key, artifact);
  return artifact;
}

/** How a variant is scaled now; undefined when it is not. */
export const targetOf = ({ world }: EngineWorld, variant: string) =>
  world.autoScaling.target(`endpoint/${ENDPOINT}/variant/${variant}`);

const FREE = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false };
const KEPT = { ...FREE, DynamicScalingInSuspended: true, ScheduledScalingSuspended: true };

/** A variant that is scaled as it was declared. */
export const declared = { MinCapacity: BOUNDS.minInstances, MaxCapacity: BOUNDS.maxInstances, SuspendedState: FREE };
/** A variant that may grow, and not shrink. */
export const kept = { MaxCapacity: BOUNDS.maxInstances, SuspendedState: KEPT };

/** Instances of each variant, as SageMaker tells. */
export function countsOf({ world }: EngineWorld): Record<string, number> {
  const { ProductionVariants } = world.sagemaker.describeEndpoint({ EndpointName: ENDPOINT });
  return Object.fromEntries(
    ProductionVariants.map(({ VariantName, CurrentInstanceCount }) => [VariantName, CurrentInstanceCount]),
  );
}

/** The fewest instances that a variant has had in the split config of a rollout, until that was confirmed to be taken back. */
export function fewestOf({ world }: EngineWorld, variant: string): number {
  const { events } = world.log;
  const end = events.findIndex(({ event }) => event === 'RollbackConfirmed');
  const counts = events
    .slice(0, end < 0 ? undefined : end)
    .filter(({ event, data }) => /^Fleet(Up|Shrunk)$/.test(event) && `${data['fleet']}`.includes(`-split/${variant}#`))
    .map(({ data }) => Number(data['instances']));
  return Math.min(...counts);
}
