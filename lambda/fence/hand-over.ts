import type { Spec } from '../../decision';
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
  const { endpoint, rolloutId, action, spec } = request;
  const { record } = ports;
  if (spec.schemaVersion !== 1) throw namedError('SpecUnreadable', 'the spec must be of version 1');
  const text = JSON.stringify(spec);
  const before = await record.get(`ENDPOINT#${endpoint}`, 'SPEC');
  const previousDigest = `${(before?.['digest'] === spec.digest ? before['previousDigest'] : before?.['digest']) ?? ''}`;
  await record.put(`ENDPOINT#${endpoint}`, 'SPEC', { digest: spec.digest, previousDigest, spec: text });
  if (action !== 'start' && action !== 'create') return;

  const known = await record.get(`ENDPOINT#${endpoint}`, `ROLLOUT#${rolloutId}`);
  if (known?.['outcome'] !== undefined) return;
  const lock = await record.lock(endpoint);
  if (lock.rolloutId !== rolloutId) {
    throw namedError('EpochLost', `rollout ${rolloutId} was given up before it began; deploy again`);
  }
  const startedAt = new Date(ports.now()).toISOString();
  await record.put(
    `ENDPOINT#${endpoint}`,
    `ROLLOUT#${rolloutId}`,
    { digest: spec.digest, action, startedAt, spec: text },
    true,
  );
  await record.put(`ROLLOUT#${rolloutId}`, 'OWNER', { endpoint });
  for (const variant of ['a', 'b'] as const) {
    for (const name of spec.alarms[variant]) await record.put(`ALARM#${name}`, 'OWNER', { endpoint, variant });
  }
  const claim = { endpoint, rolloutId, epoch: lock.epoch };
  const executionArn = await ports.executions.start(ports.rolloutMachine, rolloutId, claim);
  await record.note(claim, { executionArn });
}
