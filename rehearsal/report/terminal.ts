import Table from 'cli-table3';
import pc from 'picocolors';
import type { Assumption, MatrixOutcome, Outcome } from '../outcome';
import type { Expectation } from '../scenario';
import { toldOf } from './events';
import { isMatrix, type Rehearsed, type Story, story, told } from './story';
import { clockTime, count, duration, serving } from './words';

/** How the terminal report is written. */
export interface TerminalOptions {
  /** Whether to colour; a pipe and `NO_COLOR` want none. @default false */
  readonly colors?: boolean;
  /** Columns of the terminal. @default 80 */
  readonly width?: number;
  /** What the scenario expects. @default - the outcome is judged by itself */
  readonly expectation?: Expectation;
}

/** A borderless table, as every command prints one. */
export const plainTable = (head: readonly string[], colWidths: readonly number[]) =>
  new Table({
    head: [...head],
    colWidths: [...colWidths],
    wordWrap: true,
    wrapOnWordBoundary: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1, compact: true },
    chars: {
      ...Object.fromEntries(
        ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'].map((c) => [
          c,
          '',
        ]),
      ),
      ...Object.fromEntries(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'].map((c) => [c, ''])),
    },
  });

/** The report for a terminal: what it is, what happened, the timeline, the matrix. Ends with a newline. */
export function renderTerminal(rehearsed: Rehearsed, options: TerminalOptions = {}): string {
  const paint = pc.createColors(options.colors ?? false);
  const width = Math.max(60, options.width ?? 80);
  const outcome = told(rehearsed);
  const tale = story(rehearsed, options.expectation);
  const tones: Record<Story['tone'], (text: string) => string> = {
    good: paint.green,
    bad: paint.red,
    open: paint.yellow,
  };
  const lines = [
    paint.dim(tale.nature),
    '',
    paint.bold(tones[tale.tone](`${tale.endpoint}: ${tale.ending}`)),
    tale.what,
    '',
    wrap(tale.harm, width),
    ...tale.sentences.map((text) => wrap(text, width)),
    '',
    figures(outcome),
    '',
    timeline(outcome, width),
  ];
  if (isMatrix(rehearsed) && rehearsed.failures.length > 0) {
    lines.push('', paint.red('rows that did not end as expected'), failures(rehearsed, width));
  }
  return `${lines.map((line) => line.replace(/[^\S\n]+$/gm, '')).join('\n')}\n`;
}

function figures(outcome: Outcome): string {
  const table = plainTable([], [14, 22, 14, 28]);
  table.push(
    [
      'serves',
      serving(outcome.servedConfig),
      'bad / slow',
      `${count(outcome.badRequests)} / ${count(outcome.slowRequests)}`,
    ],
    ['detect', duration(outcome.detectSeconds), 'decide', duration(outcome.decideSeconds)],
    ['restore', duration(outcome.restoreSeconds), 'confirm', duration(outcome.confirmSeconds)],
  );
  return table.toString();
}

function timeline(outcome: Outcome, width: number): string {
  const told = toldOf(outcome.timeline);
  // No word is cut off, unless it would leave nothing for what happened.
  const column = Math.min(24, 1 + Math.max(5, ...told.map(({ event }) => event.length)));
  const rest = width - 17 - column;
  const table = plainTable(['time', 'new', 'event', ''], [10, 7, column, rest]);
  for (const { atSeconds, challengerPercent, event, detail, times, untilSeconds } of told) {
    const again = times === 1 ? '' : ` (${count(times)} times, until ${clockTime(untilSeconds)})`;
    const text = `${brief(detail, 3 * (rest - 3))}${again}`;
    table.push([clockTime(atSeconds), `${challengerPercent.toFixed(0)} %`, event, text]);
  }
  const left = outcome.timeline.length - told.reduce((sum, { times }) => sum + times, 0);
  const note = left === 0 ? '' : `\n${left} more in the JSON and on the page`;
  return `${table.toString()}${note}`;
}

/** Without the data points of an alarm, which the page has; what is still too long ends behind a whole word. */
function brief(detail: string, length: number): string {
  const text = detail.replace(/ \[[\d.e+, -]+\]/g, '');
  if (text.length <= length) return text;
  const kept = text.slice(0, length - 1);
  return `${kept.slice(0, kept.includes(' ') ? kept.lastIndexOf(' ') : length)} …`;
}

function failures({ failures: rows }: MatrixOutcome, width: number): string {
  const table = plainTable(['outcome', 'serves', 'bad', 'decided by'], [12, 18, 9, width - 39]);
  for (const { outcome, decidedBy } of rows) {
    table.push([outcome.outcome, serving(outcome.servedConfig), count(outcome.badRequests), setting(decidedBy)]);
  }
  return table.toString();
}

const setting = (decidedBy: Assumption | null) =>
  decidedBy === null ? 'no single setting' : `${decidedBy.knob} = ${decidedBy.setting}`;

/** Breaks at spaces; a word longer than the line stays whole. */
const wrap = (text: string, width: number) =>
  text.replace(new RegExp(`(.{1,${width}})(?: +|$)`, 'g'), '$1\n').trimEnd();
