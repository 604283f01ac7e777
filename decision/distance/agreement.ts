import { binomialCdf } from '../special/binomial';

/** Cohen's kappa of a square confusion matrix: agreement beyond what chance gives; NaN where only one class occurs. */
export function cohensKappa({ matrix }: { readonly matrix: readonly (readonly number[])[] }): number {
  const rows = matrix.map((row) => row.reduce((sum, value) => sum + value, 0));
  const columns = matrix.map((_, j) => matrix.reduce((sum, row) => sum + row[j], 0));
  const n = rows.reduce((sum, value) => sum + value, 0);
  const seen = matrix.reduce((sum, row, i) => sum + row[i], 0) / n;
  const chance = rows.reduce((sum, row, i) => sum + row * columns[i], 0) / (n * n);
  return (seen - chance) / (1 - chance);
}

/** McNemar's exact two-sided p-value from the two numbers of discordant pairs. */
export function mcnemarExact({ b, c }: { readonly b: number; readonly c: number }): number {
  return Math.min(1, 2 * binomialCdf({ k: Math.min(b, c), n: b + c, p: 0.5 }));
}

/** Whether a shadow has been watched long enough: both minima must be reached, whichever comes later. */
export function shadowComplete({
  requests,
  hours,
  minRequests,
  minHours,
}: {
  readonly requests: number;
  readonly hours: number;
  readonly minRequests: number;
  readonly minHours: number;
}): boolean {
  return requests >= minRequests && hours >= minHours;
}
