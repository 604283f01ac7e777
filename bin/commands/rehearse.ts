import { readFileSync } from 'node:fs';
import { readScenario, rehearse, type Scenario } from '../../rehearsal';
import { renderHtml, renderTerminal } from '../../rehearsal/report';
import { told } from '../../rehearsal/report/story';
import { unexpected } from '../../rehearsal/unexpected';
import { compare, readEvidence } from '../operate/compare-evidence';
import { showComparison } from '../operate/show-comparison';
import { writeWhole } from './write-whole';

/** What `rollouts rehearse` was asked. */
export interface RehearseOptions {
  readonly scenario: string;
  readonly from?: string;
  readonly stack?: string;
  readonly endpoint?: string;
  readonly seed: number;
  readonly knobs: 'default' | 'all';
  readonly json?: boolean;
  readonly html?: string;
  /** The evidence of a real rollout. */
  readonly compare?: string;
}

/**
 * Rehearses a synthesized template and prints what came of it.
 *
 * @returns the exit code: 0 as the scenario expects and as it really went, 2 otherwise
 * @throws Error where there is nothing to rehearse
 */
export async function rehearseCommand(directory: string, options: RehearseOptions): Promise<number> {
  const scenario = scenarioOf(options.scenario);
  const evidence = options.compare === undefined ? undefined : readEvidence(options.compare);
  const rehearsed = await rehearse(directory, {
    scenario,
    from: options.from,
    stack: options.stack,
    endpoint: options.endpoint,
    seed: options.seed,
    knobs: options.knobs === 'all' ? 'all' : {},
  });
  const outcome = told(rehearsed);
  const comparison = evidence === undefined ? undefined : compare(outcome, evidence);
  if (options.html !== undefined) writeWhole(options.html, renderHtml(rehearsed, scenario.expect));
  const colors = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  if (options.json === true) process.stdout.write(`${JSON.stringify(comparison ?? rehearsed, null, 2)}\n`);
  else {
    const { columns: width } = process.stdout;
    process.stdout.write(renderTerminal(rehearsed, { colors, width, expectation: scenario.expect }));
    if (comparison !== undefined) process.stdout.write(`\n${showComparison(comparison)}`);
  }
  const failed = 'failures' in rehearsed && (rehearsed.failures.length > 0 || !rehearsed.safe);
  const different = comparison !== undefined && !(comparison.outcome.same && comparison.sameOrder);
  return unexpected(outcome, scenario.expect).length === 0 && !failed && !different ? 0 : 2;
}

/** @throws Error where there is no such file, or it is no scenario */
export function scenarioOf(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Error(`--scenario must be a YAML file that can be read, got '${file}' [CannotRead]`);
  }
  return readScenario(text, file);
}
