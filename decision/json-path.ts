/** One step into a JSON document: a property's name, a list's index, or the one entry of a list that has a property. */
export type PathStep = string | number | { readonly where: string; readonly is: string };

/** Steps from the root of a JSON document to exactly one place. */
export type JsonPath = readonly PathStep[];

/** More steps than this are a mistake. */
const MAXIMUM_STEPS = 32;

const STEP =
  /^(?:\.([\p{L}\p{N}_@-]+)|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[\?\(@\.([\p{L}\p{N}_]+)\s*==\s*'((?:[^'\\]|\\.)*)'\)\])/u;

/**
 * Parses the closed part of JSONPath that names one place: `$`, `$.name`, `$['any name']`, `$.list[0]` and
 * `$.list[?(@.name=='DI')]`, in any sequence. Wildcards, slices and recursion are refused, because they name many.
 * Null when the text is none of this.
 */
export function parsePath(text: string): JsonPath | null {
  const steps: PathStep[] = [];
  let rest = text.startsWith('$') ? text.slice(1) : null;
  while (rest !== null && rest !== '') {
    const step: RegExpMatchArray | null = rest.match(STEP);
    if (step === null || steps.length === MAXIMUM_STEPS) return null;
    const [whole, plain, index, single, double, where, is] = step;
    if (index !== undefined) steps.push(Number(index));
    else if (where !== undefined) steps.push({ where, is: unescaped(is) });
    else steps.push(plain ?? unescaped(single ?? double));
    rest = rest.slice(whole.length);
  }
  return rest === null ? null : steps;
}

const unescaped = (text: string): string => text.replace(/\\(.)/gu, '$1');

/** The value at a path; undefined when there is none, or when a filter finds several. Only own properties count. */
export function readPath(document: unknown, path: JsonPath): unknown {
  let value = document;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (typeof step === 'object') {
      const found: unknown[] = Array.isArray(value) ? value.filter((entry) => has(entry, step.where, step.is)) : [];
      if (found.length !== 1) return undefined;
      value = found[0];
    } else {
      if (Array.isArray(value) !== (typeof step === 'number') || !Object.hasOwn(value, step)) return undefined;
      value = (value as Record<string | number, unknown>)[step];
    }
  }
  return value;
}

/** A number in the document equals its text in the path: reports write `1` and `"1"` for the same facet. */
function has(entry: unknown, name: string, text: string): boolean {
  if (typeof entry !== 'object' || entry === null || !Object.hasOwn(entry, name)) return false;
  const value = (entry as Record<string, unknown>)[name];
  return (typeof value === 'string' || typeof value === 'number') && String(value) === text;
}
