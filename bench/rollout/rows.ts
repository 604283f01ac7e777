import type { BadVersion } from './bad-version';

/** The version of the budget: whatever a row does not say is as here. */
const USUAL: BadVersion = {
  requestsPerSecond: 100,
  percent: 5,
  guards: 'alarms and a gate',
  metricLagSeconds: 60,
  weightsApplySeconds: 5,
};

/** What is rehearsed, and over how many seeds. */
export interface Row {
  readonly what: string;
  readonly version: BadVersion;
  readonly seeds: number;
}

const row = (what: string, seeds: number, special: Partial<BadVersion> = {}): Row => ({
  what,
  seeds,
  version: { ...USUAL, ...special },
});

/** The budgets are meant for the first; the others show what they hang on. */
export const ROWS: readonly Row[] = [
  row('100 rps, 5 %, metrics 60 s late', 200),
  row('metrics 150 s late', 200, { metricLagSeconds: 150 }),
  row('a gate alone', 200, { guards: 'a gate alone' }),
  row('a gate alone, metrics 150 s late', 200, { guards: 'a gate alone', metricLagSeconds: 150 }),
  row('weights take 60 s', 200, { weightsApplySeconds: 60 }),
  row('weights take 300 s', 200, { weightsApplySeconds: 300 }),
  row('metrics 300 s late', 200, { metricLagSeconds: 300 }),
  row('10 rps', 40, { requestsPerSecond: 10 }),
  row('10 rps, 25 %', 40, { requestsPerSecond: 10, percent: 25 }),
  row('1 rps', 40, { requestsPerSecond: 1 }),
  row('1 rps, 50 %', 40, { requestsPerSecond: 1, percent: 50 }),
];
