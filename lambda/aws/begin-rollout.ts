import { otherVariant, type Spec, type VariantName } from '../../decision';
import type { Executions } from './executions';
import { namedError } from './named-error';
import type { Claim, Item, Lock, RolloutRecord } from './rollout-record';

/** A rollout that is to have the lock. */
export interface Reservation {
  readonly endpoint: string;
  readonly rolloutId: string;
  readonly digest: string;
  /** Whether nothing serves yet. */
  readonly create: boolean;
}

/** Takes the lock, as it was seen free, for a rollout; false when another was faster. */
export async function reserve(
  { record, now }: { readonly record: Pick<RolloutRecord, 'get' | 'lock' | 'take'>; readonly now: () => number },
  { epoch: _, ...free }: Lock,
  { endpoint, rolloutId, digest, create }: Reservation,
): Promise<boolean> {
  const champion = await record.get(`ENDPOINT#${endpoint}`, 'CHAMPION');
  const home: VariantName = champion?.['variant'] === 'b' ? 'b' : 'a';
  const taken = await record.take(endpoint, {
    ...free,
    rolloutId,
    digest,
    phase: 'reserved',
    champion: home,
    challenger: create ? home : otherVariant(home),
    since: new Date(now()).toISOString(),
  });
  // A taking whose answer was lost has been made all the same.
  return taken !== undefined || (await record.lock(endpoint)).rolloutId === rolloutId;
}

/** What it takes to begin a rollout. */
export interface BeginPorts {
  readonly record: Pick<RolloutRecord, 'get' | 'put' | 'lock' | 'note'>;
  readonly executions: Executions;
  /** ARN of the machine. */
  readonly rolloutMachine: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A rollout that has the lock, and is to begin. */
export interface BeginRequest {
  readonly endpoint: string;
  readonly rolloutId: string;
  readonly action: string;
  readonly spec: Spec;
  /** Further attributes of its item, such as who began it. */
  readonly notes?: Item;
}

/** Writes down a rollout with the spec that it keeps to its end, and starts it. Asked twice, it begins once. */
export async function beginRollout(ports: BeginPorts, request: BeginRequest): Promise<void> {
  const { record } = ports;
  const { endpoint, rolloutId, action, spec, notes } = request;
  const known = await record.get(`ENDPOINT#${endpoint}`, `ROLLOUT#${rolloutId}`);
  if (known?.['outcome'] !== undefined) return;
  const lock = await record.lock(endpoint);
  if (lock.rolloutId !== rolloutId) {
    throw namedError('EpochLost', `rollout ${rolloutId} was given up before it began; deploy again`);
  }
  const startedAt = new Date(ports.now()).toISOString();
  const item = {
    rolloutId,
    digest: spec.digest,
    epoch: lock.epoch,
    action,
    startedAt,
    spec: JSON.stringify(spec),
    ...notes,
  };
  await record.put(`ENDPOINT#${endpoint}`, `ROLLOUT#${rolloutId}`, item, true);
  await record.put(`ROLLOUT#${rolloutId}`, 'OWNER', { endpoint, rolloutId });
  for (const variant of ['a', 'b'] as const) {
    for (const name of spec.alarms[variant]) await record.put(`ALARM#${name}`, 'OWNER', { endpoint, variant });
  }
  const claim = { endpoint, rolloutId, epoch: lock.epoch };
  const executionArn = await ports.executions.start(ports.rolloutMachine, rolloutId, claim);
  await record.note(claim, { executionArn });
}

/** Gives the lock of a rollout back that was only reserved: it has touched nothing, so there is nothing to take back. */
export async function giveUp(
  { record, now }: { readonly record: Pick<RolloutRecord, 'get' | 'put' | 'release'>; readonly now: () => number },
  claim: Claim,
  reason: string,
): Promise<void> {
  const [pk, sk] = [`ENDPOINT#${claim.endpoint}`, `ROLLOUT#${claim.rolloutId}`];
  const begun = await record.get(pk, sk);
  const ending = { outcome: 'aborted', reason, endedAt: new Date(now()).toISOString() };
  if (begun !== undefined) await record.put(pk, sk, { ...begun, ...ending });
  await record.release(claim);
}
