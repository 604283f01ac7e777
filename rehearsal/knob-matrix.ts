import { make, sorters } from 'covertable';
import { DEFAULT_KNOBS, KNOBS, type Knobs } from './knobs';

let matrix: readonly Knobs[] | undefined;

/**
 * Rows in which every pair of settings of two knobs occurs at least once, the defaults first. One row of defaults
 * that the pairs need not, so that there is always something to compare with.
 */
export function knobMatrix(): readonly Knobs[] {
  matrix ??= allPairs();
  return matrix;
}

function allPairs(): readonly Knobs[] {
  const factors = Object.fromEntries(Object.entries(KNOBS).map(([name, { settings }]) => [name, [...settings]]));
  // The hash sorter draws nothing: the same knobs give the same rows. The tolerance saves time and costs a row.
  const rows = make(factors, { length: 2, sorter: sorters.hash, tolerance: 3 }) as unknown as Knobs[];
  const usual = JSON.stringify(DEFAULT_KNOBS);
  const ordered = rows.map((row) =>
    Object.fromEntries(Object.keys(KNOBS).map((name) => [name, row[name as keyof Knobs]])),
  );
  return [DEFAULT_KNOBS, ...(ordered as unknown as Knobs[]).filter((row) => JSON.stringify(row) !== usual)];
}

/** Whether a good model may be held back under these settings. */
export const mayHold = (knobs: Knobs): boolean =>
  Object.entries(KNOBS).some(([name, { mustHold }]) =>
    (mustHold as readonly (string | number)[]).includes(knobs[name as keyof Knobs]),
  );
