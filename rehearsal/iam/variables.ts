import { many, type RequestContext } from './policy';

/** The values of a condition key in a request; keys do not know case. Undefined when the request has no such key. */
export function contextValues(context: RequestContext, key: string): readonly string[] | undefined {
  const wanted = key.toLowerCase();
  for (const name of Object.keys(context)) {
    if (name.toLowerCase() === wanted) return many(context[name]);
  }
  return undefined;
}

/**
 * Puts the values of a request into a policy's `${...}` variables. Undefined when a variable has no single value: the
 * statement then matches nothing.
 */
// source: iam-policy-variables
export function substitute(text: string, context: RequestContext): string | undefined {
  if (!text.includes('${')) return text;
  let known = true;
  const result = text.replace(/\$\{([^}]*)\}/g, (_, inside: string) => {
    if (inside === '*' || inside === '?' || inside === '$') return inside;
    const [key, fallback] = inside.split(/\s*,\s*/);
    const values = contextValues(context, key);
    if (values?.length === 1) return values[0];
    const quoted = /^'(.*)'$/.exec(fallback ?? '');
    if (quoted === null) known = false;
    return quoted?.[1] ?? '';
  });
  return known ? result : undefined;
}
