import { fail, pass, type Verdict } from '../verdict';
import { isRecord, Reading, shown } from './reading';

/** Passes while every named alarm is `OK`: levels, not edges, so an alarm that was in ALARM before counts. */
export interface AlarmRule {
  readonly kind: 'alarm';
  /** Names of the CloudWatch alarms that must be `OK`; at least one. */
  readonly alarms: readonly string[];
}

/** What CloudWatch's DescribeAlarms said of one alarm. */
export interface AlarmLevel {
  readonly name: string;
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
}

/** What an {@link AlarmRule} looks at. */
export interface AlarmData {
  readonly alarms: readonly AlarmLevel[];
}

/** Judges alarm levels: one ALARM fails; INSUFFICIENT_DATA, an unknown word or a missing alarm holds. */
export function judgeAlarm(rule: AlarmRule, data: AlarmData): Verdict {
  const read = new Reading();
  const names = read.list('alarms', rule.alarms, 1, 1000);
  const levels = read.list('data.alarms', data.alarms, 0, 10_000);
  const states: Record<string, string> = {};
  for (const name of names) {
    if (typeof name !== 'string' || name === '') {
      read.problem(`alarms must be names, got ${shown(name)}`);
      continue;
    }
    const found = levels.filter((level) => isRecord(level) && level['name'] === name) as AlarmLevel[];
    if (found.length === 0) read.problem(`alarm ${name} was not found`);
    // Two levels for one name cannot both be true: the worse one counts, and the answer stays doubtful.
    if (found.length > 1) read.problem(`alarm ${name} was reported ${found.length} times`);
    if (found.some(({ state }) => state === 'ALARM')) states[name] = 'ALARM';
    else if (found.length > 0) {
      const [{ state }] = found;
      states[name] = typeof state === 'string' ? state : shown(state);
      if (state !== 'OK') read.problem(`alarm ${name} is ${states[name]}`);
    }
  }
  const evidence = { rule: 'alarm', version: 1, states };
  const ringing = Object.keys(states).filter((name) => states[name] === 'ALARM');
  if (ringing.length > 0) return fail(`${ringing.join(', ')} in ALARM`, evidence);
  if (!read.sound) return read.refusal(evidence);
  return pass(`all ${names.length} alarms are OK`, evidence);
}
