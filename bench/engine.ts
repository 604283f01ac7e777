// What an engine costs to rehearse and to declare: a rollout of six days with its real handlers, the same with gates that answer
// as a script says, and fifty deployments in one stack.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { sourceEngine } from '../bin/commands/campaign-engine';
import { presetAlarms, presetGates } from '../bin/presets';
import { defineScenario, rehearse } from '../rehearsal';
import type { CampaignCase, CasePhase } from '../rehearsal/campaign/campaign-case';
import { runCase } from '../rehearsal/campaign/run-case';
import { median, table } from './report';

const DEPLOYMENTS = 50;
const folder = mkdtempSync(join(tmpdir(), 'bench-engine-'));

/** What work took of a process, in milliseconds: CPU counts the threads that collect garbage beside it, time does not. */
interface Cost {
  readonly cpu: number;
  readonly time: number;
}

/** Medians of so many rounds. */
async function cost(rounds: number, work: () => unknown): Promise<Cost> {
  const found: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    const began = performance.now();
    await work();
    const time = performance.now() - began;
    const { user, system } = process.cpuUsage(before);
    found.push({ cpu: (user + system) / 1000, time });
  }
  return { cpu: median(found.map(({ cpu }) => cpu)), time: median(found.map(({ time }) => time)) };
}

function declare(stack: Stack, name: string, platform?: rollouts.RolloutPlatform): void {
  const image = rollouts.ContainerImage.fromRegistry('111111111111.dkr.ecr.us-east-1.amazonaws.com/fraud:v7');
  new rollouts.ModelDeployment(stack, name, {
    endpointName: name,
    model: new rollouts.Model(stack, `${name}-model`, { containers: [{ image }] }),
    hosting: rollouts.Hosting.instances({
      instanceType: 'ml.m5.xlarge',
      initialInstanceCount: 4,
      requestsPerSecond: 100,
    }),
    strategy: rollouts.StagedStrategy.standard(),
    gates: presetGates(),
    rollbackAlarms: presetAlarms(),
    ...(platform === undefined ? {} : { platform }),
  });
}

function synthesized(deployments: number, outdir: string): string {
  const app = new App({ outdir: join(folder, outdir), builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Models');
  const platform = new rollouts.RolloutPlatform(stack, 'Platform');
  for (let i = 0; i < deployments; i++) declare(stack, `model-${i}`, platform);
  return app.synth().directory;
}

/** The standard strategy, as a campaign has it: 5, 25 and 50 percent for a day each, and a watch of three. */
const days = (n: number) => `PT${n * 1440}M`;
const stages = [5, 25, 50].map((percent): CasePhase => {
  return { kind: 'stage', percent, bake: days(1), deadline: days(2) };
});
const scripted: CampaignCase = {
  seed: 1,
  plan: {
    phases: [...stages, { kind: 'watch', bake: days(3), holdbackPercent: 0 }],
    onUndecided: 'stay',
    instances: 4,
    functions: [],
  },
  model: { startup: 'healthy', answers: [], approvals: [] },
  alarms: [],
  deeds: [],
  stops: [],
  faults: [],
  weather: { weightsApplySeconds: 5, describeStaleSeconds: 0, events: 1, outOfOrder: false },
};

async function promoted(outcome: Promise<{ readonly outcome: string }>): Promise<void> {
  const { outcome: ended } = await outcome;
  if (ended !== 'promoted') throw new Error(`must be promoted, got ${ended}`);
}

async function run(): Promise<void> {
  const assembly = synthesized(1, 'one');
  const scenario = defineScenario({ name: 'good', requestsPerSecond: 100, expect: { outcome: 'promoted' } });
  const engine = sourceEngine();
  await promoted(runCase(scripted, engine));
  // First: what a hundred synths leave behind in memory is not what a rehearsal costs.
  const short = await cost(21, () => promoted(runCase(scripted, engine)));
  let outdir = 0;
  synthesized(DEPLOYMENTS, 'warm');
  const one = await cost(5, () => synthesized(1, `one-${++outdir}`));
  const all = await cost(5, () => synthesized(DEPLOYMENTS, `all-${++outdir}`));
  const full = await cost(3, () => promoted(rehearse(assembly, { scenario })));
  const seconds = ({ cpu, time }: Cost, digits = 1) => [cpu, time].map((ms) => `${(ms / 1000).toFixed(digits)} s`);
  const milliseconds = ({ cpu, time }: Cost) => [cpu, time].map((ms) => `${ms.toFixed(0)} ms`);
  console.log(
    'The standard strategy: 5, 25 and 50 percent for a day each, and 72 hours of watch. CPU of all threads of the',
  );
  console.log('process, and time, which is more on a machine that is busy\n');
  console.log(
    table(
      ['work', 'CPU', 'time', 'at most'],
      [
        ['rehearsed at full length, real handlers', ...seconds(full), '10 s'],
        ['the same, gates that answer by a script', ...milliseconds(short), '200 ms'],
        [`synth of ${DEPLOYMENTS} deployments in one stack`, ...seconds(all, 2), '3 s'],
        ['synth of one, with its platform', ...seconds(one, 2), ''],
      ],
    ),
  );
}

run()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
