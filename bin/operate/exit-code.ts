import type { RolloutState } from './read-rollout';

/** How the state of a rollout ends the process, so that a pipeline can tell. 2 is what a failed rehearsal says. */
const CODES: { readonly [S in RolloutState]: number } = {
  promoted: 0,
  rolledBack: 3,
  aborted: 3,
  failed: 3,
  held: 4,
  reserved: 5,
  running: 5,
  watching: 5,
  rollingBack: 5,
};

/** The exit code of a rollout's state; 0 where there never was one. A state that nobody knows is no success. */
export const exitCodeOf = (state: RolloutState | undefined): number => (state === undefined ? 0 : (CODES[state] ?? 1));

/** What `--help` says of it. */
export const EXIT_CODES =
  'Exit codes: 0 promoted, or nothing was ever rolled out; 1 it could not be found out; 3 rolled back, aborted or failed; 4 held, a person must decide; 5 under way.';
