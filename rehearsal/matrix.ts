import { knobMatrix, mayHold } from './knob-matrix';
import { DEFAULT_KNOBS, type KnobName, type Knobs } from './knobs';
import type { Assumption, MatrixOutcome, MatrixRow, Outcome } from './outcome';
import { outcomeOf, unusualAssumptions } from './outcome-of';
import { type RunOptions, runRehearsal } from './run-rehearsal';
import type { Expectation } from './scenario';
import { unexpected } from './unexpected';

/** Whether an outcome is what the scenario expects; under a setting that may hold a good model back, also that. */
export function asExpected(outcome: Outcome, expected: Expectation, knobs: Knobs): boolean {
  if (outcome.violations.length > 0) return false;
  if (expected.outcome === 'promoted' && mayHold(knobs) && outcome.servedConfig === 'champion') return true;
  return unexpected(outcome, expected).length === 0;
}

/** Rehearses one scenario in every row of the matrix, and finds out which setting decides a row that fails. */
export async function rehearseMatrix(run: Omit<RunOptions, 'knobs'>): Promise<MatrixOutcome> {
  const expected = run.scenario.expect;
  const outcomes = new Map<string, Outcome>();
  const outcomeUnder = async (knobs: Knobs): Promise<Outcome> => {
    const key = JSON.stringify(knobs);
    const outcome = outcomes.get(key) ?? outcomeOf(await runRehearsal({ ...run, knobs }));
    outcomes.set(key, outcome);
    return outcome;
  };
  const good = async (knobs: Knobs) => asExpected(await outcomeUnder(knobs), expected, knobs);

  const rows = knobMatrix();
  const matrix: MatrixRow[] = [];
  const failures: MatrixOutcome['failures'][number][] = [];
  for (const knobs of rows) {
    const outcome = await outcomeUnder(knobs);
    const row = rowOf(outcome, knobs, expected);
    matrix.push(row);
    if (!row.asExpected) {
      failures.push({ assumptions: outcome.assumptions, outcome, decidedBy: await decidedBy(knobs, good) });
    }
  }
  const promotes = expected.outcome === 'promoted';
  return {
    schemaVersion: 1,
    baseline: await outcomeUnder(DEFAULT_KNOBS),
    rows: rows.length,
    safe: promotes || matrix.every(({ servedConfig }) => servedConfig === 'champion'),
    live: !promotes || matrix.every((row, i) => mayHold(rows[i]) || row.outcome === 'promoted'),
    matrix,
    failures,
  };
}

function rowOf(outcome: Outcome, knobs: Knobs, expected: Expectation): MatrixRow {
  const { outcome: kind, servedConfig, detectSeconds, decideSeconds, restoreSeconds, confirmSeconds } = outcome;
  const { totalSeconds, badRequests, slowRequests } = outcome;
  const seconds = { detectSeconds, decideSeconds, restoreSeconds, confirmSeconds, totalSeconds };
  return {
    assumptions: unusualAssumptions(knobs),
    outcome: kind,
    servedConfig,
    ...seconds,
    badRequests,
    slowRequests,
    asExpected: asExpected(outcome, expected, knobs),
  };
}

/** The one unusual setting that fails alone, or without which the row is good; null when it takes several. */
async function decidedBy(knobs: Knobs, good: (knobs: Knobs) => Promise<boolean>): Promise<Assumption | null> {
  const unusual = unusualAssumptions(knobs);
  const told = (knob: string) => ({ knob, setting: String(knobs[knob as KnobName]) });
  if (!(await good(DEFAULT_KNOBS))) return null;
  for (const { knob } of unusual) {
    if (!(await good({ ...DEFAULT_KNOBS, [knob]: knobs[knob as KnobName] }))) return told(knob);
  }
  for (const { knob } of unusual) {
    if (await good({ ...knobs, [knob]: DEFAULT_KNOBS[knob as KnobName] })) return told(knob);
  }
  return null;
}
