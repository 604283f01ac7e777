import { endpointOwner } from '../aws/endpoint-owner';
import { executions } from '../aws/executions';
import { notifications } from '../aws/notifications';
import { rolloutRecord } from '../aws/rollout-record';
import { hearPerson } from './hear-person';

/** What people say of rollouts, over a function URL that IAM guards. */
export const handler = hearPerson({
  record: rolloutRecord(),
  executions: executions(),
  owner: endpointOwner(),
  notify: notifications(),
  rolloutMachine: process.env['ROLLOUT_MACHINE'] ?? '',
  rollbackMachine: process.env['ROLLBACK_MACHINE'] ?? '',
  now: Date.now,
});
