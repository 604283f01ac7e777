import { expect, test } from 'vitest';
import { knobMatrix, mayHold } from '../../../rehearsal/knob-matrix';
import type { Knobs } from '../../../rehearsal/knobs';
import type { Scenario } from '../../../rehearsal/scenario';
import { errors, good } from '../fixtures/scenarios';
import { brief, practised, versionOf } from './deployment';
import { rollOut } from './practice';

const [first, second] = ['1', '2'].map((version) => versionOf(version, { strategy: brief }));
const ALL = process.env['EVERY_ROW'] !== undefined;
/** Every row when asked by EVERY_ROW=1. */
const rows = knobMatrix().filter((_, i) => ALL || i % 6 === 0);

const served = (scenario: Scenario, knobs: Knobs) => practised({ scenario, knobs }, first, 2);

test('whatever AWS does that nobody has published: a bad version goes', { timeout: 600_000 }, async () => {
  const wrong: string[] = [];
  for (const knobs of rows) {
    const ended = await rollOut(await served(errors, knobs), second);
    const safe = ended.percent === 0 && ended.quiet && ended.violations.length === 0;
    if (!safe) wrong.push(JSON.stringify({ knobs, ...ended }));
  }
  expect(wrong, `of ${rows.length} rows`).toEqual([]);
});

test('and a good one stays, but where it may be held back', { timeout: 600_000 }, async () => {
  const wrong: string[] = [];
  for (const knobs of rows) {
    const ended = await rollOut(await served(good, knobs), second);
    const live = ended.outcome === 'promoted' && ended.percent === 100;
    const safe = ended.quiet && ended.violations.length === 0;
    if (!(safe && (live || mayHold(knobs)))) wrong.push(JSON.stringify({ knobs, ...ended }));
  }
  expect(wrong, `of ${rows.length} rows`).toEqual([]);
});
