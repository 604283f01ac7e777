import { isRecord, type Reading, shown } from './reading';
import type { Arm, Period, SequentialOptions, SequentialSettings, SeriesData } from './series';

/** A series as columns, ready for arithmetic: events (x) or sums and trials (n) of challenger (b) and champion (a). */
export interface Columns {
  readonly length: number;
  readonly xb: Float64Array;
  readonly nb: Float64Array;
  readonly xa: Float64Array;
  readonly na: Float64Array;
  readonly baseline: readonly Arm[];
  /** Seconds since every arm last had data. */
  readonly silentSeconds: number;
}

/** Whether sums are counts of events among the samples, and which arms must speak. */
export interface SeriesNeeds {
  readonly counts: boolean;
  readonly compared: boolean;
}

/** Reads the options that all sequential rules share. */
export function readSettings(read: Reading, rule: SequentialOptions): SequentialSettings {
  const alpha = { min: 0, max: 0.5, above: true, below: true };
  return {
    alphaRollback: read.number('alphaRollback', rule.alphaRollback, alpha, 0.01),
    alphaPromote: read.number('alphaPromote', rule.alphaPromote, alpha, 0.01),
    horizonPeriods: read.number('horizonPeriods', rule.horizonPeriods, { min: 1, max: 1e6, integer: true }, 1440),
    maximumSilenceSeconds: read.number('maximumSilenceSeconds', rule.maximumSilenceSeconds, { min: 0 }, 600),
  };
}

/** Reads a series; every period that cannot be true is a problem, because one lie makes the rest doubtful. */
export function readSeries(read: Reading, data: SeriesData, needs: SeriesNeeds): Columns {
  const period = read.number('periodSeconds', data.periodSeconds, { min: 0, max: 86_400, above: true });
  const asOf = read.number('asOf', data.asOf, { min: 0 });
  const list = read.list('periods', data.periods);
  const column = () => new Float64Array(list.length);
  const columns = { length: list.length, xb: column(), nb: column(), xa: column(), na: column() };
  let end = Number.NEGATIVE_INFINITY;
  let heard = Number.NEGATIVE_INFINITY;
  list.forEach((entry, i) => {
    const { start, challenger, champion } = isRecord(entry) ? entry : read.record(`periods[${i}]`, entry);
    const begins =
      typeof start === 'number' && start >= 0 && start < Number.POSITIVE_INFINITY
        ? start
        : read.number(`periods[${i}].start`, start, { min: 0 });
    if (begins < end) read.problem(`periods[${i}] must begin after the period before it ended, got ${shown(start)}`);
    end = begins + period;
    if (end > asOf) read.problem(`periods[${i}] must have ended by asOf, got an end at ${end}`);
    const b = readArm(read, i, 'challenger', challenger, needs.counts);
    const a = readArm(read, i, 'champion', champion, needs.counts);
    [columns.xb[i], columns.nb[i]] = [b.sum, b.count];
    [columns.xa[i], columns.na[i]] = [a.sum, a.count];
    if (b.count > 0 && (a.count > 0 || !needs.compared)) heard = end;
  });
  const baseline = data.baseline === undefined ? [] : read.list('baseline', data.baseline);
  return {
    ...columns,
    baseline: baseline.map((entry, i) => readArm(read, i, 'baseline', entry, needs.counts)),
    silentSeconds: asOf - heard,
  };
}

const NOTHING: Arm = { sum: 0, count: 0 };

/** Whether an arm is as it should be: asked first, because a stage has thousands and hardly any that needs words. */
function isSound(arm: Partial<Arm>, counts: boolean): boolean {
  const { sum, count } = arm;
  if (typeof sum !== 'number' || typeof count !== 'number' || !(count > 0 && count <= 1e12)) return false;
  return counts ? sum >= 0 && sum <= count : sum >= -1e15 && sum <= 1e15;
}

/** Whose numbers these are. */
type Whose = keyof Omit<Period, 'start'> | 'baseline';

function readArm(read: Reading, i: number, whose: Whose, value: unknown, counts: boolean): Arm {
  if (value === undefined || value === null) return NOTHING;
  if (isSound(value, counts)) return value as Arm;
  const at = whose === 'baseline' ? `baseline[${i}]` : `periods[${i}].${whose}`;
  const arm = read.record(at, value);
  const count = read.number(`${at}.count`, arm['count'], { min: 0, max: 1e12 });
  const sum = read.number(`${at}.sum`, arm['sum'], counts ? { min: 0 } : { min: -1e15, max: 1e15 });
  if (counts && sum > count) read.problem(`${at} must not have more events than samples, got ${sum} of ${count}`);
  if (count === 0 && sum !== 0) read.problem(`${at} must have a sum of 0 without samples, got ${sum}`);
  return { sum, count };
}

/** Why a pass must wait although the evidence is there: an arm has gone silent. Undefined when all arms speak. */
export function silence({ silentSeconds }: Columns, { maximumSilenceSeconds }: SequentialSettings): string | undefined {
  if (silentSeconds <= maximumSilenceSeconds) return undefined;
  const since = Number.isFinite(silentSeconds) ? `for ${silentSeconds} s` : 'at all';
  return `no data of every arm ${since}, at most ${maximumSilenceSeconds} s is allowed`;
}
