import { plainTable } from '../../rehearsal/report/terminal';
import { duration } from '../../rehearsal/report/words';
import type { Comparison } from './compare-evidence';

/** A rehearsal beside a real rollout, for a terminal. Ends with a newline. */
export function showComparison(comparison: Comparison): string {
  const { endpoint, rolloutId, outcome, reason, sameOrder, steps } = comparison;
  const table = plainTable(['step', 'real', 'rehearsed', 'really later by'], [34, 12, 12, 16]);
  for (const { step, real, rehearsed, laterSeconds } of steps) {
    table.push([step, duration(real), duration(rehearsed), signed(laterSeconds)]);
  }
  const ended = outcome.same
    ? `both are ${outcome.real}`
    : `really ${outcome.real} (${reason.real}), rehearsed ${outcome.rehearsed} (${reason.rehearsed})`;
  const order = sameOrder
    ? 'the same steps in the same order'
    : 'not the same steps: a dash is a step that did not happen';
  const lines = [`${endpoint}: beside rollout ${rolloutId}`, ended, order, '', table.toString()];
  return `${lines.join('\n').replace(/[^\S\n]+$/gm, '')}\n`;
}

function signed(seconds: number | null): string {
  if (seconds === null) return '–';
  return seconds < 0 ? `-${duration(-seconds)}` : duration(seconds);
}
