import { announce } from '../aws/announce';
import { namedError } from '../aws/named-error';
import { specIn } from '../aws/rollout-spec';
import type { PersonEvent } from './event';
import { isSessionOf, nameOf } from './identity';
import type { ApprovePorts } from './ports';
import { heldLock } from './under-way';

/**
 * Writes down what a person says of a rollout that waits for it. Only who is named as an approver may, and never who
 * started the rollout; and only while the rollout asks, so that nobody agrees to what cannot be seen yet.
 */
export async function approve(ports: ApprovePorts, event: PersonEvent): Promise<string> {
  const { action, endpoint, who, reason } = event;
  const { rolloutId } = await heldLock(ports, event);
  const rollout = await ports.record.get(`ENDPOINT#${endpoint}`, `ROLLOUT#${rolloutId}`);
  const { approvers = [], startedBy } = specIn(rollout)?.approval ?? {};
  if (!approvers.some((approver) => isSessionOf(who, approver))) {
    const all = approvers.length === 0 ? 'nobody' : approvers.join(', ');
    throw namedError('NotAnApprover', `who ${action}s must be one of ${all}; you are ${who}`);
  }
  const starters = [startedBy, rollout?.['startedBy']].filter((each): each is string => typeof each === 'string');
  if (action === 'approve' && starters.some((starter) => isSessionOf(who, starter))) {
    throw namedError('OwnRollout', `who approves must be somebody else than who started the rollout; you are ${who}`);
  }
  const asked = await ports.record.list(`ENDPOINT#${endpoint}`, `APPROVAL#${rolloutId}#`);
  const pending = asked.find(({ status }) => status === 'pending');
  if (pending === undefined) {
    throw namedError(
      'NothingPending',
      `rollout ${rolloutId} must be waiting for approval, and does not ask for it now`,
    );
  }
  const status = action === 'approve' ? 'approved' : 'rejected';
  const decided = { status, by: who, at: new Date(ports.now()).toISOString(), reason };
  const sk = `APPROVAL#${rolloutId}#${pending['phaseIndex']}`;
  if ((await ports.record.change(`ENDPOINT#${endpoint}`, sk, decided, { status: 'pending' })) === undefined) {
    throw namedError('NothingPending', 'somebody else was faster; `rollouts status` shows what they said');
  }
  const told = action === 'approve' ? 'ApprovalGiven' : 'ApprovalRefused';
  await announce(ports, { endpoint, rolloutId, event: told, detail: `${nameOf(who)}: ${reason}` });
  return action === 'approve'
    ? `rollout ${rolloutId} is approved: it goes on with its next look`
    : `rollout ${rolloutId} is refused: it is taken back with its next look`;
}
