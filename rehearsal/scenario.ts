/** How a model version behaves while it serves. Rates are 0-1, latencies are milliseconds. */
export interface Behaviour {
  /** Share of requests answered with 5xx. */
  readonly errorRate: number;
  /** Share of requests answered with 4xx: the caller's fault, never a bad request of the model. */
  readonly clientErrorRate: number;
  /** Median and 99th percentile of the model's latency; a log-normal goes through both. */
  readonly latencyP50: number;
  readonly latencyP99: number;
  /** Requests a second that one instance can take before it saturates. */
  readonly capacityPerInstance: number;
  /** `healthy`, `crashes` (fails its health check on start), `noCapacity` (SageMaker finds no instances). */
  readonly startup: 'healthy' | 'crashes' | 'noCapacity';
}

/** A change of behaviour or traffic at a time after the second deployment began. */
export interface Change {
  readonly atSeconds: number;
  readonly champion?: Partial<Behaviour>;
  readonly challenger?: Partial<Behaviour>;
  readonly requestsPerSecond?: number;
}

/** What a scenario says must come of a rehearsal. */
export interface Expectation {
  readonly outcome: OutcomeKind;
  readonly servedConfig?: Side;
  readonly maximumBadRequests?: number;
}

export type Side = 'champion' | 'challenger';
/** How a rehearsed deployment ended (DESIGN: outcomes). */
export type OutcomeKind = 'promoted' | 'rolledBack' | 'held' | 'aborted' | 'failed';

/** One story to rehearse: who calls, how both versions behave, what happens meanwhile, and what must come of it. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** Names of the models the story is for; all of them when left out. */
  readonly models?: readonly string[];
  readonly requestsPerSecond: number;
  readonly champion: Behaviour;
  readonly challenger: Behaviour;
  readonly changes: readonly Change[];
  readonly expect: Expectation;
}
