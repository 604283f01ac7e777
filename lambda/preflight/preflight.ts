import { type Asked, pollSeconds, type VariantName } from '../../decision';
import { namedError } from '../aws/named-error';
import { readSpec } from '../aws/rollout-spec';
import { readEvent } from './event';
import { type Findings, inspect } from './inspect';
import type { PreflightPorts } from './ports';

/** Whether a rollout may begin, and what its steps carry with them from now on. */
export interface PreflightAnswer extends Findings {
  readonly waitSeconds: number;
  readonly asked: Asked;
  readonly exposed: boolean;
}

/** Seconds of the first and of the longest wait for what SageMaker takes its time for. */
const POLL = [60, 3600] as const;

/** Asks whether a rollout may begin: it reads, and touches nothing. Only for the holder of the lock. */
export const preflight =
  (ports: PreflightPorts) =>
  async (input: unknown): Promise<PreflightAnswer> => {
    const event = readEvent(input);
    const { endpoint, rolloutId } = event;
    const lock = await ports.record.lock(endpoint);
    if (!(lock.rolloutId === rolloutId && lock.epoch === event.epoch)) {
      throw namedError('EpochLost', `rollout ${rolloutId} no longer holds the lock of ${endpoint}`);
    }
    const live = await ports.describe(endpoint);
    if (live === undefined) throw namedError('NotServing', `endpoint ${endpoint} does not exist`);
    const elapsedSeconds = (ports.now() - Date.parse(event.since)) / 1000;
    const findings = await inspect(ports, {
      endpoint,
      rolloutId,
      live,
      champion: variantName(lock.champion),
      challenger: variantName(lock.challenger),
      spec: await readSpec(ports.record, event),
      resumed: lock.fullCount > 0,
      elapsedSeconds,
    });
    return { waitSeconds: pollSeconds(elapsedSeconds, ...POLL), ...findings, asked: {}, exposed: false };
  };

function variantName(name: string): VariantName {
  if (name === 'a' || name === 'b') return name;
  throw namedError('SpecUnreadable', `a variant must be a or b, got '${name}'`);
}
