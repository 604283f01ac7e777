import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knobMatrix, mayHold } from '../../rehearsal/knob-matrix';
import { DEFAULT_KNOBS, KNOBS, type Knobs } from '../../rehearsal/knobs';
import { matchers } from '../../rehearsal/matchers';
import type { MatrixOutcome } from '../../rehearsal/outcome';
import { rehearse } from '../../rehearsal/rehearse';
import { writeAssembly } from './fixtures/assembly';
import { l1Template } from './fixtures/l1-template';
import { crashes, errors } from './fixtures/scenarios';

const root = mkdtempSync(join(tmpdir(), 'matrix-'));
const directory = writeAssembly(root, { Fraud: l1Template({ retain: true }) });
afterAll(() => rmSync(root, { recursive: true }));

describe('the knob matrix', () => {
  const names = Object.keys(KNOBS) as (keyof Knobs)[];

  test('begins with the defaults', () => {
    expect(knobMatrix()[0]).toEqual(DEFAULT_KNOBS);
  });

  test('has every pair of settings of two knobs in some row', () => {
    const rows = knobMatrix();
    for (const [i, a] of names.entries()) {
      for (const b of names.slice(i + 1)) {
        for (const x of KNOBS[a].settings) {
          for (const y of KNOBS[b].settings) {
            expect(
              rows.some((row) => row[a] === x && row[b] === y),
              `${a} = ${x} with ${b} = ${y}`,
            ).toBe(true);
          }
        }
      }
    }
  });

  test('is small beside all combinations', () => {
    expect(knobMatrix().length).toBeLessThan(40);
  });

  test('knows the settings that may hold a good model back', () => {
    expect(mayHold(DEFAULT_KNOBS)).toBe(false);
    expect(mayHold({ ...DEFAULT_KNOBS, compositeAlarms: 'refused' })).toBe(true);
  });
});

describe('a scenario over the whole matrix', () => {
  let safe: MatrixOutcome;
  let unsafe: MatrixOutcome;
  beforeAll(async () => {
    safe = await rehearse(directory, { scenario: crashes, knobs: 'all' });
    unsafe = await rehearse(directory, { scenario: errors, knobs: 'all' });
  });

  test('is safe when the champion serves at the end of every row', () => {
    expect(safe).toMatchObject({ safe: true, live: true, rows: knobMatrix().length, failures: [] });
    expect(safe.matrix).toHaveLength(safe.rows);
  });

  test('names the rows in which a bad model ends serving, and the one setting that decides them', () => {
    expect(unsafe.safe).toBe(false);
    expect(unsafe.failures.length).toBeGreaterThan(0);
    // Two breaching datapoints within two periods and two spare ones cannot be seen through five minutes of lag.
    for (const { decidedBy } of unsafe.failures) expect(decidedBy?.knob).toBe('metricLagSeconds');
    for (const { outcome } of unsafe.failures) expect(outcome.servedConfig).toBe('challenger');
  });

  test('matchers take nothing for a rehearsal that is none: who forgets to wait is told so, with `not` too', () => {
    for (const none of [Promise.resolve(safe), undefined, null, {}, { matrix: [] }, 5]) {
      expect(() => matchers.toEndOn(none as never, 'champion')).toThrow('[NotRehearsed]');
      expect(() => matchers.toServeAtMost(none as never, 5, 'badRequests')).toThrow('[NotRehearsed]');
    }
    expect(() => matchers.toEndOn(Promise.resolve(safe) as never, 'champion')).toThrow('got a promise: expect(await');
    expect(() => matchers.toEndOn(safe, 'nobody' as never)).toThrow('[NotKnown]');
    expect(() => matchers.toServeAtMost(safe, Number.NaN, 'badRequests')).toThrow('[NotKnown]');
    expect(() => matchers.toServeAtMost(safe, 5, 'requests' as never)).toThrow('[NotKnown]');
  });

  test('matchers hold every row against the claim', () => {
    expect(matchers.toEndOn(safe, 'champion').pass).toBe(true);
    const { pass, message } = matchers.toEndOn(unsafe, 'champion');
    expect(pass).toBe(false);
    expect(message()).toMatch(/^the rehearsal must end on the champion, got challenger under .*metricLagSeconds = \d+/);
    expect(matchers.toServeAtMost(safe, 0, 'badRequests').pass).toBe(true);
    expect(matchers.toServeAtMost(unsafe, 200, 'badRequests').pass).toBe(false);
    expect(matchers.toServeAtMost(safe, 1e9, 'detectSeconds').message()).toContain('got none');
  });
});
