/** One object of a listing: its key and its bytes as stored. */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
}

/** What `judge-data` needs of S3: listings in key order, bodies as streams. */
export interface ObjectReader {
  /** @param after only keys that come after this one @default - all of the prefix */
  list(bucket: string, prefix: string, after?: string): Promise<readonly StoredObject[]>;
  open(bucket: string, key: string): Promise<AsyncIterable<Uint8Array>>;
}

/** Names one tick of one phase of one rollout. */
export interface EvidenceKey {
  readonly endpoint: string;
  readonly rollout: string;
  readonly stage: string;
  readonly at: number;
  readonly by: string;
}

/** Everything `judge-data` needs of the world. */
export interface JudgeDataPorts {
  readonly objects: ObjectReader;
  /** Keeps the evidence of one tick under a key of its own, so that a repeated tick writes the same; returns where. */
  readonly evidence: { save(key: EvidenceKey, evidence: unknown): Promise<string> };
  /** Tells operators what came of a tick. */
  readonly tell: (facts: { readonly kind: string; readonly reason: string; readonly [name: string]: unknown }) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
