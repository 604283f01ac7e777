import { namedError } from './named-error';
import { recordWriter } from './record-writer';
import type { RolloutRecord } from './rollout-record';

/** An item may have 400 kB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAXIMUM_BYTES = 390_000;

/** Names one tick of one phase of one rollout. */
export interface EvidenceKey {
  readonly endpoint: string;
  readonly rollout: string;
  readonly stage: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who judged, where several do in one tick. */
  readonly by: string;
}

/**
 * Keeps evidence in the record, one item a tick. The key is made of the tick alone, so that a tick that is asked twice
 * is kept once. What `save` returns is the item's sort key.
 */
export function evidenceTable(record: Pick<RolloutRecord, 'put'> = recordWriter()) {
  return {
    async save({ endpoint, rollout, stage, at, by }: EvidenceKey, evidence: unknown): Promise<string> {
      const text = JSON.stringify(evidence);
      const bytes = Buffer.byteLength(text);
      if (bytes > MAXIMUM_BYTES) {
        throw namedError('EvidenceTooLarge', `evidence must have at most ${MAXIMUM_BYTES} bytes, got ${bytes}`);
      }
      const item = `EVIDENCE#${rollout}#${stage}#${new Date(at).toISOString()}#${by}`;
      await record.put(`ENDPOINT#${endpoint}`, item, { evidence: text });
      return item;
    },
  };
}
