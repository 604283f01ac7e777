import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, aws_iam as iam, Stack } from 'aws-cdk-lib';
import * as rollouts from 'cdk-sagemaker-rollouts';
import { type Outcome, rehearse } from '../../rehearsal';
import { plainTable } from '../../rehearsal/report/terminal';
import { count, duration, many } from '../../rehearsal/report/words';
import { unexpected } from '../../rehearsal/unexpected';
import { PRESETS, type Preset, presetJudges, storiesOf } from '../presets';

/** What a line of the table is made of. */
interface PresetRow {
  readonly preset: string;
  readonly scenario: string;
  readonly outcome: Outcome['outcome'];
  readonly servedConfig: Outcome['servedConfig'];
  readonly seconds: readonly [detect: number | null, restore: number | null, total: number];
  readonly badRequests: number;
  /** What did not hold, or was not as expected; empty when all is well. */
  readonly wrong: readonly string[];
}

const WIDTHS = [17, 22, 13, 8, 8, 9, 8];

/**
 * Rehearses ready-made staged strategies at their full length, with every story that they were made for, on all cores, and
 * prints one line for each.
 *
 * @param names of the presets
 * @returns whether all of them ended as expected
 */
export async function rehearsePresets(names: readonly string[]): Promise<boolean> {
  const workers = availableParallelism();
  const stories = storiesAbout(names).length;
  console.log(
    `\n${names.join(', ')}: ${many(stories, 'rehearsal')} at full length, real handlers, every knob at its default\n`,
  );
  const parts = await Promise.all(Array.from({ length: workers }, (_, part) => inWorker(names, part, workers)));
  const rows = parts.flat().sort((a, b) => a.order - b.order);
  const table = plainTable(['preset', 'scenario', 'outcome', 'detect', 'restore', 'took', 'bad'], WIDTHS);
  for (const { preset, scenario, outcome, seconds, badRequests, wrong } of rows) {
    const [detect, restore, total] = seconds;
    table.push([
      preset,
      scenario,
      `${outcome}${wrong.length > 0 ? ' !' : ''}`,
      duration(detect),
      duration(restore),
      duration(total),
      count(badRequests),
    ]);
  }
  console.log(table.toString().replace(/[^\S\n]+$/gm, ''));
  const bad = rows.filter(({ wrong }) => wrong.length > 0);
  for (const { preset, scenario, wrong } of bad) console.log(`\n! ${preset} with ${scenario}: ${wrong.join('; ')}`);
  console.log(`\n${many(rows.length, 'rehearsal')}, ${rows.length - bad.length} as expected`);
  return bad.length === 0;
}

type OrderedRow = PresetRow & { readonly order: number };

/** The stories of presets, each with its preset. @throws Error when a name is no preset's */
export function storiesAbout(names: readonly string[]) {
  const known = PRESETS.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`--presets must name some of ${known.join(', ')}, got ${unknown.join(', ')} [UnknownPreset]`);
  }
  const chosen = PRESETS.filter(({ name }) => names.includes(name));
  return chosen.flatMap((preset) => storiesOf(preset).map((scenario) => ({ preset, scenario })));
}

/** The part of one process: its rows, as JSON, on standard output. */
export async function presetsPart(names: readonly string[], part: number, parts: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'presets-'));
  try {
    const assembly = synthesized(folder);
    const all = storiesAbout(names);
    const rows: OrderedRow[] = [];
    for (const [order, { preset, scenario }] of all.entries()) {
      if (order % parts !== part) continue;
      const outcome = await rehearse(assembly, { stack: stackName(preset, scenario.requestsPerSecond), scenario });
      rows.push({ order, ...rowOf(preset, scenario, outcome) });
    }
    process.stdout.write(JSON.stringify(rows));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Requests a second that the stories tell of; an endpoint declares what it gets, because alarms and gates depend on it. */
const TRAFFICS = [100, 1];

const stackName = ({ name }: Preset, requestsPerSecond: number): string => `${name}-${requestsPerSecond}-rps`;

/** A stack for each preset and traffic: the same model, gates and alarms. */
function synthesized(folder: string): string {
  const app = new App({ outdir: folder, builtinCloudFormationValidation: false });
  for (const [preset, requestsPerSecond] of PRESETS.flatMap((each) => TRAFFICS.map((rate) => [each, rate] as const))) {
    const { strategy, asksPeople } = preset;
    const name = stackName(preset, requestsPerSecond);
    const stack = new Stack(app, name);
    const image = rollouts.ContainerImage.fromRegistry('111111111111.dkr.ecr.us-east-1.amazonaws.com/fraud:v7');
    const approver = iam.Role.fromRoleArn(stack, 'OnCall', 'arn:aws:iam::111111111111:role/OnCall', { mutable: false });
    new rollouts.ModelDeployment(stack, 'Deployment', {
      endpointName: name,
      model: new rollouts.Model(stack, 'Model', { containers: [{ image }] }),
      hosting: rollouts.Hosting.instances({ instanceType: 'ml.m5.xlarge', initialInstanceCount: 4, requestsPerSecond }),
      strategy,
      ...presetJudges(stack, preset),
      approval: asksPeople ? { approvers: [approver] } : undefined,
    });
  }
  return app.synth().directory;
}

function rowOf(
  { name }: Preset,
  { name: scenario, expect }: ReturnType<typeof storiesOf>[number],
  outcome: Outcome,
): PresetRow {
  const { servedConfig, detectSeconds, restoreSeconds, totalSeconds, badRequests, violations, reason } = outcome;
  const wrong = unexpected(outcome, expect);
  return {
    preset: name,
    scenario,
    outcome: outcome.outcome,
    servedConfig,
    seconds: [detectSeconds, restoreSeconds, totalSeconds],
    badRequests,
    wrong: wrong.length === 0 ? [] : [...wrong, reason, ...violations],
  };
}

function inWorker(names: readonly string[], part: number, parts: number): Promise<OrderedRow[]> {
  return new Promise((resolve, reject) => {
    const script = [process.argv[1], '--presets', names.join(','), '--presets-part', `${part}/${parts}`];
    const child = spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`a part of the presets ended with code ${code}`)),
    );
  });
}
