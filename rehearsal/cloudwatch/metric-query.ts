import { idsIn, type MathNode, parseMath } from './math-parser';
import { type Dimension, dimensionsOf, type MetricId } from './metric';
import { evaluateMath, type MathValue, type Points } from './metric-math';
import type { MetricStore } from './metric-store';
import { parseStatistic, type Statistic } from './statistic';

/** One entry of `Metrics` in an alarm or of `MetricDataQueries`, as CloudFormation and the API spell it. */
export interface MetricDataQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly Label?: string;
  readonly Period?: number;
  /** CloudFormation writes it as text, too. */
  readonly ReturnData?: boolean | 'true' | 'false';
  readonly AccountId?: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace?: string;
      readonly MetricName?: string;
      readonly Dimensions?: readonly Dimension[];
    };
    readonly Period: number;
    readonly Stat: string;
    readonly Unit?: string;
  };
}

/** Whether a query's points are asked for, or only used by another query. */
export function returnsData(query: MetricDataQuery): boolean {
  return String(query.ReturnData ?? true) === 'true';
}

/** Which of a metric's samples a query reads, and what it makes of them. */
export interface MetricReading {
  readonly metric: MetricId;
  readonly statistic: Statistic;
  readonly unit: string | undefined;
  readonly periodSeconds: number;
}

/** Queries checked once and asked often. */
export interface CompiledQueries {
  readonly metrics: ReadonlyMap<string, MetricReading>;
  /** Each after those it refers to. */
  readonly expressions: ReadonlyMap<string, MathNode>;
}

/** Windows of equal length, oldest first: the points of a series. */
export interface Windows {
  /** Begin of the oldest, milliseconds since 1970. */
  readonly from: number;
  readonly periodSeconds: number;
  readonly count: number;
  /** Only what is visible now is read. */
  readonly now: number;
}

/** Checks queries. Every problem is told to `problem`, so that a caller can name all at once. */
export function compileQueries(
  queries: readonly MetricDataQuery[],
  problem: (message: string) => void,
): CompiledQueries {
  const metrics = new Map<string, MetricReading>();
  const expressions = new Map<string, MathNode>();
  for (const query of queries) {
    if (metrics.has(query.Id) || expressions.has(query.Id)) problem(`the query id '${query.Id}' must be unique`);
    if (query.AccountId !== undefined) problem(`the query '${query.Id}' reads another account, which is not rehearsed`);
    if (query.MetricStat !== undefined && query.Expression === undefined) {
      const { Metric, Period, Stat, Unit } = query.MetricStat;
      const statistic = parseStatistic(Stat);
      if (Metric.Namespace === undefined || Metric.MetricName === undefined) {
        problem(`the metric of '${query.Id}' must have a Namespace and a MetricName`);
      }
      if (statistic === undefined) problem(`the statistic '${Stat}' of '${query.Id}' is unknown`);
      else metrics.set(query.Id, reading(Metric, statistic, Unit, Number(Period)));
    } else if (query.Expression !== undefined && query.MetricStat === undefined) {
      try {
        expressions.set(query.Id, parseMath(query.Expression));
      } catch (error) {
        problem(`${(error as Error).message} [${query.Id}]`);
      }
    } else problem(`the query '${query.Id}' must have either a MetricStat or an Expression`);
  }
  const ordered = inOrder(metrics, expressions, problem);
  tryOut(metrics, ordered, problem);
  return { metrics, expressions: ordered };
}

/** Evaluates once over nothing, so that what is not understood is found here and not in the middle of a rehearsal. */
function tryOut(
  metrics: ReadonlyMap<string, MetricReading>,
  expressions: ReadonlyMap<string, MathNode>,
  problem: (message: string) => void,
): void {
  const values = new Map<string, MathValue>(
    [...metrics.keys()].map((id) => [id, new Float64Array(1).fill(Number.NaN)]),
  );
  const periods = new Map([...metrics].map(([id, metric]) => [id, metric.periodSeconds]));
  for (const [id, node] of expressions) {
    try {
      values.set(id, evaluateMath(node, { values, periods, length: 1 }));
    } catch (error) {
      problem(`${(error as Error).message} [${id}]`);
      return;
    }
  }
}

/** Expressions may come in any order and refer to one another, but not in circles. */
function inOrder(
  metrics: ReadonlyMap<string, MetricReading>,
  expressions: ReadonlyMap<string, MathNode>,
  problem: (message: string) => void,
): Map<string, MathNode> {
  const ordered = new Map<string, MathNode>();
  const waiting = new Map(expressions);
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, node]) => idsIn(node).every((id) => metrics.has(id) || ordered.has(id)));
    if (ready.length === 0) {
      const ids = [...waiting.keys()].join(', ');
      problem(`the expressions ${ids} must refer to ids of the same query, and not to one another in a circle`);
      return ordered;
    }
    for (const [id, node] of ready) {
      ordered.set(id, node);
      waiting.delete(id);
    }
  }
  return ordered;
}

/** A reading from the API's words for a metric. */
export function reading(
  metric: { Namespace?: string; MetricName?: string; Dimensions?: readonly Dimension[] },
  statistic: Statistic,
  unit: string | undefined,
  periodSeconds: number,
): MetricReading {
  const { Namespace = '', MetricName = '', Dimensions } = metric;
  const id = { namespace: Namespace, metricName: MetricName, dimensions: dimensionsOf(Dimensions) };
  return { metric: id, statistic, unit, periodSeconds };
}

/** The points of one metric; NaN where nothing is visible. */
// source: cloudwatch-get-metric-data
export function readPoints(store: MetricStore, { metric, statistic, unit }: MetricReading, windows: Windows): Points {
  const points = new Float64Array(windows.count).fill(Number.NaN);
  const series = statistic.trimmed && !store.trims(metric) ? [] : store.find(metric, unit);
  const length = windows.periodSeconds * 1000;
  for (const one of series) {
    for (let i = 0; i < windows.count; i++) {
      const from = windows.from + i * length;
      const value = statistic.of(one.read(from, from + length, windows.now));
      // Without a unit in the query, samples of several units are not mixed: the last one that has a point shows.
      if (value !== undefined) points[i] = value;
    }
  }
  return points;
}

/** Evaluates all queries over the same windows. */
export function runQueries(store: MetricStore, queries: CompiledQueries, windows: Windows): Map<string, MathValue> {
  const values = new Map<string, MathValue>();
  const periods = new Map<string, number>();
  for (const [id, metric] of queries.metrics) {
    values.set(id, readPoints(store, metric, windows));
    periods.set(id, metric.periodSeconds);
  }
  const scope = { values, periods, length: windows.count };
  for (const [id, node] of queries.expressions) values.set(id, evaluateMath(node, scope));
  return values;
}
