import type { Spec } from '../../decision';
import { beginRollout } from '../aws/begin-rollout';
import { namedError } from '../aws/named-error';
import type { FencePorts } from './ports';

/** What is handed over: the whole spec, and what the fence has said of it. */
export interface HandOverRequest {
  readonly endpoint: string;
  readonly rolloutId: string;
  readonly action: string;
  readonly spec: Spec;
}

/**
 * Writes down what is wanted, and starts the journey to it where the fence has said so. The rollout keeps this very
 * spec to its end, whatever is deployed meanwhile.
 */
export async function handOver(ports: FencePorts, request: HandOverRequest): Promise<void> {
  const { endpoint, action, spec } = request;
  if (spec.schemaVersion !== 1) throw namedError('SpecUnreadable', 'the spec must be of version 1');
  const { record } = ports;
  const before = await record.get(`ENDPOINT#${endpoint}`, 'SPEC');
  const previousDigest = `${(before?.['digest'] === spec.digest ? before['previousDigest'] : before?.['digest']) ?? ''}`;
  const item = { digest: spec.digest, previousDigest, spec: JSON.stringify(spec) };
  await record.put(`ENDPOINT#${endpoint}`, 'SPEC', item);
  if (action === 'start' || action === 'create') await beginRollout(ports, request);
}
