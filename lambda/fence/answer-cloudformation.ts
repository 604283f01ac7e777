import * as v from 'valibot';
import type { Spec } from '../../decision';
import type { CustomResourceEvent } from '../aws/cloudformation';
import { abort, fence } from './fence';
import { handOver } from './hand-over';
import type { FencePorts } from './ports';

const name = v.pipe(v.string(), v.minLength(1));
const schema = v.variant('Step', [
  v.object({
    Step: v.literal('fence'),
    Endpoint: name,
    Digest: name,
    Adopt: v.picklist(['true', 'false']),
    InstanceType: v.optional(name),
    PeakInstances: v.optional(v.pipe(v.string(), v.regex(/^\d+$/))),
  }),
  v.object({
    Step: v.literal('handover'),
    Endpoint: name,
    RolloutId: v.string(),
    Action: v.string(),
    Spec: v.pipe(
      v.string(),
      v.parseJson(),
      v.custom<Spec>((spec) => typeof spec === 'object' && spec !== null),
    ),
  }),
]);

/** Answers CloudFormation for both custom resources of a deployment. Whatever goes wrong fails the deployment. */
export const answerCloudFormation =
  (ports: FencePorts) =>
  async (event: CustomResourceEvent): Promise<void> => {
    const { ResponseURL, StackId, RequestId, LogicalResourceId } = event;
    const common = {
      StackId,
      RequestId,
      LogicalResourceId,
      PhysicalResourceId: event.PhysicalResourceId ?? LogicalResourceId,
    };
    let body: object;
    try {
      const data = await decide(ports, event, common);
      if (data === 'waits') return;
      body = { ...common, Status: 'SUCCESS', Data: data };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: `${error}` };
      body = { ...common, Status: 'FAILED', Reason: `${message.slice(0, 500)} [${name}]` };
    }
    await ports.respond(ResponseURL, JSON.stringify(body));
  };

/**
 * What serves is never deleted with its stack: a Delete has nothing to do but to take back what is under way. A first
 * version is given up, because CloudFormation waits for it no longer.
 */
async function decide(ports: FencePorts, event: CustomResourceEvent, common: object): Promise<object | 'waits'> {
  if (event.RequestType === 'Delete') {
    const { Step, Endpoint, Digest, RolloutId, Action } = event.ResourceProperties;
    if (Step === 'fence') await takeBack(ports, event, `${Endpoint}`, `${Digest}`);
    if (Step === 'handover' && Action === 'create') await giveUpCreation(ports, event, `${Endpoint}`, `${RolloutId}`);
    return {};
  }
  const properties = v.parse(schema, event.ResourceProperties);
  if (properties.Step === 'fence') {
    const { Endpoint: endpoint, Digest: digest, Adopt, InstanceType: instanceType, PeakInstances } = properties;
    const peak =
      instanceType === undefined || PeakInstances === undefined
        ? undefined
        : { instanceType, instances: Number(PeakInstances) };
    const goesBack = event.RequestType === 'Update' && (await ports.goesBack(event.StackId));
    return fence(ports, { requestId: event.RequestId, endpoint, digest, adopt: Adopt === 'true', goesBack, peak });
  }
  const { Endpoint: endpoint, RolloutId: rolloutId, Action: action, Spec: spec } = properties;
  const waiting = { url: event.ResponseURL, common };
  return (await handOver(ports, { endpoint, rolloutId, action, spec, waiting })) === 'waits' ? 'waits' : {};
}

/**
 * With a deployment go its alarms and what its gates may read, so that nothing could be said of its rollout any more. The
 * handover goes before the fence: what is only reserved now, nobody will begin.
 */
async function takeBack(ports: FencePorts, { RequestId }: CustomResourceEvent, endpoint: string, digest: string) {
  const lock = await ports.record.lock(endpoint);
  if (lock.digest !== digest || lock.phase === 'rollingBack') return;
  const begun = lock.executionArn !== '';
  await abort(ports, endpoint, begun ? { ...lock, phase: 'running' } : lock, RequestId);
}

async function giveUpCreation(ports: FencePorts, { RequestId }: CustomResourceEvent, endpoint: string, id: string) {
  const lock = await ports.record.lock(endpoint);
  if (lock.rolloutId !== id || lock.phase === 'rollingBack') return;
  // What is held has no hands, and where there is no endpoint there is nothing to take back.
  const idle = lock.phase === 'held' && (await ports.owner(endpoint, false)) === 'none';
  await abort(ports, endpoint, idle ? { ...lock, phase: 'reserved' } : lock, RequestId);
}
