import { plainTable } from '../../rehearsal/report/terminal';
import { connect } from '../operate/connect';
import { minute } from '../operate/show-rollout';
import type { Surroundings } from '../operate/surroundings';

/** `rollouts retro list`: what was taken back, and what was learned. An open one blocks the next rollout. */
export async function retroList(endpoint: string, { json }: { json?: boolean }, around: Surroundings): Promise<number> {
  const { record } = await connect(endpoint, around);
  const items = await record.list(`ENDPOINT#${endpoint}`, 'RETRO#');
  const retrospectives = items.map(({ rolloutId, status, openedAt, reason, closedAt, closedBy, notes }) => ({
    rolloutId,
    status,
    openedAt,
    reason: reason ?? '',
    closedAt: closedAt ?? null,
    closedBy: closedBy ?? null,
    notes: notes ?? null,
  }));
  if (json === true) around.write(`${JSON.stringify({ schemaVersion: 1, endpoint, retrospectives }, null, 2)}\n`);
  else if (retrospectives.length === 0) around.write(`${endpoint}: nothing was taken back yet\n`);
  else {
    const table = plainTable(
      ['opened', 'status', 'rollout', 'why, and what was learned'],
      [22, 8, 24, around.width - 54],
    );
    for (const { openedAt, status, rolloutId, reason, notes } of retrospectives) {
      table.push([
        minute(`${openedAt}`),
        `${status}`,
        `${rolloutId}`,
        notes === null ? `${reason}` : `${reason}; ${notes}`,
      ]);
    }
    around.write(`${table.toString().replace(/[^\S\n]+$/gm, '')}\n`);
  }
  return 0;
}
