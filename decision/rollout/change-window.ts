/** Days and hours in which traffic may move forward. */
export interface ChangeWindow {
  /** 1 is Monday, 7 is Sunday. */
  readonly days: readonly number[];
  /** First hour, 0-23, and the hour in which it ends, 1-24. */
  readonly fromHour: number;
  readonly toHour: number;
  /** IANA name of the time zone whose clocks are meant. @default 'UTC' */
  readonly timeZone?: string;
}

/** Whole days, the first and the last included, in which no traffic moves forward. */
export interface Freeze {
  /** First day, `YYYY-MM-DD`. */
  readonly firstDay: string;
  /** Last day, `YYYY-MM-DD`. */
  readonly lastDay: string;
  /** IANA name of the time zone whose days are meant. @default 'UTC' */
  readonly timeZone?: string;
}

/** When traffic may move forward: always, where nothing is said. Going back is never bound by it. */
export interface ChangeTimes {
  readonly changeWindow?: ChangeWindow;
  readonly freezes?: readonly Freeze[];
}

/** Every clock that people use is set by whole quarters of an hour: https://www.iana.org/time-zones */
const QUARTER_SECONDS = 900;
const DAY_SECONDS = 86_400;

/** Whether traffic may move forward at a time (milliseconds since 1970). A zone that nobody knows is never open. */
export function insideWindow(times: ChangeTimes, at: number): boolean {
  const { changeWindow: window, freezes = [] } = times;
  if (window === undefined && freezes.length === 0) return true;
  const open = window === undefined || inWindow(window, at);
  return (
    open &&
    freezes.every(({ firstDay, lastDay, timeZone }) => {
      const day = localTime(at, timeZone)?.date;
      return day !== undefined && (day < firstDay || day > lastDay);
    })
  );
}

/** Seconds after which it is worth looking again: 0 when it is open, and at most a day. */
export function secondsUntilOpen(times: ChangeTimes, at: number): number {
  if (insideWindow(times, at)) return 0;
  const past = (at / 1000) % QUARTER_SECONDS;
  for (let next = QUARTER_SECONDS - past; next < DAY_SECONDS; next += QUARTER_SECONDS) {
    if (insideWindow(times, at + next * 1000)) return Math.ceil(next);
  }
  return DAY_SECONDS;
}

function inWindow({ days, fromHour, toHour, timeZone }: ChangeWindow, at: number): boolean {
  const local = localTime(at, timeZone);
  return local !== undefined && days.includes(local.weekday) && local.hour >= fromHour && local.hour < toHour;
}

const WEEKDAYS: readonly string[] = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What calendar and clock say in a zone; undefined where there is no such zone or time. */
function localTime(
  at: number,
  timeZone = 'UTC',
): { readonly date: string; readonly weekday: number; readonly hour: number } | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      weekday: 'short',
      hour: '2-digit',
    });
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const date = ['year', 'month', 'day'].map((type) => parts.get(type as 'year')).join('-');
    return { date, weekday: WEEKDAYS.indexOf(parts.get('weekday') ?? ''), hour: Number(parts.get('hour')) };
  } catch {
    return undefined;
  }
}
