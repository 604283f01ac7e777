import type { MetricSource, Series, SeriesQuery, Window } from '../aws/cloudwatch-metrics';

export type { MetricSource, Series, SeriesQuery, Window };

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
