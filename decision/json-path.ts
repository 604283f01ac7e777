/** Steps from the root of a JSON document: names of properties and indexes of lists. */
export type JsonPath = readonly (string | number)[];

/** Longest property name or most steps that a path may have: beyond it is a mistake. */
const MAXIMUM_STEPS = 32;

/**
 * Parses the closed part of JSONPath that names exactly one place: `$`, `$.name`, `$['any name']`, `$["any name"]` and
 * `$.list[0]`, in any sequence. Wildcards, slices, filters and recursion are refused, because they name many places.
 * Null when the text is none of this.
 */
export function parsePath(text: string): JsonPath | null {
  const steps: (string | number)[] = [];
  let rest = text.startsWith('$') ? text.slice(1) : null;
  while (rest !== null && rest !== '') {
    const step: RegExpMatchArray | null = rest.match(
      /^(?:\.([\p{L}\p{N}_@-]+)|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\])/u,
    );
    if (step === null || steps.length === MAXIMUM_STEPS) return null;
    const [whole, plain, index, single, double] = step;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(plain ?? (single ?? double).replace(/\\(.)/gu, '$1'));
    rest = rest.slice(whole.length);
  }
  return rest === null ? null : steps;
}

/** The value at a path; undefined when there is none. Only a document's own properties count. */
export function readPath(document: unknown, path: JsonPath): unknown {
  let value = document;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) !== (typeof step === 'number') || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
