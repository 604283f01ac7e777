import type { MetricStore } from '../cloudwatch/metric-store';
import type { Scenario } from '../scenario';
import type { Clock } from '../time/clock';
import type { BehaviourNow } from './behaviour-now';
import type { Served } from './served';

/** What drives one endpoint's traffic. */
export interface TrafficOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly store: MetricStore;
  readonly scenario: Scenario;
  readonly endpointName: string;
  /**
   * Whether metrics with the dimension EndpointConfigName are published: as soon as the fleet has traffic, never, or
   * not before five minutes of traffic.
   * @default 'published'
   */
  readonly endpointConfigMetrics?: 'published' | 'never' | 'late';
  /**
   * What a minute without requests publishes: counts of zero, or no samples at all.
   * @default 'nothing'
   */
  readonly zeroTraffic?: 'zeros' | 'nothing';
  /**
   * How far traffic departs from independent requests.
   * @default - `DEFAULT_NOISE`
   */
  readonly noise?: Noise;
  /**
   * Told of every segment of traffic, once it is over.
   * @default - nobody looks
   */
  readonly onSegment?: (segment: readonly Served[], now: BehaviourNow) => void;
}

/** How far traffic and fleets depart from independent, identically distributed requests. Zero switches a part off. */
export interface Noise {
  /** Coefficient of variation of demand from minute to minute, beyond Poisson. */
  readonly demandVariation: number;
  /**
   * Correlation of the errors of one minute: their variance is 1 + (n - 1) times this as large as that of n independent
   * requests. Bursts are seen in much traffic, and hardly in little.
   */
  readonly errorCorrelation: number;
  /** Coefficient of variation of the latency's median from minute to minute. */
  readonly latencyVariation: number;
  /** Latency of the requests on instances that have just begun to serve, as a multiple. */
  readonly coldStartFactor: number;
  /** Seconds of serving after which an instance is warm. */
  readonly coldStartSeconds: number;
}

/** On by default, because a strategy that only works on ideal traffic does not work. */
export const DEFAULT_NOISE: Noise = {
  demandVariation: 0.1,
  errorCorrelation: 1e-4,
  latencyVariation: 0.02,
  coldStartFactor: 1.5,
  coldStartSeconds: 30,
};

/** No noise but chance itself: independent requests, warm instances. */
export const NO_NOISE: Noise = {
  demandVariation: 0,
  errorCorrelation: 0,
  latencyVariation: 0,
  coldStartFactor: 1,
  coldStartSeconds: 0,
};
