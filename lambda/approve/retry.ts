import { decideDeploy } from '../../decision';
import { announce } from '../aws/announce';
import { beginRollout, reserve } from '../aws/begin-rollout';
import { deployFacts } from '../aws/deploy-facts';
import { namedError } from '../aws/named-error';
import { specIn } from '../aws/rollout-spec';
import type { PersonEvent } from './event';
import { nameOf } from './identity';
import type { ApprovePorts } from './ports';

/**
 * Starts the version that was handed over last once more, though it was rolled back before. What would refuse a
 * deployment refuses this too. Who retries is who started it, and may not approve it.
 */
export async function retry(ports: ApprovePorts, event: PersonEvent): Promise<string> {
  const { endpoint, who, reason } = event;
  const { record } = ports;
  const spec = specIn(await record.get(`ENDPOINT#${endpoint}`, 'SPEC'));
  if (spec?.schemaVersion !== 1) throw namedError('NothingToRetry', `no version was handed over for ${endpoint} yet`);
  const { digest, adoptExistingEndpoint: adopt } = spec;
  const lock = await record.lock(endpoint);
  const facts = await deployFacts(ports, { endpoint, digest, adopt, goesBack: false }, lock);
  const decision = decideDeploy({ ...facts, rejected: false });
  if (decision.action === 'refuse') throw namedError(decision.code, decision.reason);
  if (decision.action === 'nothing') throw namedError('NothingToRetry', decision.reason);
  // Only a deployment may want the version before it back.
  if (decision.action === 'abort') throw namedError('RolloutUnderWay', `rollout ${decision.rolloutId} is under way`);

  const rolloutId = `r-${event.requestId}`;
  const create = decision.action === 'create';
  if (!(await reserve(ports, lock, { endpoint, rolloutId, digest, create }))) {
    throw namedError('RolloutUnderWay', 'somebody else was faster');
  }
  await record.change(`ENDPOINT#${endpoint}`, `VERSION#${digest}`, { status: 'retried' }, { status: 'rolledBack' });
  const { action } = decision;
  await beginRollout(ports, { endpoint, rolloutId, action, spec, notes: { startedBy: who } });
  await announce(ports, { endpoint, rolloutId, event: 'RolloutRetried', detail: `${nameOf(who)}: ${reason}` });
  return `version ${digest.slice(0, 8)} starts again as rollout ${rolloutId}`;
}
