import type { Outcome } from './outcome';
import type { Expectation } from './scenario';

/** In what an outcome is not what the scenario expects; nothing broken is always expected. */
export function unexpected(
  { outcome, servedConfig, badRequests, violations }: Outcome,
  { outcome: ending, servedConfig: serving, maximumBadRequests: most }: Expectation,
): string[] {
  return [
    ...(outcome === ending ? [] : [`it must end as ${ending}, got ${outcome}`]),
    ...(serving === undefined || servedConfig === serving
      ? []
      : [`the ${serving} must serve in the end, got ${servedConfig}`]),
    ...(most === undefined || badRequests <= most ? [] : [`bad requests must be at most ${most}, got ${badRequests}`]),
    ...(violations.length === 0 ? [] : ['nothing may be broken']),
  ];
}
