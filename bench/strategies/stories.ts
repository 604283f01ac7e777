import { App, Duration, aws_ecr as ecr, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { defineScenario, type Outcome, rehearse, type Scenario } from '../../rehearsal';

const GOOD = defineScenario({
  name: 'good',
  description: 'a version that is as good as the one before',
  requestsPerSecond: 100,
  challenger: {},
  expect: { outcome: 'promoted' },
});
const BAD = defineScenario({
  name: 'errors',
  description: 'a version that fails three requests of ten',
  requestsPerSecond: 100,
  challenger: { errorRate: 0.3 },
  expect: { outcome: 'rolledBack' },
});
/** Below every alarm: only a gate that compares both versions sees it. */
const SLIGHTLY_BAD = defineScenario({
  name: 'slightly',
  description: 'a version that fails one request of a hundred more, from the ninth hour on',
  requestsPerSecond: 100,
  changes: [{ atSeconds: 9 * 3600, challenger: { errorRate: 0.011 } }],
  expect: { outcome: 'rolledBack' },
});

/** A strategy's page, the strategy that its picture shows, and the bad version that it meets. */
export interface Story {
  readonly words: string;
  readonly strategy: () => rollouts.Strategy;
  readonly bad: Scenario;
}

const wait = { waitInterval: Duration.minutes(10) };
const quarter = rollouts.CapacitySize.percent(25);
const terminationWait = Duration.minutes(20);

/** By name of page. */
export const stories: Readonly<Record<string, Story>> = {
  'all-at-once-strategy': {
    words: '30 % errors',
    strategy: () => new rollouts.AllAtOnceStrategy({ terminationWait }),
    bad: BAD,
  },
  'canary-strategy': {
    words: '30 % errors',
    strategy: () => new rollouts.CanaryStrategy({ canarySize: quarter, ...wait, terminationWait }),
    bad: BAD,
  },
  'linear-strategy': {
    words: '30 % errors',
    strategy: () => new rollouts.LinearStrategy({ linearStepSize: quarter, ...wait, terminationWait }),
    bad: BAD,
  },
  'rolling-strategy': {
    words: '30 % errors',
    strategy: () => new rollouts.RollingStrategy({ maximumBatchSize: quarter, ...wait }),
    bad: BAD,
  },
  'staged-strategy': {
    words: '1 % more errors from hour 9',
    strategy: () =>
      new rollouts.StagedStrategy({
        stages: [5, 25, 50].map((percent) => ({ percent, bake: Duration.hours(6) })),
        watchPeriod: Duration.hours(24),
      }),
    bad: SLIGHTLY_BAD,
  },
};

/** Rehearses a strategy on four instances, with a good and with a bad version. */
export async function told({ strategy, bad }: Story): Promise<readonly [good: Outcome, bad: Outcome]> {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Story');
  const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'story');
  const chosen = strategy();
  const common = {
    endpointName: 'story',
    model: new rollouts.Model(stack, 'Model', {
      containers: [{ image: rollouts.ContainerImage.fromEcrRepository(repository, 'v2') }],
    }),
    hosting: rollouts.Hosting.instances({
      instanceType: 'ml.m5.xlarge',
      initialInstanceCount: 4,
      requestsPerSecond: 100,
    }),
    rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
  };
  if (chosen instanceof rollouts.GuardrailStrategy) {
    new rollouts.Endpoint(stack, 'Endpoint', { ...common, strategy: chosen });
  } else {
    const gates = [new rollouts.ErrorRateGate({ absoluteMargin: 0.005, maximumRate: 0.02 })];
    new rollouts.ModelDeployment(stack, 'Deployment', { ...common, strategy: chosen, gates });
  }
  const { directory } = app.synth();
  return [await rehearse(directory, { scenario: GOOD }), await rehearse(directory, { scenario: bad })];
}
