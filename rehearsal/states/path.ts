import type { Json } from '../services/service';
import { StatesError } from './errors';

type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';
type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'filter'; readonly path: readonly Step[]; readonly operator?: Comparison; readonly value?: Json };

/** A JSONPath of the subset: names, indices, `[*]`, slices and one comparison in a filter. */
export interface Path {
  readonly text: string;
  /** `$$`: into the context object. */
  readonly context: boolean;
  /** It names one place at most; else it gives a list, maybe an empty one. */
  readonly definite: boolean;
  /** Only names and indices from zero: what ResultPath may be. */
  readonly reference: boolean;
  readonly steps: readonly Step[];
}

/** The text is not a path of the subset. */
export class PathSyntaxError extends Error {}

const bound = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));

/** The steps of the subset: how each is written, and what it then is. */
const grammar: readonly (readonly [RegExp, (found: RegExpExecArray) => Step])[] = [
  [/\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*)/y, ([, name]) => ({ kind: 'name', name })],
  [/\.\*|\[\s*\*\s*\]/y, () => ({ kind: 'all' })],
  [
    /\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]/y,
    ([, single, double]) => ({ kind: 'name', name: (single ?? double).replace(/\\(.)/g, '$1') }),
  ],
  [/\[\s*(-?\d+)\s*\]/y, ([, index]) => ({ kind: 'index', index: Number(index) })],
  [/\[\s*(-?\d+)?\s*:\s*(-?\d+)?\s*\]/y, ([, from, to]) => ({ kind: 'slice', from: bound(from), to: bound(to) })],
  [
    /\[\?\(\s*@((?:[^\s=!<>()'"[\]]|\[[^\]]*\])*)\s*(?:(==|!=|<=|>=|<|>)\s*('[^']*'|"[^"]*"|[^\s)]+))?\s*\)\]/y,
    filterStep,
  ],
];

function parseSteps(text: string, start: number): Step[] {
  const steps: Step[] = [];
  let at = start;
  while (at < text.length) {
    const before = at;
    for (const [pattern, make] of grammar) {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found === null) continue;
      at += found[0].length;
      steps.push(make(found));
      break;
    }
    if (at === before) {
      throw new PathSyntaxError(`'${text}' is not a path of the subset: '${text.slice(at)}' is not understood`);
    }
  }
  return steps;
}

function filterStep([, inner, operator, literal]: RegExpExecArray): Step {
  const path = parseSteps(inner, 0);
  if (operator === undefined) return { kind: 'filter', path };
  const json = literal.startsWith("'") ? JSON.stringify(literal.slice(1, -1)) : literal;
  try {
    return { kind: 'filter', path, operator: operator as Comparison, value: JSON.parse(json) };
  } catch {
    throw new PathSyntaxError(`a filter compares with '${literal}', which is neither a string nor JSON`);
  }
}

const parsed = new Map<string, Path>();

/** Reads a path; throws a {@link PathSyntaxError} that says what is not understood. */
// source: asl-paths
export function parsePath(text: string): Path {
  let path = parsed.get(text);
  if (path === undefined) {
    if (typeof text !== 'string' || !text.startsWith('$')) {
      throw new PathSyntaxError(`a path must begin with '$', got ${JSON.stringify(text)}`);
    }
    const context = text.startsWith('$$');
    const steps = parseSteps(text, context ? 2 : 1);
    const definite = steps.every(({ kind }) => kind === 'name' || kind === 'index');
    const reference = !context && definite && steps.every((step) => step.kind !== 'index' || step.index >= 0);
    path = { text, context, definite, reference, steps };
    parsed.set(text, path);
  }
  return path;
}

function child(value: Json, step: Step): Json | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (step.kind === 'name') {
    return !Array.isArray(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
  }
  return step.kind === 'index' && Array.isArray(value) ? value.at(step.index) : undefined;
}

function compare(left: Json, operator: Comparison, right: Json): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function children(value: Json, step: Step): readonly Json[] {
  if (step.kind === 'name' || step.kind === 'index') {
    const one = child(value, step);
    return one === undefined ? [] : [one];
  }
  if (value === null || typeof value !== 'object') return [];
  const list: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  if (step.kind === 'all') return list;
  if (step.kind === 'slice') return Array.isArray(value) ? value.slice(step.from, step.to) : [];
  return list.filter((item) => {
    const found = step.path.reduce<Json>((at, inner) => (at === undefined ? undefined : child(at, inner)), item);
    return step.operator === undefined ? found !== undefined : compare(found, step.operator, step.value);
  });
}

/** What a path finds: a value or undefined for a definite path, a list for any other. */
export function select(path: Path, root: Json): Json | undefined {
  if (path.definite) {
    let value = root;
    for (const step of path.steps) {
      value = child(value, step);
      if (value === undefined) return undefined;
    }
    return value;
  }
  return path.steps.reduce<readonly Json[]>((values, step) => values.flatMap((v) => [...children(v, step)]), [root]);
}

/** A copy of the data with `value` at a reference path; objects on the way are made, everything else must fit. */
// source: asl-result-path
export function place(root: Json, path: Path, value: Json): Json {
  const put = (at: Json, depth: number): Json => {
    if (depth === path.steps.length) return value;
    const step = path.steps[depth];
    if (step.kind === 'name') {
      if (at !== undefined && (at === null || typeof at !== 'object' || Array.isArray(at))) throw mismatch(path, root);
      const inside = at !== undefined && Object.hasOwn(at, step.name) ? at[step.name] : undefined;
      return { ...at, [step.name]: put(inside, depth + 1) };
    }
    if (step.kind !== 'index' || !Array.isArray(at) || step.index >= at.length) throw mismatch(path, root);
    return at.map((item, i) => (i === step.index ? put(item, depth + 1) : item));
  };
  return put(root, 0);
}

function mismatch(path: Path, root: Json): StatesError {
  const reason = `Unable to apply step "${path.text}" to input ${JSON.stringify(root)}`;
  return new StatesError('States.ResultPathMatchFailure', reason, true);
}
