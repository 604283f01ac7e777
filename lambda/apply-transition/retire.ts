import { configName } from '../../decision';
import type { TransitionPorts } from './ports';

/** A rollout that is about to be promoted: it has the lock. */
export interface RetireRequest {
  readonly endpoint: string;
  readonly rolloutId: string;
  /** The config that serves. */
  readonly served: string;
}

/**
 * Rollouts whose configs are looked for at least. One that was promoted has retired those before it, so that nothing heaps
 * up: all since then are looked for, and some before, because what could not be deleted is tried again.
 */
const ROLLOUTS = 5;
const KINDS = ['single', 'shadow', 'split'] as const;

/**
 * Deletes the endpoint configs of rollouts that have ended. A way back needs weights and the config that serves, never an
 * older one. Only names are deleted that the engine itself has given, and never the one that serves.
 *
 * @returns what could not be deleted, in words; the next rollout tries again
 */
export async function retire(
  { record, endpoints }: Pick<TransitionPorts, 'record' | 'endpoints'>,
  { endpoint, rolloutId, served }: RetireRequest,
): Promise<readonly string[]> {
  const rollouts = await record.list(`ENDPOINT#${endpoint}`, 'ROLLOUT#');
  const ended = rollouts
    .filter((each) => each['rolloutId'] !== rolloutId && each['outcome'] !== undefined && each['outcome'] !== 'held')
    .sort((a, b) => `${b['startedAt']}`.localeCompare(`${a['startedAt']}`));
  const promoted = ended.findIndex((each) => each['outcome'] === 'promoted');
  const since = promoted < 0 ? ended.length : promoted + 1;
  const names = ended
    .slice(0, Math.max(ROLLOUTS, since))
    .flatMap(({ digest, epoch }) =>
      typeof epoch === 'number' ? KINDS.map((kind) => configName(endpoint, `${digest}`, epoch, kind)) : [],
    );
  const deletions = names.filter((name) => name !== served).map((name) => endpoints.deleteConfig(name));
  const results = await Promise.allSettled(deletions);
  return results.flatMap((result) => (result.status === 'rejected' ? [`${result.reason}`] : []));
}
