import type { Json } from '../services/service';
import type { RandomStream } from '../time/random';
import { StatesError } from './errors';
import { type Expression, parseIntrinsic } from './intrinsic-call';
import { callIntrinsic } from './intrinsics';
import { parsePath, select } from './path';

/** What paths and templates of a state may read. */
export interface Scope {
  readonly input: Json;
  /** The context object, `$$`. */
  readonly context: Json;
  readonly random: RandomStream;
}

/** What a path finds in the input or the context; undefined when nothing is there. */
export function lookUp(text: string, scope: Scope): Json | undefined {
  const path = parsePath(text);
  return select(path, path.context ? scope.context : scope.input);
}

/** What a path finds; a path to nothing ends the execution. For InputPath, OutputPath and their kin. */
export function mustFind(text: string, scope: Scope): Json {
  const value = lookUp(text, scope);
  if (value === undefined) throw StatesError.runtime(`Invalid path '${text}': no such place in the input`);
  return value;
}

function evaluate(expression: Expression, field: string, scope: Scope, keepEscapes: boolean): Json {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'string': {
      const unquoted = expression.raw.replace(/\\(['\\])/g, '$1');
      return keepEscapes ? unquoted : unquoted.replace(/\\([{}])/g, '$1');
    }
    case 'path':
      return found(expression.path.text, field, scope);
    case 'call': {
      const args = expression.args.map((arg, i) =>
        evaluate(arg, field, scope, expression.name === 'Format' && i === 0),
      );
      return callIntrinsic(expression.name, args, scope.random);
    }
  }
}

function found(text: string, field: string, scope: Scope): Json {
  const value = lookUp(text, scope);
  if (value !== undefined) return value;
  const where = text.startsWith('$$') ? scope.context : scope.input;
  throw new StatesError(
    'States.ParameterPathFailure',
    `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(where)}'`,
    true,
  );
}

/** A path or an intrinsic function, as a field that ends in `.$` (or in `Path`, in a Fail state) holds it. */
export function expression(text: string, field: string, scope: Scope): Json {
  return text.startsWith('States.') ? evaluate(parseIntrinsic(text), field, scope, false) : found(text, field, scope);
}

/** Fills a payload template: each field that ends in `.$` loses the ending and gets what its path finds. */
// source: asl-payload-template
export function fill(template: Json, scope: Scope): Json {
  if (Array.isArray(template)) return template.map((item) => fill(item, scope));
  if (template === null || typeof template !== 'object') return template;
  const result: Record<string, Json> = {};
  for (const key of Object.keys(template)) {
    if (key.endsWith('.$')) result[key.slice(0, -2)] = expression(template[key], key, scope);
    else result[key] = fill(template[key], scope);
  }
  return result;
}
