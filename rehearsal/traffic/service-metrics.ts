import { Histogram } from '../cloudwatch/histogram';
import type { MetricStore } from '../cloudwatch/metric-store';
import type { BothSides, ServiceMetric } from '../scenario-data';
import type { RandomStream } from '../time/random';
import { multinomial } from './samplers';
import type { Served } from './served';

/** Standard normal numbers that stand for all of them, and how often each is drawn. */
const NODES = Array.from({ length: 25 }, (_, i) => (i - 12) / 4);
const WEIGHTS = NODES.map((z) => Math.exp((-z * z) / 2));
const MASS = WEIGHTS.reduce((sum, weight) => sum + weight, 0);
const SHARES = WEIGHTS.map((weight) => weight / MASS);

/**
 * Publishes what the callers' own service would: for each request that was answered, one value under the name of the
 * variant that answered. A shadow's answers reach nobody, and earn nothing.
 */
// source: model-service-metrics
export function publishServiceMetrics(
  store: MetricStore,
  random: RandomStream,
  metrics: readonly ServiceMetric[],
  segment: readonly Served[],
): void {
  for (const metric of metrics) {
    const { namespace, metricName, dimensions = {}, variantDimension = 'VariantName', unit = 'None' } = metric;
    for (const { fleet, from, requests, errors, clientErrors } of segment) {
      const answered = requests - errors - clientErrors;
      if (fleet.shadow === true || answered === 0) continue;
      const id = { namespace, metricName, dimensions: { ...dimensions, [variantDimension]: fleet.variantName } };
      const of = (sides: BothSides) =>
        fleet.side === 'challenger' ? (sides.challenger ?? sides.champion) : sides.champion;
      const { rate, mean, spread = 1 } = metric;
      const values = rate === undefined ? logNormal(of(mean ?? { champion: 0 }), spread) : zeroOrOne(of(rate));
      store.open(id, unit).record(from, drawn(random, answered, values));
    }
  }
}

/** Values in ascending order, and how often each is drawn. */
interface Values {
  readonly values: readonly number[];
  readonly shares: readonly number[];
}

const zeroOrOne = (rate: number): Values => ({ values: [0, 1], shares: [1 - rate, rate] });

/** Values above zero with this mean; `spread` is their standard deviation as a part of it. */
function logNormal(mean: number, spread: number): Values {
  if (spread === 0) return { values: [mean], shares: [1] };
  const sigma = Math.sqrt(Math.log1p(spread * spread));
  const values = NODES.map((z) => Math.exp(sigma * z));
  const average = values.reduce((sum, value, i) => sum + value * SHARES[i], 0);
  return { values: values.map((value) => (mean * value) / average), shares: SHARES };
}

const drawn = (random: RandomStream, n: number, { values, shares }: Values): Histogram =>
  Histogram.ascending(values, multinomial(random, n, shares));
