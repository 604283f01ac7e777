import { many, type PolicyStatement, type RequestContext } from './policy';
import { contextValues, substitute } from './variables';
import { matchesArn, matchesWildcard } from './wildcard';

type Test = (wanted: string, given: string) => boolean;

const numbers =
  (holds: (given: number, wanted: number) => boolean): Test =>
  (wanted, given) =>
    given.trim() !== '' && wanted.trim() !== '' && holds(Number(given), Number(wanted));
const instant = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));
const dates =
  (holds: (given: number, wanted: number) => boolean): Test =>
  (wanted, given) =>
    holds(instant(given), instant(wanted));

/** Each operator in its positive form; the negated ones are these with the answer turned round. */
const positive: Readonly<Record<string, Test>> = {
  StringEquals: (wanted, given) => wanted === given,
  StringEqualsIgnoreCase: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  StringLike: (wanted, given) => matchesWildcard(wanted, given),
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  NumericEquals: numbers((given, wanted) => given === wanted),
  NumericLessThan: numbers((given, wanted) => given < wanted),
  NumericLessThanEquals: numbers((given, wanted) => given <= wanted),
  NumericGreaterThan: numbers((given, wanted) => given > wanted),
  NumericGreaterThanEquals: numbers((given, wanted) => given >= wanted),
  DateEquals: dates((given, wanted) => given === wanted),
  DateLessThan: dates((given, wanted) => given < wanted),
  DateLessThanEquals: dates((given, wanted) => given <= wanted),
  DateGreaterThan: dates((given, wanted) => given > wanted),
  DateGreaterThanEquals: dates((given, wanted) => given >= wanted),
};
const negated: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
};

interface Operator {
  readonly test: Test;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
}

/** Reads an operator's name; undefined when it is not one of the closed set. `Null` is apart. */
export function readOperator(name: string): Operator | undefined {
  const parsed = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(name);
  if (parsed === null) return undefined;
  const base = negated[parsed[2]] ?? parsed[2];
  if (!Object.hasOwn(positive, base)) return undefined;
  return {
    test: positive[base],
    negated: Object.hasOwn(negated, parsed[2]),
    ifExists: parsed[3] !== undefined,
    quantifier: parsed[1] as Operator['quantifier'],
  };
}

function holds(operator: Operator, wanted: readonly string[], given: readonly string[] | undefined): boolean {
  if (given === undefined) {
    return operator.ifExists || operator.quantifier === 'ForAllValues' || (operator.negated && !operator.quantifier);
  }
  const one = (value: string) => wanted.some((pattern) => operator.test(pattern, value)) !== operator.negated;
  if (operator.quantifier === 'ForAllValues') return given.every(one);
  if (operator.quantifier === 'ForAnyValue') return given.some(one);
  return operator.negated ? given.every(one) : given.some(one);
}

/**
 * Whether a request meets every condition of a statement: operators and keys are joined by AND, values by OR, and by
 * NOR under a negated operator. An operator that is not known answers undefined, so that the caller can fail closed.
 */
// source: iam-condition-operators
export function meetsConditions(statement: PolicyStatement, context: RequestContext): boolean | undefined {
  let unknown = false;
  for (const [name, keys] of Object.entries(statement.Condition ?? {})) {
    for (const [key, value] of Object.entries(keys)) {
      const given = contextValues(context, key);
      const wanted = many(value).map((v) => substitute(String(v), context));
      if (name === 'Null') {
        if (!wanted.some((word) => (word?.toLowerCase() === 'true') === (given === undefined))) return false;
        continue;
      }
      const operator = readOperator(name);
      if (operator === undefined) unknown = true;
      else if (
        !holds(
          operator,
          wanted.filter((word) => word !== undefined),
          given,
        )
      )
        return false;
    }
  }
  return unknown ? undefined : true;
}
