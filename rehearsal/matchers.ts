import type { Assumption, MatrixOutcome, MatrixRow, Outcome } from './outcome';
import type { Side } from './scenario';

/** What a matcher tells its test framework. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What a rehearsal may be held against: a count of responses, or seconds. */
export type Quantity = keyof Pick<
  MatrixRow,
  | 'badRequests'
  | 'slowRequests'
  | 'detectSeconds'
  | 'decideSeconds'
  | 'restoreSeconds'
  | 'confirmSeconds'
  | 'totalSeconds'
>;

/** One run, or one row of a matrix. */
type Row = Pick<MatrixRow, Quantity | 'servedConfig'> & { readonly assumptions: readonly Assumption[] };

const rowsOf = (rehearsed: Outcome | MatrixOutcome): readonly Row[] =>
  'matrix' in rehearsed ? rehearsed.matrix : [{ ...rehearsed, assumptions: [] }];

/** The settings that make a row what it is, for a message. */
const under = ({ assumptions }: Row) =>
  assumptions.length === 0 ? '' : ` under ${assumptions.map(({ knob, setting }) => `${knob} = ${setting}`).join(', ')}`;

function everyRow(rehearsed: Outcome | MatrixOutcome, claim: string, got: (row: Row) => unknown): MatcherResult {
  const rows = rowsOf(rehearsed);
  const wrong = rows.find((row) => got(row) !== undefined);
  return {
    pass: wrong === undefined,
    message: () =>
      wrong === undefined
        ? `${claim} in every one of ${rows.length} rows, and must not`
        : `the rehearsal must ${claim}, got ${got(wrong)}${under(wrong)}`,
  };
}

/**
 * Matchers for vitest and jest; of a matrix, every row must match.
 *
 * @example
 * expect.extend(matchers);
 * expect(await rehearse(app, { scenario, knobs: 'all' })).toEndOn('champion');
 */
export const matchers = {
  /** The config of this side serves all traffic at the end. */
  toEndOn: (rehearsed: Outcome | MatrixOutcome, side: Side): MatcherResult =>
    everyRow(rehearsed, `end on the ${side}`, ({ servedConfig }) => (servedConfig === side ? undefined : servedConfig)),

  /** At most this many responses, or seconds. Seconds that nobody measured, as of a rollback that never was, do not match. */
  toServeAtMost: (rehearsed: Outcome | MatrixOutcome, most: number, quantity: Quantity): MatcherResult =>
    everyRow(rehearsed, `have at most ${most} ${quantity}`, ({ [quantity]: figure }) =>
      figure !== null && figure <= most ? undefined : (figure ?? 'none'),
    ),
};
