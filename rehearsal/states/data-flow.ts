import type { Json } from '../services/service';
import { StatesError } from './errors';
import { exceedsPayload } from './history';
import { parsePath, place } from './path';
import { fill, mustFind, type Scope } from './payload';

interface Flow {
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
  readonly ResultPath?: string | null;
  readonly ResultSelector?: Json;
}

/** The raw input after InputPath. */
// source: asl-data-flow
export function filtered(path: string | null | undefined, scope: Scope): Json {
  if (path === undefined) return scope.input;
  return path === null ? {} : mustFind(path, scope);
}

/** What leaves a state: its result through ResultSelector, put into the raw input by ResultPath, through OutputPath. */
// source: asl-data-flow
export function outputOf(state: Flow, scope: Scope, result: Json): Json {
  const selected =
    state.ResultSelector === undefined ? result : fill(state.ResultSelector, { ...scope, input: result });
  let placed = selected;
  if (state.ResultPath === null) placed = scope.input;
  else if (state.ResultPath !== undefined) placed = place(scope.input, parsePath(state.ResultPath), selected);
  return filtered(state.OutputPath, { ...scope, input: placed });
}

/** Fails when a payload is above 256 KiB. `what` is AWS's name for whose it is. */
// source: sfn-data-limit
export function requireSize(value: Json, what: string): void {
  if (!exceedsPayload(value)) return;
  throw new StatesError(
    'States.DataLimitExceeded',
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
