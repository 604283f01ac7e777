import type { TimelineEntry } from '../outcome';

/** Something that happened, or happened again and again with nothing between. */
export interface Told extends TimelineEntry {
  /** How often, at least once. */
  readonly times: number;
  /** When for the last time, seconds after the deployment began. */
  readonly untilSeconds: number;
}

// What a template does resource by resource, and an alarm that finds its first data, is not the story.
const DETAIL = /^(Resource(Creating|Updating|Deleting)|AlarmDeleted|DeleteSkipped|FunctionReturned)$/;
const isDetail = ({ event, detail }: TimelineEntry) =>
  DETAIL.test(event) || (event === 'AlarmStateChanged' && detail.includes('INSUFFICIENT_DATA to OK'));

/** The entries of a timeline that tell the story; what is repeated is one of them. */
export function toldOf(timeline: readonly TimelineEntry[]): Told[] {
  const told: Told[] = [];
  for (const entry of timeline.filter((each) => !isDetail(each))) {
    const before = told[told.length - 1];
    if (before !== undefined && isAgain(before, entry)) {
      told[told.length - 1] = { ...before, times: before.times + 1, untilSeconds: entry.atSeconds };
    } else {
      told.push({ ...entry, times: 1, untilSeconds: entry.atSeconds });
    }
  }
  return told;
}

const isAgain = (a: TimelineEntry, b: TimelineEntry) =>
  (['source', 'event', 'detail', 'challengerPercent'] as const).every((key) => a[key] === b[key]);
