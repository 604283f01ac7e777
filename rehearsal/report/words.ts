import type { OutcomeKind, Side } from '../scenario';

const pad = (n: number) => String(n).padStart(2, '0');

/** Seconds as a person says them: `45s`, `3m20s`, `2h05m`, `3d4h`; null is a dash. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '–';
  const s = Math.round(seconds);
  if (s < 60) return `${s}s`;
  if (s < 3600) return s % 60 === 0 ? `${s / 60}m` : `${Math.floor(s / 60)}m${pad(s % 60)}s`;
  if (s < 86_400) return `${Math.floor(s / 3600)}h${pad(Math.floor((s % 3600) / 60))}m`;
  return `${Math.floor(s / 86_400)}d${Math.floor((s % 86_400) / 3600)}h`;
}

/** A moment of a deployment: `00:03:20` after it began. */
export function clockTime(seconds: number): string {
  const s = Math.round(seconds);
  return `${pad(Math.floor(s / 3600))}:${pad(Math.floor((s % 3600) / 60))}:${pad(s % 60)}`;
}

/** `1,234`, the same in every locale. */
export const count = (n: number): string => Math.round(n).toLocaleString('en-US');

/** A share 0-1 as percent: never `0 %` for what is not zero. */
export function share(part: number, whole: number): string {
  if (!(whole > 0) || part === 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent < 0.01) return '< 0.01 %';
  return `${percent.toFixed(percent < 1 ? 2 : percent < 10 ? 1 : 0)} %`;
}

/** `1 row`, `2 rows`; `2 entries`. */
export const many = (n: number, noun: string, plural = `${noun}s`): string => `${count(n)} ${n === 1 ? noun : plural}`;

const ENDINGS: Record<OutcomeKind, string> = {
  promoted: 'Promoted',
  rolledBack: 'Rolled back',
  held: 'Held',
  aborted: 'Aborted',
  failed: 'Failed',
};

/** How a deployment ended, as a headline has it. */
export const ending = (kind: OutcomeKind): string => ENDINGS[kind];

const SERVING: Record<Side | 'mixed' | 'none', string> = {
  champion: 'old version',
  challenger: 'new version',
  mixed: 'both, mixed',
  none: 'nothing',
};

/** Who serves at the end. */
export const serving = (config: Side | 'mixed' | 'none'): string => SERVING[config];
