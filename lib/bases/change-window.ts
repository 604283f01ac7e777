import { Token } from 'aws-cdk-lib';
import type { ChangeTimes } from '../../decision/rollout/change-window';
import { Problems } from '../private/problems';

/** Hours of a day in which traffic may move forward. */
export interface ChangeHoursProps {
  /** First hour, 0-23. */
  readonly fromHour: number;
  /** The hour in which it ends, 1-24, later than `fromHour`. */
  readonly toHour: number;
  /**
   * Whose clocks are meant: the IANA name of a time zone, such as `Europe/Berlin`.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string;
}

/** Days and hours in which traffic may move forward. */
export interface ChangeWindowProps extends ChangeHoursProps {
  /** Days of the week: 1 is Monday, 7 is Sunday. */
  readonly days: number[];
}

/** Whole days in which no traffic moves forward. */
export interface Freeze {
  /** First day, `YYYY-MM-DD`. */
  readonly firstDay: string;
  /** Last day, `YYYY-MM-DD`: frozen too. */
  readonly lastDay: string;
  /**
   * Whose days are meant: the IANA name of a time zone.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string;
}

/**
 * When a new version may move forward: nothing begins, no share rises and nothing is finished outside of it. Gates and
 * alarms go on all the same, and going back is never bound by it.
 *
 * @example
 * new rollouts.StagedStrategy({
 *   stages: [{ percent: 10, bake: Duration.hours(24) }],
 *   changeWindow: rollouts.ChangeWindow.weekdays({ fromHour: 9, toHour: 16, timeZone: 'Europe/Berlin' }),
 *   freezes: [{ firstDay: '2026-12-19', lastDay: '2027-01-03' }],
 * });
 */
export class ChangeWindow {
  /** Monday to Friday. */
  public static weekdays(hours: ChangeHoursProps): ChangeWindow {
    return new ChangeWindow({ ...hours, days: [1, 2, 3, 4, 5] });
  }

  /** Every day of the week. */
  public static daily(hours: ChangeHoursProps): ChangeWindow {
    return new ChangeWindow({ ...hours, days: [1, 2, 3, 4, 5, 6, 7] });
  }

  constructor(private readonly props: ChangeWindowProps) {
    const { days, fromHour, toHour, timeZone } = props;
    const problems = new Problems('ChangeWindow');
    problems.require(
      days.length > 0 && days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7),
      'ChangeWindowDays',
      () => `days must be at least one of 1 (Monday) to 7 (Sunday), got [${days.join(', ')}]`,
    );
    problems.require(
      [fromHour, toHour].every(Number.isInteger) && fromHour >= 0 && fromHour < toHour && toHour <= 24,
      'ChangeWindowHours',
      () => `fromHour and toHour must be whole hours with 0 <= fromHour < toHour <= 24, got ${fromHour} to ${toHour}`,
    );
    requireZone(problems, timeZone);
    problems.throwIfAny();
  }

  /** As plain data. */
  public toJson(): { [name: string]: unknown } {
    const { days, fromHour, toHour, timeZone } = this.props;
    return {
      days: [...new Set(days)].sort(),
      fromHour,
      toHour,
      ...(timeZone === undefined ? {} : { timeZone }),
    };
  }
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** @internal */
export function _requireFreezes(problems: Problems, freezes: readonly Freeze[]): void {
  for (const { firstDay, lastDay, timeZone } of freezes) {
    for (const day of [firstDay, lastDay]) {
      problems.require(
        isDay(day),
        'FreezeDay',
        () => `a day of a freeze must be YYYY-MM-DD, known at synth, got '${day}'`,
      );
    }
    problems.require(
      !isDay(firstDay) || !isDay(lastDay) || firstDay <= lastDay,
      'FreezeEndsBeforeStart',
      () => `a freeze must not end before it starts, got ${firstDay} to ${lastDay}`,
    );
    requireZone(problems, timeZone);
  }
}

/** @internal */
export function _changeTimes(window: ChangeWindow | undefined, freezes: readonly Freeze[]): ChangeTimes {
  return {
    ...(window === undefined ? {} : { changeWindow: window.toJson() as unknown as ChangeTimes['changeWindow'] }),
    ...(freezes.length === 0 ? {} : { freezes: freezes.map((freeze) => ({ ...freeze })) }),
  };
}

/** A day that the calendar has: the 30th of February is read as another one. */
function isDay(day: string): boolean {
  return !Token.isUnresolved(day) && DAY.test(day) && toDay(day) === day;
}

function toDay(day: string): string | undefined {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 10);
}

function requireZone(problems: Problems, timeZone: string | undefined): void {
  if (timeZone === undefined) return;
  problems.require(
    !Token.isUnresolved(timeZone) && isZone(timeZone),
    'TimeZoneUnknown',
    () => `timeZone must be the IANA name of a time zone, such as Europe/Berlin, got '${timeZone}'`,
  );
}

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return true;
  } catch {
    return false;
  }
}
