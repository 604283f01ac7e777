import { type DeployDecision, decideDeploy } from '../../decision';
import { giveUp, reserve } from '../aws/begin-rollout';
import { deployFacts } from '../aws/deploy-facts';
import { namedError } from '../aws/named-error';
import type { FencePorts } from './ports';
import { type Peak, requireQuota } from './require-quota';

/** What the fence is asked: may this version be deployed to this endpoint? */
export interface FenceRequest {
  readonly requestId: string;
  readonly endpoint: string;
  readonly digest: string;
  readonly adopt: boolean;
  /** Whether CloudFormation goes back to it. */
  readonly goesBack: boolean;
  /** @default - not known before deployment, and not asked for */
  readonly peak?: Peak | undefined;
}

/** What the handover is told. */
export interface FenceAnswer {
  readonly Action: DeployDecision['action'];
  readonly RolloutId: string;
  readonly Reason: string;
}

/**
 * Decides what a deployment does, before anything else of it is touched, and takes the lock where it starts a rollout.
 * Asked again with the same request, it answers the same.
 */
export async function fence(ports: FencePorts, request: FenceRequest): Promise<FenceAnswer> {
  const { endpoint, digest } = request;
  const rolloutId = `r-${request.requestId}`;
  const lock = await ports.record.lock(endpoint);
  if (lock.rolloutId === rolloutId) return { Action: 'start', RolloutId: rolloutId, Reason: 'reserved' };
  const decision = decideDeploy(await deployFacts(ports, request, lock));
  switch (decision.action) {
    case 'refuse':
      throw namedError(decision.code, decision.reason);
    case 'nothing':
      return { Action: 'nothing', RolloutId: '', Reason: decision.reason };
    case 'abort':
      await abort(ports, endpoint, lock, request.requestId);
      return { Action: 'abort', RolloutId: '', Reason: decision.reason };
    default: {
      // A first version has nothing beside it: SageMaker says by itself where that finds no quota.
      const asked = decision.action === 'start' ? request.peak : undefined;
      const unknown = asked === undefined ? undefined : await requireQuota(ports, asked);
      const create = decision.action === 'create';
      if (!(await reserve(ports, lock, { endpoint, rolloutId, digest, create }))) {
        throw namedError('RolloutUnderWay', 'another deployment was faster; deploy again after it');
      }
      if (unknown !== undefined) {
        const at = new Date(ports.now()).toISOString();
        await ports.record.put(`ROLLOUT#${rolloutId}`, `EVENT#${at}#QuotaUnknown`, {
          at,
          event: 'QuotaUnknown',
          detail: unknown,
        });
      }
      return { Action: decision.action, RolloutId: rolloutId, Reason: decision.reason };
    }
  }
}

/** A rollout that was only reserved has touched nothing: its lock is given back. One that runs is taken back. */
export async function abort(
  ports: FencePorts,
  endpoint: string,
  lock: { rolloutId: string; epoch: number; phase: string },
  requestId: string,
): Promise<void> {
  if (lock.phase === 'reserved') {
    const { rolloutId, epoch } = lock;
    await giveUp(ports, { endpoint, rolloutId, epoch }, 'the version before it is wanted back');
    return;
  }
  const at = new Date(ports.now()).toISOString();
  const trigger = { kind: 'revert', name: 'CloudFormation', at, endpoint };
  await ports.executions.start(ports.rollbackMachine, `revert-${requestId}`, { trigger });
}
