import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type BadVersion, foundOf, synthesized } from '../../../bench/rollout/bad-version';

const folder = mkdtempSync(join(tmpdir(), 'budgets-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** One request in twenty fails in a canary of five percent, at a hundred requests a second. */
const usual = { requestsPerSecond: 100, percent: 5, weightsApplySeconds: 5 } as const;

// Two hundred seeds each: npm run bench -- rollout.
test.each<readonly [BadVersion['guards'], BadVersion['metricLagSeconds'], number[]]>([
  ['alarms and a gate', 60, [1, 2]],
  ['alarms and a gate', 150, [1, 2]],
  ['a gate alone', 60, [1]],
])(
  '%s, metrics %i s late: found in 5 minutes, decided in 10, taken back in 30 s, confirmed in 15 minutes',
  async (guards, metricLagSeconds, seeds) => {
    const version = { ...usual, guards, metricLagSeconds };
    const assembly = synthesized(join(folder, `${guards}-${metricLagSeconds}`), version);
    for (const seed of seeds) {
      const { detectSeconds, decideSeconds, restoreSeconds, confirmSeconds, ...others } = await foundOf(
        assembly,
        version,
        seed,
      );
      expect(others).toEqual({ servedConfig: 'champion', violations: [] });
      const budgets = [detectSeconds, decideSeconds, restoreSeconds, confirmSeconds].map((each) => each ?? Infinity);
      const [detect, decide, restore, confirm] = budgets;
      // Nobody is so fast that it was not the errors that were found.
      expect(detect).toBeGreaterThan(metricLagSeconds);
      expect(detect).toBeLessThanOrEqual(300);
      expect(decide).toBeLessThanOrEqual(600);
      expect(restore - usual.weightsApplySeconds).toBeLessThanOrEqual(30);
      expect(confirm).toBeLessThanOrEqual(900);
    }
  },
);
