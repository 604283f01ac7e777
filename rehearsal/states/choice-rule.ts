import type { Json } from '../services/service';
import type { ChoiceRule } from './definition';
import { StatesError } from './errors';
import { lookUp, type Scope } from './payload';

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const types: Readonly<Record<string, (value: Json) => boolean>> = {
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => typeof value === 'string' && timestamp.test(value),
};
const operators =
  /^(String|Numeric|Timestamp|Boolean)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals|Matches)(Path)?$/;
const kinds: Readonly<Record<string, string>> = { String: 'string', Numeric: 'number', Boolean: 'boolean' };

/** The operator of a comparison: its one field beside Variable, Next and Comment; undefined when there is no such one. */
export function operatorOf(rule: ChoiceRule): string | undefined {
  const names = Object.keys(rule).filter((name) => !['Variable', 'Next', 'Comment'].includes(name));
  if (names.length !== 1) return undefined;
  const [name] = names;
  if (name === 'IsPresent' || Object.hasOwn(types, name)) return name;
  const found = operators.exec(name);
  if (found === null) return undefined;
  const [, kind, relation, path] = found;
  if (kind === 'Boolean' && relation !== 'Equals') return undefined;
  return relation === 'Matches' && (kind !== 'String' || path !== undefined) ? undefined : name;
}

/** `*` is any characters, `\*` a star and `\\` a backslash. */
export function globMatches(pattern: string, value: string): boolean {
  const source = pattern.replace(/\\([\\*])|\*|[.+?^${}()|[\]\\]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`;
    return found === '*' ? '[\\s\\S]*' : `\\${found}`;
  });
  return new RegExp(`^${source}$`).test(value);
}

function present(path: string, scope: Scope): Json {
  const value = lookUp(path, scope);
  if (value !== undefined) return value;
  throw StatesError.runtime(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
}

function relate(relation: string, left: Json, right: Json): boolean {
  switch (relation) {
    case 'Equals':
      return left === right;
    case 'LessThan':
      return left < right;
    case 'LessThanEquals':
      return left <= right;
    case 'GreaterThan':
      return left > right;
    case 'GreaterThanEquals':
      return left >= right;
    default:
      return globMatches(right, left);
  }
}

function compare(rule: ChoiceRule, scope: Scope): boolean {
  const operator = operatorOf(rule);
  if (operator === undefined) throw StatesError.runtime(`no operator in ${JSON.stringify(rule)}`);
  if (operator === 'IsPresent') return (lookUp(rule.Variable, scope) !== undefined) === rule.IsPresent;
  const left = present(rule.Variable, scope);
  if (Object.hasOwn(types, operator)) return types[operator](left) === rule[operator];
  const [, kind, relation, path] = operators.exec(operator) as unknown as string[];
  const right = path === undefined ? rule[operator] : present(rule[operator], scope);
  if (kind === 'Timestamp') {
    const [a, b] = [left, right].map((value) => (types.IsTimestamp(value) ? Date.parse(value) : Number.NaN));
    return relate(relation, a, b);
  }
  // Values of another kind do not compare: not an error, simply not so.
  const fits = typeof left === kinds[kind] && typeof right === kinds[kind];
  return fits && relate(relation, left, right);
}

/** Whether a choice rule holds. A variable that is not there ends the execution, unless the rule asks IsPresent. */
// source: asl-choice-rules
export function holds(rule: ChoiceRule, scope: Scope): boolean {
  if (rule.And !== undefined) return rule.And.every((inner: ChoiceRule) => holds(inner, scope));
  if (rule.Or !== undefined) return rule.Or.some((inner: ChoiceRule) => holds(inner, scope));
  if (rule.Not !== undefined) return !holds(rule.Not, scope);
  return compare(rule, scope);
}
