import type { Spec } from '../../decision';
import type { RolloutRecord } from './rollout-record';

/** Specs that a warm function keeps at most. */
const MOST = 100;

/** The spec that a rollout keeps to its end; undefined where there is none that can be read. */
export type SpecOf = (endpoint: string, rolloutId: string) => Promise<Spec | undefined>;

/** Reads specs, each once: a rollout's spec is written when it begins, and never again. */
export function rolloutSpec(record: Pick<RolloutRecord, 'get'>): SpecOf {
  const known = new Map<string, Spec>();
  return async (endpoint, rolloutId) => {
    const key = `${endpoint}/${rolloutId}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const item = await record.get(`ENDPOINT#${endpoint}`, `ROLLOUT#${rolloutId}`);
    const spec = typeof item?.['spec'] === 'string' ? (JSON.parse(item['spec']) as Spec) : undefined;
    if (spec?.schemaVersion !== 1) return undefined;
    if (known.size >= MOST) known.clear();
    known.set(key, spec);
    return spec;
  };
}
