import type { Definition } from '../states';
import { edgesOf, statesOf, type Visited } from './coverage';
import { APIS, FAULT_KINDS } from './fault-cells';
import reasons from './unvisited.json';

/** What a drawn case cannot visit, each with the reason. */
const REASONS: Readonly<Record<string, string>> = {
  ...reasons.states,
  ...reasons.edges,
  ...reasons.apis,
  ...reasons.cells,
};

/** Whether there is a reason why a place is not visited. */
export const isExcused = (place: string): boolean => Object.hasOwn(REASONS, place);

/** Every place that a campaign must visit: states and edges of the machines, and what may go wrong with each API. */
export function placesOf(machines: Readonly<Record<string, Definition>>): string[] {
  const cells = APIS.flatMap((api) => FAULT_KINDS.map((kind) => `${api} ${kind}`));
  return [...statesOf(machines), ...edgesOf(machines), ...cells];
}

/**
 * Places that were neither visited nor have a reason, and APIs that were called and no fault ever befalls: sentences; none
 * is good.
 */
export function unvisited(machines: Readonly<Record<string, Definition>>, visited: Visited): string[] {
  const seen = new Set([...visited.states, ...visited.edges, ...visited.cells]);
  const missing = placesOf(machines).filter((place) => !seen.has(place) && !isExcused(place));
  const spared = [...visited.apis].filter((api) => !APIS.some((one) => one === api) && !isExcused(api));
  return [
    ...missing.map((place) => `not visited, and no reason: ${place}`),
    ...spared.map((api) => `called, and no fault is ever drawn for it: ${api}`),
  ];
}

/** Reasons for places that the engine does not have any more. */
export function staleReasons(machines: Readonly<Record<string, Definition>>): string[] {
  const places = new Set(placesOf(machines));
  return Object.keys({ ...reasons.states, ...reasons.edges, ...reasons.cells }).filter((place) => !places.has(place));
}
