import { respondByHttps } from '../aws/cloudformation';
import { endpointOwner } from '../aws/endpoint-owner';
import { endpointQuota } from '../aws/endpoint-quota';
import { executions } from '../aws/executions';
import { rolloutRecord } from '../aws/rollout-record';
import { goesBack } from '../aws/stack-status';
import { answerCloudFormation } from './answer-cloudformation';

export const handler = answerCloudFormation({
  record: rolloutRecord(),
  owner: endpointOwner(),
  executions: executions(),
  quota: endpointQuota(),
  goesBack: goesBack(),
  respond: respondByHttps(),
  rolloutMachine: process.env['ROLLOUT_MACHINE'] ?? '',
  rollbackMachine: process.env['ROLLBACK_MACHINE'] ?? '',
  now: Date.now,
});
