/** A check of an evaluation report, as a gate's definition carries it. */
export type CheckJson = { readonly check: string; readonly metric: string; readonly [name: string]: unknown };

/** A path with the name of a slice in the place of `{slice}`; null for a path that is not given. */
export function slicePath(path: string | undefined, slice: string): string | null {
  if (path === undefined) return null;
  return path.replaceAll('{slice}', slice.replace(/[\\']/g, '\\$&'));
}
