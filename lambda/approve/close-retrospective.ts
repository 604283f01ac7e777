import { announce } from '../aws/announce';
import { namedError } from '../aws/named-error';
import type { PersonEvent } from './event';
import { nameOf } from './identity';
import type { ApprovePorts } from './ports';

/** Closes the retrospective of a rollout that was rolled back, so that the next one may start. */
export async function closeRetrospective(ports: ApprovePorts, event: PersonEvent): Promise<string> {
  const { endpoint, who, reason } = event;
  const all = await ports.record.list(`ENDPOINT#${endpoint}`, 'RETRO#');
  const open = all.filter(({ status }) => status !== 'closed').map(({ rolloutId }) => `${rolloutId}`);
  const rolloutId = event.rolloutId ?? open[0];
  if (rolloutId === undefined || !open.includes(rolloutId)) {
    const which = event.rolloutId === undefined ? '' : ` of rollout ${event.rolloutId}`;
    throw namedError('NoRetrospective', `endpoint ${endpoint} must have an open retrospective${which}, and has none`);
  }
  if (event.rolloutId === undefined && open.length > 1) {
    throw namedError('WhichRetrospective', `several are open, name one of ${open.join(', ')}`);
  }
  const closed = { status: 'closed', closedAt: new Date(ports.now()).toISOString(), closedBy: who, notes: reason };
  const sk = `RETRO#${rolloutId}`;
  if ((await ports.record.change(`ENDPOINT#${endpoint}`, sk, closed, { status: 'open' })) === undefined) {
    throw namedError('NoRetrospective', 'somebody else was faster');
  }
  const detail = `${nameOf(who)}: ${reason}`;
  await announce(ports, { endpoint, rolloutId, event: 'RetrospectiveClosed', detail });
  return `the retrospective of rollout ${rolloutId} is closed`;
}
