import { farringtonManning } from '../intervals/difference';
import { normalCdf } from '../special/normal';
import type { Reading } from './reading';

/** One model's metric on one slice. */
export interface OfflineEstimate {
  readonly value: number;
  /** @default - unknown */
  readonly standardError?: number;
  /** Number of examples, where the metric is a share of them (accuracy, error rate). @default - unknown, or no share */
  readonly trials?: number;
}

/** The metric on one slice: both models' reports, or one paired difference (challenger less champion) of them. */
export interface OfflineSlice {
  /** `all` is the whole evaluation set. */
  readonly name: string;
  /** @default - a paired difference is given */
  readonly challenger?: OfflineEstimate;
  /** @default - a paired difference is given */
  readonly champion?: OfflineEstimate;
  /** From the same examples, such as a paired bootstrap. @default - two reports are given */
  readonly difference?: OfflineEstimate;
}

/** What the tests say of one slice. Losses are positive when the challenger is worse. */
export interface SliceTest {
  readonly name: string;
  readonly loss: number;
  /** p-value against "loses at most the margin". */
  readonly pHarm: number;
  /** p-value against "loses at least the margin". */
  readonly pSafe: number;
  /** p-value against "loses nothing", for the list of slices to look at. */
  readonly pAnyLoss: number;
  readonly method: string;
}

const nothing = { loss: Number.NaN, pHarm: 1, pSafe: 1, pAnyLoss: 1, method: 'none' };

/** Reads one slice and tests it against the margin; what cannot be tested is a problem. */
export function readSlice(
  read: Reading,
  slice: Readonly<Record<string, unknown>>,
  name: string,
  margin: number,
  good: number,
  bare: boolean,
): SliceTest {
  if (slice['difference'] !== undefined) {
    const difference = estimate(read, `${name}.difference`, slice['difference']);
    return { name, ...normal(read, name, -good * difference.value, difference.standardError, margin, bare) };
  }
  const b = estimate(read, `${name}.challenger`, slice['challenger']);
  const a = estimate(read, `${name}.champion`, slice['champion']);
  const loss = good * (a.value - b.value);
  if (b.trials !== undefined && a.trials !== undefined) {
    if (![a, b].every(({ value }) => value >= 0 && value <= 1)) {
      read.problem(`${name} must have shares of its examples between 0 and 1, got ${b.value} and ${a.value}`);
      return { name, ...nothing };
    }
    // As failures: what a higher-is-better share leaves over.
    const bad = (value: number) => (good === 1 ? 1 - value : value);
    const counts = { xb: bad(b.value) * b.trials, nb: b.trials, xa: bad(a.value) * a.trials, na: a.trials };
    const { pHarm, pSafe } = farringtonManning({ ...counts, margin });
    return {
      name,
      loss,
      pHarm,
      pSafe,
      pAnyLoss: farringtonManning({ ...counts, margin: 0 }).pHarm,
      method: 'farringtonManning',
    };
  }
  const se =
    b.standardError === undefined || a.standardError === undefined
      ? undefined
      : Math.hypot(b.standardError, a.standardError);
  return { name, ...normal(read, name, loss, se, margin, bare) };
}

function normal(read: Reading, name: string, loss: number, se: number | undefined, margin: number, bare: boolean) {
  if (se === undefined) {
    if (!bare) {
      read.problem(`${name} must have standard errors or numbers of examples, or uncertainty must be ignored`);
      return nothing;
    }
    return {
      loss,
      pHarm: loss > margin ? 0 : 1,
      pSafe: loss <= margin ? 0 : 1,
      pAnyLoss: loss > 0 ? 0 : 1,
      method: 'bare',
    };
  }
  const upper = (limit: number) => normalCdf({ z: -(loss - limit) / se });
  return {
    loss,
    pHarm: upper(margin),
    pSafe: normalCdf({ z: (loss - margin) / se }),
    pAnyLoss: upper(0),
    method: 'normal',
  };
}

function estimate(read: Reading, at: string, value: unknown): OfflineEstimate {
  const fields = read.record(at, value);
  const optional = (key: string, range: { min: number; max: number; above?: boolean }) =>
    fields[key] === undefined || fields[key] === null ? undefined : read.number(`${at}.${key}`, fields[key], range);
  return {
    value: read.number(`${at}.value`, fields['value']),
    // A standard error of 0 is certainty that no finite test set gives.
    standardError: optional('standardError', { min: 0, max: 1e15, above: true }),
    trials: optional('trials', { min: 1, max: 1e12 }),
  };
}
