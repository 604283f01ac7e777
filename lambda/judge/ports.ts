/** One CloudWatch metric with the statistic that is wanted of each period. */
export interface MetricSource {
  readonly id: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: { readonly [name: string]: string };
  readonly statistic: string;
}

/** One series: a single metric, or metric math over several. */
export interface SeriesQuery {
  readonly metrics: readonly MetricSource[];
  readonly expression: string | null;
}

/** Half-open window of time, in milliseconds since the epoch. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly periodSeconds: number;
}

/** Value by the start of its period, in milliseconds since the epoch; no entry where there was no data. */
export type Series = ReadonlyMap<number, number>;

/** Everything `judge` needs of the world. */
export interface JudgePorts {
  readonly metrics: { read(queries: readonly SeriesQuery[], window: Window): Promise<readonly Series[]> };
  readonly alarms: { levels(names: readonly string[]): Promise<ReadonlyMap<string, string>> };
  /** Keeps the evidence of one tick under a key of its own, so that a repeated tick writes the same; returns where. */
  readonly evidence: { save(key: EvidenceKey, evidence: unknown): Promise<string> };
  /** Tells operators what came of a tick. */
  readonly tell: (facts: { readonly kind: string; readonly reason: string; readonly [name: string]: unknown }) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Names one tick of one phase of one rollout. */
export interface EvidenceKey {
  readonly endpoint: string;
  readonly rollout: string;
  readonly stage: string;
  readonly at: number;
  readonly by: string;
}
