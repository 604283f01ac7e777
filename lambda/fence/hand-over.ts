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
  /** Where CloudFormation waits for the end of a creation, and what the answer begins with. */
  readonly waiting: { readonly url: string; readonly common: object };
}

/**
 * Writes down what is wanted, and starts the journey to it where the fence has said so. The rollout keeps this very
 * spec to its end, whatever is deployed meanwhile.
 *
 * @returns whether CloudFormation is to wait: for a first version, until it serves or has failed to
 */
export async function handOver(ports: FencePorts, request: HandOverRequest): Promise<'answered' | 'waits'> {
  const { endpoint, action, spec } = request;
  if (spec.schemaVersion !== 1) throw namedError('SpecUnreadable', 'the spec must be of version 1');
  const { record } = ports;
  const before = await record.get(`ENDPOINT#${endpoint}`, 'SPEC');
  const previousDigest = `${(before?.['digest'] === spec.digest ? before['previousDigest'] : before?.['digest']) ?? ''}`;
  const item = { digest: spec.digest, previousDigest, spec: JSON.stringify(spec) };
  await record.put(`ENDPOINT#${endpoint}`, 'SPEC', item);
  if (action === 'start') await beginRollout(ports, request);
  if (action !== 'create') return 'answered';
  const begun = await record.get(`ENDPOINT#${endpoint}`, `ROLLOUT#${request.rolloutId}`);
  // A reverse update hands the first version over once more: its rollout has ended, and nobody would answer again.
  if (begun?.['outcome'] !== undefined) return 'answered';
  const { url, common } = request.waiting;
  await record.put(`ROLLOUT#${request.rolloutId}`, 'WAITING', { url, common: JSON.stringify(common) }, true);
  await beginRollout(ports, request);
  return 'waits';
}
