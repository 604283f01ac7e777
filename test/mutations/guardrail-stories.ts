import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { championOf } from '../../rehearsal/champion';
import { readAssembly } from '../../rehearsal/cloudformation/assembly';
import type { StackArtifact } from '../../rehearsal/cloudformation/template';
import { type Knobs, knobSettings } from '../../rehearsal/knobs';
import { outcomeOf } from '../../rehearsal/outcome-of';
import { runRehearsal } from '../../rehearsal/run-rehearsal';
import { type Behaviour, defineScenario, type Scenario } from '../../rehearsal/scenario';

const folder = mkdtempSync(join(tmpdir(), 'guardrails-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const size = rollouts.CapacitySize.percent;
const minutes = Duration.minutes;

/** One guarded endpoint for each strategy; the most traffic a version may have that is bad from the start. */
const STRATEGIES: readonly (readonly [string, rollouts.GuardrailStrategy, number])[] = [
  ['all-at-once', new rollouts.AllAtOnceStrategy({ terminationWait: minutes(20) }), 100],
  [
    'canary',
    new rollouts.CanaryStrategy({ canarySize: size(10), waitInterval: minutes(10), terminationWait: minutes(20) }),
    10,
  ],
  [
    'linear',
    new rollouts.LinearStrategy({ linearStepSize: size(20), waitInterval: minutes(10), terminationWait: minutes(20) }),
    20,
  ],
  ['rolling', new rollouts.RollingStrategy({ maximumBatchSize: size(20), waitInterval: minutes(10) }), 20],
];

/** A guarded endpoint, synthesized. */
export interface Guarded {
  readonly strategy: string;
  readonly stack: StackArtifact;
  /** The share of its first step, 0-100. */
  readonly firstPercent: number;
}

export const GUARDED: readonly Guarded[] = STRATEGIES.map(([strategy, rendered, firstPercent]) => {
  const app = new App({ outdir: join(folder, strategy), builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Fraud', { env: { region: 'us-east-1', account: '123456789012' } });
  const image = rollouts.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:7');
  new rollouts.Endpoint(stack, 'Endpoint', {
    endpointName: 'fraud',
    model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
    hosting: rollouts.Hosting.instances({
      instanceType: 'ml.m5.xlarge',
      initialInstanceCount: 10,
      requestsPerSecond: 100,
    }),
    strategy: rendered,
    rollbackAlarms: rollouts.RollbackAlarm.recommended({ errorRate: 0.02, latencyP99: Duration.millis(250) }),
  });
  return { strategy, stack: readAssembly(app.synth().directory)[0], firstPercent };
});

/** What happens to a guarded endpoint, and what must come of it. */
interface GuardrailStory {
  readonly name: string;
  readonly scenario: Scenario;
  readonly knobs: Partial<Knobs>;
  readonly promoted: boolean;
  /** Whether the version is bad before its first step is over: then it must not get to the next. */
  readonly early: boolean;
  readonly fromSeconds: number;
}

const bad = (
  name: string,
  challenger: Partial<Behaviour>,
  { fromMinute = 0, knobs = {}, early = true }: { fromMinute?: number; knobs?: Partial<Knobs>; early?: boolean } = {},
): GuardrailStory => ({
  name,
  knobs,
  promoted: false,
  early,
  fromSeconds: 60 * fromMinute,
  scenario: defineScenario({
    name,
    requestsPerSecond: 100,
    changes: [{ atSeconds: 60 * fromMinute, challenger }],
    expect: { outcome: 'rolledBack', servedConfig: 'champion' },
  }),
});

const ERRORS = { errorRate: 0.3 };
const SLOW = { latencyP50: 200, latencyP99: 900 };
const unpublished = { configMetrics: 'never' } as const;

const STORIES: readonly GuardrailStory[] = [
  {
    name: 'good',
    knobs: {},
    promoted: true,
    early: false,
    fromSeconds: 0,
    scenario: defineScenario({ name: 'good', requestsPerSecond: 100, expect: { outcome: 'promoted' } }),
  },
  bad('errors', ERRORS),
  bad('slow', SLOW),
  // What is thin among all requests: only who looks at the new fleet sees it.
  bad('thin errors', { errorRate: 0.06 }),
  bad('thin slowness', { latencyP50: 100, latencyP99: 320 }),
  bad('errors, and no metrics of fleets', ERRORS, { knobs: unpublished, early: false }),
  bad('slow, and no metrics of fleets', SLOW, { knobs: unpublished, early: false }),
  ...[8, 12, 16, 20, 24, 30, 40, 50, 60, 70].map((fromMinute) =>
    bad(`errors from minute ${fromMinute} on`, ERRORS, { fromMinute, early: false }),
  ),
];

/** Seconds before the old fleet goes in which trouble can still be found: later is nobody's to take back. */
const LAST_CHANCE_SECONDS = 360;

/** When the old fleet goes, where nothing goes wrong and nothing is mutated: seconds after the deployment began. */
async function oldFleetGoesAt({ stack }: Guarded): Promise<number> {
  const [good] = STORIES;
  const { timeline } = await outcome(good, stack, stack);
  return timeline.find(({ event }) => event === 'UpdateFinished')?.atSeconds ?? Number.NaN;
}

/** Tells every story about a stack. @returns what was wrong, first; undefined when all ended as they must */
export async function wrongWith(guarded: Guarded, challenger: StackArtifact): Promise<string | undefined> {
  const goesAt = await oldFleetGoesAt(guarded);
  for (const story of STORIES.filter(({ fromSeconds }) => fromSeconds <= goesAt - LAST_CHANCE_SECONDS)) {
    const wrong = await told(story, guarded, challenger);
    if (wrong !== undefined) return `${story.name}: ${wrong}`;
  }
  return undefined;
}

async function outcome({ scenario, knobs }: GuardrailStory, whole: StackArtifact, challenger: StackArtifact) {
  const options = { champion: championOf(whole), challenger, scenario, seed: 1, knobs: knobSettings(knobs) };
  const run = await runRehearsal(options);
  return { ...outcomeOf(run), status: run.result.status };
}

async function told(story: GuardrailStory, guarded: Guarded, challenger: StackArtifact): Promise<string | undefined> {
  const { servedConfig, violations, timeline, status } = await outcome(story, guarded.stack, challenger);
  const most = Math.max(...timeline.map(({ challengerPercent }) => challengerPercent));
  if (violations.length > 0) return violations[0];
  if ((status === 'UPDATE_COMPLETE') !== (servedConfig === 'challenger')) {
    return `the stack is ${status}, and the ${servedConfig} serves`;
  }
  if (servedConfig !== (story.promoted ? 'challenger' : 'champion')) return `the ${servedConfig} serves`;
  if (story.early && most > guarded.firstPercent) return `a bad version has had ${most} %`;
  return undefined;
}
