import { respondByHttps } from '../aws/cloudformation';
import { endpointControl } from '../aws/endpoint-control';
import { executions } from '../aws/executions';
import { rolloutRecord } from '../aws/rollout-record';
import { answerCloudFormation } from './answer-cloudformation';

export const handler = answerCloudFormation({
  record: rolloutRecord(),
  owner: endpointControl().owner,
  executions: executions(),
  respond: respondByHttps(),
  rolloutMachine: process.env['ROLLOUT_MACHINE'] ?? '',
  rollbackMachine: process.env['ROLLBACK_MACHINE'] ?? '',
  now: Date.now,
});
