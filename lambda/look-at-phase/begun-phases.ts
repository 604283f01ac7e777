import type { Item, RolloutRecord } from '../aws/rollout-record';
import { rolloutSpec } from '../aws/rollout-spec';

/** Bakes that a warm function knows at most. */
const MOST = 100;

/** What the record says of every phase that has begun, in order. `bake` is the execution that watches the last of them. */
export type BegunOf = (rolloutId: string, phaseIndex: number, bake: string) => Promise<readonly Item[]>;

/**
 * Reads phases once for each bake: while one watches its phase no other begins. A phase that is resumed has a bake of its
 * own, and so is read again.
 */
export function begunPhases(record: Pick<RolloutRecord, 'list'>): BegunOf {
  const known = new Map<string, readonly Item[]>();
  return async (rolloutId, phaseIndex, bake) => {
    const found = known.get(bake);
    if (found !== undefined) return found;
    const phases = await record.list(`ROLLOUT#${rolloutId}`, 'PHASE#');
    if (known.size >= MOST) known.clear();
    // One that has not begun yet may have by the next look.
    if (phases.length > phaseIndex) known.set(bake, phases);
    return phases;
  };
}

/** What a warm function keeps of rollouts. */
export const remembered = (record: Pick<RolloutRecord, 'get' | 'list'>) => ({
  specOf: rolloutSpec(record),
  begunOf: begunPhases(record),
});
