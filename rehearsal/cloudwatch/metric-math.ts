import { MathError, type MathNode, type Operator, parseMath } from './math-parser';

/** A series of points, oldest first; NaN is a missing point. */
export type Points = Float64Array;
export type MathValue = number | Points | readonly Points[];

/** What an expression may refer to. */
export interface MathScope {
  /** Metrics and earlier expressions, by id. */
  readonly values: ReadonlyMap<string, MathValue>;
  /** Seconds of a metric's period, by id. */
  readonly periods: ReadonlyMap<string, number>;
  /** How many points every series has. */
  readonly length: number;
}

type Combine = (a: number, b: number) => number;

const truth = (value: boolean): number => (value ? 1 : 0);
const OPERATORS: Readonly<Record<Operator, Combine>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  // A point that would divide by zero is dropped.
  '/': (a, b) => (b === 0 ? Number.NaN : a / b),
  '^': (a, b) => a ** b,
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '<': (a, b) => truth(a < b),
  '<=': (a, b) => truth(a <= b),
  '>': (a, b) => truth(a > b),
  '>=': (a, b) => truth(a >= b),
  AND: (a, b) => truth(a !== 0 && b !== 0),
  OR: (a, b) => truth(a !== 0 || b !== 0),
};

const EACH: Readonly<Record<string, (a: number) => number>> = { ABS: Math.abs, CEIL: Math.ceil, FLOOR: Math.floor };

const AGGREGATES: Readonly<Record<string, (numbers: readonly number[]) => number>> = {
  SUM: (numbers) => numbers.reduce((sum, n) => sum + n, 0),
  AVG: (numbers) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length,
  MIN: (numbers) => Math.min(...numbers),
  MAX: (numbers) => Math.max(...numbers),
};

/**
 * Evaluates a metric-math expression over series of equal length. The subset is closed: arithmetic, comparison,
 * AND, OR, ABS, CEIL, FLOOR, SUM, AVG, MIN, MAX, FILL, IF, METRICS and PERIOD; everything else is refused by name.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
// source: cloudwatch-metric-math
export function evaluateMath(expression: MathNode | string, scope: MathScope): MathValue {
  return visit(typeof expression === 'string' ? parseMath(expression) : expression, scope);
}

function visit(node: MathNode, scope: MathScope): MathValue {
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'id': {
      const value = scope.values.get(node.name);
      if (value === undefined) throw new MathError(`metric math refers to '${node.name}', which is no id of the query`);
      return value;
    }
    case 'array':
      return node.items.flatMap((item) => {
        const value = visit(item, scope);
        if (typeof value === 'number') throw new MathError('an array in metric math holds time series, not numbers');
        return value instanceof Float64Array ? [value] : value;
      });
    case 'negate':
      return map(visit(node.of, scope), (a) => -a);
    case 'operator':
      return combine(visit(node.left, scope), visit(node.right, scope), OPERATORS[node.operator], scope.length);
    case 'call':
      return call(node.name, node.args, scope);
    case 'word':
    case 'text':
      throw new MathError(`metric math does not know '${node.kind === 'word' ? node.name : node.value}' here`);
  }
}

function call(name: string, args: readonly MathNode[], scope: MathScope): MathValue {
  if (Object.hasOwn(EACH, name) && args.length === 1) return map(visit(args[0], scope), EACH[name]);
  if (Object.hasOwn(AGGREGATES, name) && args.length === 1) {
    return aggregate(visit(args[0], scope), AGGREGATES[name], scope.length);
  }
  if (name === 'METRICS' && args.length <= 1) return metrics(args[0], scope);
  if (name === 'PERIOD' && args.length === 1) return period(args[0], scope);
  if (name === 'FILL' && args.length === 2) return fill(args[0], args[1], scope);
  if (name === 'IF' && (args.length === 2 || args.length === 3)) return choose(args, scope);
  throw new MathError(
    `metric math function ${name} with ${args.length} arguments is not part of this embedded CloudWatch; it knows ` +
      'ABS, CEIL, FLOOR, SUM, AVG, MIN, MAX, FILL, IF, METRICS and PERIOD',
  );
}

function map(value: MathValue, f: (a: number) => number): MathValue {
  if (typeof value === 'number') return f(value);
  return value instanceof Float64Array ? value.map(f) : value.map((series) => series.map(f));
}

/** A point that only one of two series has counts as 0 in the other; a number has no points to miss. */
function combine(left: MathValue, right: MathValue, f: Combine, length: number): MathValue {
  if (typeof left === 'number' && typeof right === 'number') return f(left, right);
  if (Array.isArray(left)) return left.map((series) => combine(series, right, f, length) as Points);
  if (Array.isArray(right)) return right.map((series) => combine(left, series, f, length) as Points);
  const result = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const a = typeof left === 'number' ? left : (left[i] as number);
    const b = typeof right === 'number' ? right : (right[i] as number);
    const both = typeof left !== 'number' && typeof right !== 'number';
    if (both && !(Number.isNaN(a) && Number.isNaN(b))) result[i] = f(Number.isNaN(a) ? 0 : a, Number.isNaN(b) ? 0 : b);
    else result[i] = Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : f(a, b);
  }
  return result;
}

/** Over one series: a number. Over several: a series, in which a missing point counts as 0. */
function aggregate(value: MathValue, f: (numbers: readonly number[]) => number, length: number): MathValue {
  if (typeof value === 'number') return value;
  if (value instanceof Float64Array) {
    const real = [...value].filter((point) => !Number.isNaN(point));
    return real.length === 0 ? Number.NaN : f(real);
  }
  const result = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const column = value.map((series) => series[i]);
    const none = column.every((point) => Number.isNaN(point));
    result[i] = none ? Number.NaN : f(column.map((point) => (Number.isNaN(point) ? 0 : point)));
  }
  return result;
}

function metrics(filter: MathNode | undefined, scope: MathScope): readonly Points[] {
  if (filter !== undefined && filter.kind !== 'text') throw new MathError('METRICS() takes a text or nothing');
  const found: Points[] = [];
  for (const id of scope.periods.keys()) {
    const value = scope.values.get(id);
    if (value instanceof Float64Array && (filter === undefined || id.includes(filter.value))) found.push(value);
  }
  return found;
}

function period(of: MathNode, scope: MathScope): number {
  const seconds = of.kind === 'id' ? scope.periods.get(of.name) : undefined;
  if (seconds === undefined) throw new MathError('PERIOD() takes the id of a metric');
  return seconds;
}

function fill(of: MathNode, filler: MathNode, scope: MathScope): MathValue {
  const value = visit(of, scope);
  if (typeof value === 'number') throw new MathError('FILL() takes a time series, not a number');
  if (filler.kind === 'word' && filler.name !== 'REPEAT') {
    throw new MathError(
      `FILL() by ${filler.name} is not part of this embedded CloudWatch; it knows numbers and REPEAT`,
    );
  }
  const by = filler.kind === 'word' ? undefined : visit(filler, scope);
  const one = (series: Points): Points => {
    let last = Number.NaN;
    return series.map((point, i) => {
      if (!Number.isNaN(point)) last = point;
      if (!Number.isNaN(point) || by === undefined) return last;
      return typeof by === 'number' ? by : ((by as Points)[i] ?? Number.NaN);
    });
  };
  return value instanceof Float64Array ? one(value) : value.map(one);
}

/** A missing condition drops the point; a missing value of a true condition is 0, that of a false one drops it. */
function choose(args: readonly MathNode[], scope: MathScope): MathValue {
  const [condition, yes, no] = args.map((arg) => visit(arg, scope));
  const at = (value: MathValue | undefined, i: number): number => {
    if (value === undefined) return Number.NaN;
    if (typeof value === 'number') return value;
    if (value instanceof Float64Array) return value[i];
    throw new MathError('IF() takes single time series and numbers, not arrays of series');
  };
  const result = new Float64Array(scope.length);
  for (let i = 0; i < scope.length; i++) {
    const decided = at(condition, i);
    const taken = at(decided !== 0 ? yes : no, i);
    if (Number.isNaN(decided)) result[i] = Number.NaN;
    else result[i] = decided !== 0 && Number.isNaN(taken) ? 0 : taken;
  }
  return result;
}
