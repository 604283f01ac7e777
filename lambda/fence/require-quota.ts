import { namedError } from '../aws/named-error';
import type { FencePorts } from './ports';

/** The most that a rollout launches. */
export interface Peak {
  readonly instanceType: string;
  readonly instances: number;
}

/**
 * Refuses a rollout that the account's quota cannot hold. Returns what could not be found out, which is no reason to
 * refuse: a fleet that finds no quota fails before it has traffic.
 */
export async function requireQuota(ports: Pick<FencePorts, 'quota'>, peak: Peak): Promise<string | undefined> {
  const { instanceType, instances } = peak;
  const name = `${instanceType} for endpoint usage`;
  let quota: number | undefined;
  try {
    quota = await ports.quota(instanceType);
  } catch (error) {
    return `quota '${name}' could not be read: ${error instanceof Error ? error.message : error}`;
  }
  if (quota === undefined) return `quota '${name}' is not known`;
  if (quota >= instances) return undefined;
  const reason =
    `quota '${name}' must be at least ${instances}, because a rollout launches so many at its peak, is ${quota}; ` +
    'ask for more in Service Quotas, and deploy again';
  throw namedError('QuotaTooSmall', reason);
}
