import type { Spec } from '../../decision';
import { namedError } from './named-error';
import type { Claim, Item, RolloutRecord } from './rollout-record';

/** The spec that an item carries, of whatever version; undefined where it carries none. */
export function specIn(item: Item | undefined): Spec | undefined {
  return typeof item?.['spec'] === 'string' ? (JSON.parse(item['spec']) as Spec) : undefined;
}

/** The spec that a rollout was started with: a later deployment does not change it. `SpecUnreadable` where there is none. */
export async function readSpec(
  record: Pick<RolloutRecord, 'get'>,
  { endpoint, rolloutId }: Pick<Claim, 'endpoint' | 'rolloutId'>,
): Promise<Spec> {
  const spec = specIn(await record.get(`ENDPOINT#${endpoint}`, `ROLLOUT#${rolloutId}`));
  if (spec?.schemaVersion !== 1) throw namedError('SpecUnreadable', `rollout ${rolloutId} has no spec of version 1`);
  return spec;
}

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
    const spec = specIn(await record.get(`ENDPOINT#${endpoint}`, `ROLLOUT#${rolloutId}`));
    if (spec?.schemaVersion !== 1) return undefined;
    if (known.size >= MOST) known.clear();
    known.set(key, spec);
    return spec;
  };
}
