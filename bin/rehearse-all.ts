// `npm run rehearse`: every example model, from its version before to its newest, with every scenario, in every knob row; then
// every ready-made staged strategy at its full length.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type MatrixOutcome, rehearse, type Scenario } from '../rehearsal';
import { plainTable } from '../rehearsal/report/terminal';
import { count, duration, many } from '../rehearsal/report/words';
import { readStacks } from './commands/assembly';
import { campaign, campaignPart, replay } from './commands/campaign';
import { plansOf } from './commands/endpoint-plan';
import { exampleScenarios } from './commands/example-scenarios';
import { presetsPart, rehearsePresets, storiesAbout } from './commands/rehearse-presets';
import { packageRoot } from './package-root';
import { PRESETS } from './presets';
import { synthesize } from './synthesize';

/** One model under one scenario. */
interface Rehearsal {
  readonly model: string;
  readonly strategy: string;
  readonly scenario: Scenario;
  readonly result: MatrixOutcome;
}

const WIDTHS = [17, 10, 15, 13, 8, 8, 8];

async function run(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'rollouts-'));
  try {
    const from = synthesize(join(folder, 'version-1'), { version: 1 });
    const to = synthesize(join(folder, 'newest'));
    const all: Rehearsal[] = [];
    const stacks = readStacks(to);
    const stories = exampleScenarios(
      join(packageRoot(__dirname), 'bin', 'scenarios'),
      stacks.map(({ name }) => name),
    );
    for (const stack of stacks) {
      const [{ strategy }] = plansOf(stack);
      for (const scenario of stories.filter(({ models }) => models?.includes(stack.name) ?? true)) {
        const result = await rehearse(to, { from, stack: stack.name, scenario, knobs: 'all' });
        all.push({ model: stack.name, strategy, scenario, result });
      }
    }
    return tell(all);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints the table. @returns the exit code */
function tell(all: readonly Rehearsal[]): number {
  const rows = Math.max(...all.map(({ result }) => result.rows));
  console.log(`simulated AWS, ${many(rows, 'knob row')} a line, not compared with an account`);
  console.log('detect, restore and bad requests: the worst of the rows\n');
  const table = plainTable(['model', 'strategy', 'scenario', 'outcome', 'detect', 'restore', 'bad'], WIDTHS);
  for (const { model, strategy, scenario, result } of all) {
    const { matrix, baseline, failures } = result;
    table.push([
      model,
      strategy,
      scenario.name,
      `${baseline.outcome}${failures.length > 0 ? ' !' : ''}`,
      worst(matrix.map(({ detectSeconds }) => detectSeconds)),
      worst(matrix.map(({ restoreSeconds }) => restoreSeconds)),
      count(Math.max(...matrix.map(({ badRequests }) => badRequests))),
    ]);
  }
  console.log(table.toString().replace(/[^\S\n]+$/gm, ''));
  const unexpected = all.filter(({ result }) => result.failures.length > 0 || !result.safe || !result.live);
  for (const { model, scenario, result } of unexpected) {
    console.log(
      `\n! ${model} with ${scenario.name}: ${many(result.failures.length, 'row')} of ${result.rows} not as expected`,
    );
    for (const { outcome, decidedBy } of result.failures.slice(0, 3)) {
      const decided = decidedBy === null ? 'no single setting' : `${decidedBy.knob} = ${decidedBy.setting}`;
      console.log(`  ${outcome.outcome}, ${outcome.servedConfig} serves; decided by ${decided}: ${outcome.reason}`);
      for (const violation of outcome.violations) console.log(`  broken: ${violation}`);
    }
  }
  console.log(
    `\n${many(all.length, 'rehearsal')} in ${many(rows, 'row')} each, ${all.length - unexpected.length} as expected`,
  );
  return unexpected.length === 0 ? 0 : 1;
}

/** The longest; nothing where it happened in no row. */
function worst(seconds: readonly (number | null)[]): string {
  const known = seconds.filter((each) => each !== null);
  return duration(known.length === 0 ? null : Math.max(...known));
}

/** The example models, and the ready-made strategies that were asked for. @returns the exit code */
async function everything(presets: readonly string[]): Promise<number> {
  // A name that is none is told before anything takes its time.
  storiesAbout(presets);
  const models = await run();
  const asExpected = presets.length === 0 || (await rehearsePresets(presets));
  return asExpected ? models : 1;
}

/** The whole command: all models, or random rollouts of the engine. */
function chosen(): Promise<number> {
  const { values } = parseArgs({
    options: {
      campaign: { type: 'string' },
      seed: { type: 'string', default: '1' },
      bundles: { type: 'boolean', default: false },
      replay: { type: 'string' },
      'campaign-part': { type: 'string' },
      presets: { type: 'string', default: PRESETS.map(({ name }) => name).join(',') },
      'presets-part': { type: 'string' },
    },
  });
  const number = (name: string, text: string) => {
    if (!/^\d+$/.test(text)) throw new Error(`--${name} must be a whole number, got '${text}' [BadOption]`);
    return Number(text);
  };
  const count = number('campaign', values.campaign ?? '0');
  const part = values['campaign-part'];
  if (part !== undefined) return campaignPart(number('campaign-part', part), count, values.bundles).then(() => 0);
  const [, of, parts] = /^(\d+)\/(\d+)$/.exec(values['presets-part'] ?? '') ?? [];
  const presets = values.presets.split(',').filter((name) => name !== '');
  if (of !== undefined) return presetsPart(presets, Number(of), Number(parts)).then(() => 0);
  if (values.replay !== undefined) return replay(number('replay', values.replay), values.bundles);
  return values.campaign === undefined
    ? everything(presets)
    : campaign(count, number('seed', values.seed), values.bundles);
}

Promise.resolve()
  .then(chosen)
  .then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    },
  );
