/** One dimension of a metric, as CloudFormation and the CloudWatch API spell it. */
export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** What identifies a metric: two metrics with other dimensions have nothing in common. */
export interface MetricId {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** An alarm asks for the same metric every minute. */
const keys = new WeakMap<MetricId, string>();

/** The identity as one string; the order of dimensions does not matter. */
// source: cloudwatch-metric-identity
export function metricKey(id: MetricId): string {
  const known = keys.get(id);
  if (known !== undefined) return known;
  const { namespace, metricName, dimensions } = id;
  const names = Object.keys(dimensions).sort();
  const key = JSON.stringify([namespace, metricName, ...names.map((name) => [name, dimensions[name]])]);
  keys.set(id, key);
  return key;
}

/** Dimensions as the API lists them, as a record. */
export function dimensionsOf(list: readonly Dimension[] | undefined): Record<string, string> {
  return Object.fromEntries((list ?? []).map(({ Name, Value }) => [Name, Value]));
}
