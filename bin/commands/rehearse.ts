import { readFileSync } from 'node:fs';
import { readScenario, rehearse } from '../../rehearsal';
import { renderHtml, renderTerminal } from '../../rehearsal/report';
import { told } from '../../rehearsal/report/story';
import { writeWhole } from './write-whole';

/** What `rollouts rehearse` was asked. */
export interface RehearseOptions {
  readonly scenario: string;
  readonly from?: string;
  readonly stack?: string;
  readonly seed: number;
  readonly knobs: 'default' | 'all';
  readonly json?: boolean;
  readonly html?: string;
}

/**
 * Rehearses a synthesized template and prints what came of it.
 *
 * @returns the exit code: 0 as the scenario expects, 2 otherwise
 * @throws Error where there is nothing to rehearse
 */
export async function rehearseCommand(directory: string, options: RehearseOptions): Promise<number> {
  const scenario = readScenario(read(options.scenario), options.scenario);
  const rehearsed = await rehearse(directory, {
    scenario,
    from: options.from,
    stack: options.stack,
    seed: options.seed,
    knobs: options.knobs === 'all' ? 'all' : {},
  });
  if (options.html !== undefined) writeWhole(options.html, renderHtml(rehearsed, scenario.expect));
  const colors = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(rehearsed, null, 2)}\n`
      : renderTerminal(rehearsed, { colors, width: process.stdout.columns, expectation: scenario.expect }),
  );
  const outcome = told(rehearsed);
  const failed = 'failures' in rehearsed && (rehearsed.failures.length > 0 || !rehearsed.safe);
  return outcome.outcome === scenario.expect.outcome && !failed ? 0 : 2;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`--scenario must be a YAML file that can be read, got '${file}' [CannotRead]`);
  }
}
