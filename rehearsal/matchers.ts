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

/**
 * What a rehearsal found; anything else is refused, so that it matches neither with `not` nor without. A promise that
 * nobody has waited for is the likeliest.
 */
function rowsOf(rehearsed: Outcome | MatrixOutcome): readonly Row[] {
  const { matrix, servedConfig } = (rehearsed ?? {}) as Partial<Outcome & MatrixOutcome>;
  if (Array.isArray(matrix) && matrix.length > 0) return matrix;
  if (servedConfig !== undefined) return [{ ...(rehearsed as Outcome), assumptions: [] }];
  const got = rehearsed instanceof Promise ? 'a promise' : typeof rehearsed;
  throw new Error(
    `expect must be given what a rehearsal found, got ${got}: expect(await rehearse(...)) [NotRehearsed]`,
  );
}

/** What a matcher is asked for must be something that it knows: nothing is at most what is no number. */
function requireAsked(holds: boolean, message: string): void {
  if (!holds) throw new Error(`${message} [NotKnown]`);
}

const QUANTITIES: readonly string[] = [
  'badRequests',
  'slowRequests',
  'detectSeconds',
  'decideSeconds',
  'restoreSeconds',
  'confirmSeconds',
  'totalSeconds',
] satisfies Quantity[];

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
        ? `the rehearsal does ${claim} in every one of ${rows.length} rows, and must not`
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
  toEndOn: (rehearsed: Outcome | MatrixOutcome, side: Side): MatcherResult => {
    requireAsked(['champion', 'challenger'].includes(side), `a side must be champion or challenger, got ${side}`);
    return everyRow(rehearsed, `end on the ${side}`, ({ servedConfig }) =>
      servedConfig === side ? undefined : servedConfig,
    );
  },

  /** At most this many responses, or seconds. Seconds that nobody measured, as of a rollback that never was, do not match. */
  toServeAtMost: (rehearsed: Outcome | MatrixOutcome, most: number, quantity: Quantity): MatcherResult => {
    requireAsked(most >= 0, `the most must be a number of at least 0, got ${most}`);
    requireAsked(QUANTITIES.includes(quantity), `a quantity must be one of ${QUANTITIES.join(', ')}, got ${quantity}`);
    return everyRow(rehearsed, `have at most ${most} ${quantity}`, ({ [quantity]: figure }) =>
      figure !== null && figure <= most ? undefined : (figure ?? 'none'),
    );
  },
};
