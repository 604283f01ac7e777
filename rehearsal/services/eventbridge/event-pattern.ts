import type { Json } from '../service';

/** A pattern in EventBridge's language: the shape of an event with lists of what may stand at each leaf. */
export type EventPattern = { readonly [field: string]: Json };

type Matcher = (value: Json) => boolean;
const isObject = (value: Json) => value !== null && typeof value === 'object' && !Array.isArray(value);

function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/\\([\\*])|\*|[.+?^${}()|[\]\\]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`;
    return found === '*' ? '[\\s\\S]*' : `\\${found}`;
  });
  return new RegExp(`^${source}$`);
}

function numeric(terms: Json): Matcher {
  const tests: Matcher[] = [];
  if (!Array.isArray(terms) || terms.length === 0 || terms.length % 2 !== 0) throw refusal('numeric', terms);
  for (let i = 0; i < terms.length; i += 2) {
    const [operator, bound] = [terms[i], terms[i + 1]];
    const relation = relations[operator];
    if (relation === undefined || typeof bound !== 'number') throw refusal('numeric', terms);
    tests.push((value) => typeof value === 'number' && relation(value, bound));
  }
  return (value) => tests.every((test) => test(value));
}
const relations: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const refusal = (operator: string, operand: Json) =>
  new Error(`an event pattern must be of the subset, got ${operator} with ${JSON.stringify(operand)}`);

function onText(operator: string, operand: Json, test: (value: string) => boolean): Matcher {
  if (typeof operand !== 'string' || operand === '') throw refusal(operator, operand);
  return (value) => typeof value === 'string' && test(value);
}

/** Content filters that look at one value. `exists` looks at the field and stands apart. */
const filters: Readonly<Record<string, (operand: Json) => Matcher>> = {
  prefix: (operand) =>
    isObject(operand)
      ? filters['equals-ignore-case-prefix'](operand['equals-ignore-case'])
      : onText('prefix', operand, (value) => value.startsWith(operand)),
  suffix: (operand) =>
    isObject(operand)
      ? filters['equals-ignore-case-suffix'](operand['equals-ignore-case'])
      : onText('suffix', operand, (value) => value.endsWith(operand)),
  'equals-ignore-case-prefix': (operand) =>
    onText('prefix', operand, (value) => value.toLowerCase().startsWith(operand.toLowerCase())),
  'equals-ignore-case-suffix': (operand) =>
    onText('suffix', operand, (value) => value.toLowerCase().endsWith(operand.toLowerCase())),
  'equals-ignore-case': (operand) =>
    onText('equals-ignore-case', operand, (value) => value.toLowerCase() === operand.toLowerCase()),
  wildcard: (operand) => onText('wildcard', operand, (value) => wildcard(operand).test(value)),
  numeric,
  'anything-but': (operand) => {
    const matchers = isObject(operand) ? [matcher(operand)] : [operand].flat().map(matcher);
    return (value) => !matchers.some((matches) => matches(value));
  },
};

function matcher(wanted: Json): Matcher {
  if (!isObject(wanted)) return (value) => value === wanted;
  const [[operator, operand], ...others] = Object.entries<Json>(wanted);
  if (others.length > 0 || !Object.hasOwn(filters, operator)) throw refusal(operator, operand);
  return filters[operator](operand);
}

type FieldMatcher = (found: boolean, value: Json) => boolean;

function field(wanted: Json): FieldMatcher {
  if (isObject(wanted)) {
    const inner = compilePattern(wanted);
    // A list of objects matches when one of them does.
    return (_, value) =>
      Array.isArray(value) ? value.some((item) => isObject(item) && inner(item)) : inner(isObject(value) ? value : {});
  }
  if (!Array.isArray(wanted)) throw refusal('a leaf', wanted);
  const any = wanted.map(leaf);
  return (found, value) => any.some((matches) => matches(found, value));
}

function leaf(one: Json): FieldMatcher {
  if (isObject(one) && Object.hasOwn(one, 'exists')) return (found) => one.exists === found;
  const matches = matcher(one);
  // An "anything-but" must hold for every item of a list; everything else for one of them.
  const every = isObject(one) && Object.hasOwn(one, 'anything-but');
  return (found, value) => {
    if (!found) return false;
    if (!Array.isArray(value)) return matches(value);
    return every ? value.every(matches) : value.some(matches);
  };
}

/**
 * Reads a pattern into a question to an event: every field of the pattern must match, each by one of the values in its
 * list. Throws for what is not of the subset.
 */
// source: eventbridge-patterns
export function compilePattern(pattern: EventPattern): (event: Json) => boolean {
  const tests = Object.entries(pattern).map(([name, wanted]) => {
    if (name === '$or') {
      const any = wanted.map(compilePattern) as ((event: Json) => boolean)[];
      return (event: Json) => any.some((matches) => matches(event));
    }
    const matches = field(wanted);
    return (event: Json) => {
      const found = Object.hasOwn(event, name);
      return matches(found, found ? event[name] : undefined);
    };
  });
  return (event) => tests.every((test) => test(event));
}
