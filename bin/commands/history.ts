import { plainTable } from '../../rehearsal/report/terminal';
import { duration, ending } from '../../rehearsal/report/words';
import { connect } from '../operate/connect';
import { idOf, type RolloutState, sorted, stateOf } from '../operate/read-rollout';
import { minute, short } from '../operate/show-rollout';
import type { Surroundings } from '../operate/surroundings';

const UNDER_WAY: readonly RolloutState[] = ['reserved', 'running', 'watching', 'rollingBack'];

/** `rollouts history`: every rollout of an endpoint, the newest first. */
export async function history(endpoint: string, { json }: { json?: boolean }, around: Surroundings): Promise<number> {
  const { record } = await connect(endpoint, around);
  const lock = await record.lock(endpoint);
  const rollouts = sorted(await record.list(`ENDPOINT#${endpoint}`, 'ROLLOUT#')).map((item) => ({
    rolloutId: idOf(item),
    digest: `${item['digest']}`,
    state: stateOf(item, lock),
    startedAt: `${item['startedAt']}`,
    endedAt: typeof item['endedAt'] === 'string' ? item['endedAt'] : null,
    reason: `${item['reason'] ?? ''}`,
  }));
  if (json === true) {
    around.write(`${JSON.stringify({ schemaVersion: 1, endpoint, rollouts }, null, 2)}\n`);
    return 0;
  }
  if (rollouts.length === 0) {
    around.write(`${endpoint}: nothing was rolled out yet\n`);
    return 0;
  }
  const table = plainTable(['began', 'version', 'ended', 'took', 'why'], [22, 10, 13, 8, around.width - 53]);
  for (const { startedAt, digest, state, endedAt, reason } of rollouts) {
    const took = endedAt === null ? null : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
    const how = UNDER_WAY.includes(state) ? 'under way' : ending(state as Parameters<typeof ending>[0]);
    table.push([minute(startedAt), short(digest), how, duration(took), reason]);
  }
  around.write(`${table.toString().replace(/[^\S\n]+$/gm, '')}\n`);
  return 0;
}
