import { announce } from '../aws/announce';
import type { Lock } from '../aws/rollout-record';
import type { RecordPorts } from './ports';

/**
 * An alarm rang whose variant no rollout brings in. Where that variant serves, no way back helps: nothing moves, and people
 * are told, because nobody else looks at it.
 */
export async function tellIfServing(
  ports: RecordPorts,
  lock: Lock,
  alarm: { readonly name: string; readonly endpoint: string; readonly variant: string },
): Promise<void> {
  const { name, endpoint, variant } = alarm;
  const champion = await ports.record.get(`ENDPOINT#${endpoint}`, 'CHAMPION');
  const under = lock.rolloutId !== '';
  if (variant !== (under ? lock.champion : champion?.['variant'])) return;
  const rolloutId = under ? lock.rolloutId : `${champion?.['rolloutId']}`;
  const rollout = under ? `; rollout ${rolloutId} is ${lock.phase}` : '';
  const detail = `${name} is in ALARM, and watches the version that serves: nothing takes that back${rollout}`;
  await announce(ports, { endpoint, rolloutId, event: 'ChampionSuffers', detail });
}
