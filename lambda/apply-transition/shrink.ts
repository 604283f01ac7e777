import { type LiveEndpoint, readiness, type VariantName } from '../../decision';
import { namedError } from '../aws/named-error';
import { act, answer, type TransitionAnswer } from './act';
import type { TransitionEvent } from './event';
import type { TransitionPorts } from './ports';
import { leave } from './scaling';

/** Leaves a variant without traffic one instance: the next rollout's update replaces it. */
export async function shrink(
  ports: TransitionPorts,
  event: TransitionEvent,
  live: LiveEndpoint,
  name: VariantName,
  scaled: boolean,
): Promise<TransitionAnswer> {
  const variant = live.variants.find((each) => each.name === name);
  if (variant !== undefined && !(variant.currentWeight === 0 && variant.desiredWeight === 0)) {
    throw namedError('DriftFound', `variant ${name} still has traffic`);
  }
  // Before its instances go: what is scaled would be given its minimum again.
  if (scaled) await leave(ports, event.endpoint, name);
  if (variant === undefined) return answer(event, true, `variant ${name} is no production variant`);
  if (variant.desiredCount === 1) return answer(event, true, `variant ${name} is at rest`);
  const ready = readiness(live);
  return act(
    ports,
    event,
    ready === 'yes'
      ? { kind: 'capacity', variant: name, count: 1 }
      : { kind: 'wait', reason: `the endpoint is ${live.status}` },
  );
}
