const compiled = new Map<string, RegExp>();

/** Matches a text against a pattern in which `*` is any characters and `?` is exactly one. */
export function matchesWildcard(pattern: string, text: string, ignoreCase = false): boolean {
  const key = `${ignoreCase ? 'i' : 'c'}${pattern}`;
  let expression = compiled.get(key);
  if (expression === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replace(/\?/g, '.');
    expression = new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
    compiled.set(key, expression);
  }
  return expression.test(text);
}

/** The six parts of an ARN; the last keeps its own colons. Parts that are not there are `missing`. */
function parts(arn: string, missing: string): readonly string[] {
  const split = arn.split(':');
  const first = split.slice(0, 5);
  while (first.length < 5) first.push(missing);
  return [...first, split.length > 5 ? split.slice(5).join(':') : missing];
}

/**
 * Matches an ARN part by part: a wildcard in one of the first five never reaches into the next. A pattern with fewer
 * than six parts is completed by `*`, as IAM does in identity-based policies.
 */
// source: iam-resource-element
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const wanted = parts(pattern, '*');
  const given = parts(arn, '');
  return wanted.every((part, i) => matchesWildcard(part, given[i]));
}
