import type { Spec } from '../../decision';
import type { RolloutRecord } from './rollout-record';
import { specIn } from './rollout-spec';

/** What was handed over for a version, and when it began. */
export interface ChampionRollout {
  readonly spec: Spec;
  readonly startedAt: string;
}

/** The rollout that brought what serves now; undefined for an endpoint that was taken over. */
export async function championOf(
  record: Pick<RolloutRecord, 'get'>,
  endpoint: string,
): Promise<ChampionRollout | undefined> {
  const pk = `ENDPOINT#${endpoint}`;
  const champion = await record.get(pk, 'CHAMPION');
  if (champion === undefined) return undefined;
  const version = await record.get(pk, `VERSION#${champion['digest']}`);
  const rollout = await record.get(pk, `ROLLOUT#${version?.['rolloutId']}`);
  const spec = specIn(rollout);
  return spec === undefined ? undefined : { spec, startedAt: `${rollout?.['startedAt']}` };
}
