import { Token } from 'aws-cdk-lib';
import { RESERVED_GATE_NAMES } from '../../decision/gate-names';
import { parsePath } from '../../decision/json-path';
import type { Problems } from './problems';

/** A gate's name stands in verdicts, record keys and messages: letters, digits, dashes. */
export function requireGateName(problems: Problems, name: string): void {
  problems.require(
    !Token.isUnresolved(name) && /^[A-Za-z][A-Za-z0-9-]{0,62}$/.test(name),
    'GateName',
    () => `gateName must be 1 to 63 letters, digits and dashes, a letter first, got '${name}'`,
  );
  problems.require(
    !RESERVED_GATE_NAMES.includes(name),
    'GateNameReserved',
    () => `gateName must be none of ${RESERVED_GATE_NAMES.join(', ')}, which the engine uses itself, got '${name}'`,
  );
}

/** A share or a margin between two shares, 0-1; `zero` says whether 0 itself is allowed. */
export function requireShare(problems: Problems, noun: string, share: number, zero = false): void {
  if (Token.isUnresolved(share)) return;
  const slip = share >= 1 && share <= 100 ? `, did you mean ${share / 100}?` : '';
  problems.require(
    (zero ? share >= 0 : share > 0) && share < 1,
    'RateOutOfRange',
    () => `${noun} must be ${zero ? 'at least' : 'more than'} 0 and less than 1 (0.02 is 2 %), got ${share}${slip}`,
  );
}

/** Tolerated chance that one gate alone takes a healthy version back, or lets an intolerable one pass. */
const DEFAULT_ALPHA = 0.01;
/** The same, of all gates together. */
const ALPHA_OF_ALL = 0.05;

/** A gate's share of the tolerated chance of a false rollback: any one gate may roll back, so they share it. */
export function alphaRollback(own: number | undefined, gateCount: number): number {
  return Math.min(own ?? DEFAULT_ALPHA, ALPHA_OF_ALL / Math.max(1, gateCount));
}

/** A gate's tolerated chance of a false pass: every gate must pass, so each keeps its own in full. */
export function alphaPromote(own: number | undefined): number {
  return own ?? DEFAULT_ALPHA;
}

/** A path that names one place in a JSON document. */
export function requirePath(problems: Problems, path: string): void {
  problems.require(
    parsePath(path) !== null,
    'PathUnreadable',
    () => `a path must name one place, such as $.metrics.auc.value, got '${path}'`,
  );
}
