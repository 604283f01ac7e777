import { plainTable } from '../rehearsal/report/terminal';

/** The middle value; the mean of two middles. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A quantile by linear interpolation, 0-1. */
export function quantile(values: readonly number[], q: number): number {
  const ordered = [...values].sort((a, b) => a - b);
  const at = (ordered.length - 1) * q;
  const low = ordered[Math.floor(at)];
  return low + (ordered[Math.ceil(at)] - low) * (at - Math.floor(at));
}

/** Rows under a head, as wide as they need to be. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => String(row[i]).length)) + 2);
  const lines = plainTable(head, widths);
  for (const row of rows) lines.push([...row]);
  return `${lines.toString()}\n`;
}
