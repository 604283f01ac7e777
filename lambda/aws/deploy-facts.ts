import type { DeployFacts } from '../../decision';
import type { OwnerOf } from './endpoint-owner';
import type { Lock, RolloutRecord } from './rollout-record';

/** What is to be deployed, and by whom. */
export interface DeployRequest extends Pick<DeployFacts, 'adopt' | 'goesBack'> {
  readonly endpoint: string;
  readonly digest: string;
}

/** What is known of an endpoint when a version of it is to be deployed. */
export async function deployFacts(
  ports: { readonly record: Pick<RolloutRecord, 'get' | 'list'>; readonly owner: OwnerOf },
  { endpoint, digest, adopt, goesBack }: DeployRequest,
  lock: Pick<Lock, 'rolloutId' | 'digest'>,
): Promise<DeployFacts> {
  const pk = `ENDPOINT#${endpoint}`;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  const [champion, spec, version, retrospectives, owner] = await Promise.all([
    ports.record.get(pk, 'CHAMPION'),
    ports.record.get(pk, 'SPEC'),
    ports.record.get(pk, `VERSION#${digest}`),
    ports.record.list(pk, 'RETRO#'),
    ports.owner(endpoint, adopt),
  ]);
  return {
    target: digest,
    champion: text(champion?.['digest']),
    // What runs may have been handed over already: what it came after is wanted back then.
    previous: text(spec?.['digest'] === lock.digest ? spec?.['previousDigest'] : spec?.['digest']),
    running: lock.rolloutId === '' ? null : { rolloutId: lock.rolloutId, digest: lock.digest },
    rejected: version !== undefined && version['status'] !== 'live',
    openRetrospective: text(retrospectives.find(({ status }) => status !== 'closed')?.['rolloutId']),
    owner,
    adopt,
    goesBack,
  };
}
