import { readiness } from '../../decision';
import { namedError } from '../aws/named-error';
import { act, answer, type TransitionAnswer } from './act';
import type { TransitionPorts } from './ports';
import { keepChampion } from './scaling';
import type { Work } from './work';

/**
 * Gives the champion the instances that take everything back, after traffic has grown. It is written down before it is
 * asked for: what the champion is to have is known then, whatever becomes of the asking.
 */
export async function raiseChampion(ports: TransitionPorts, work: Work): Promise<TransitionAnswer> {
  const { event, live, champion, noted } = work;
  const { endpoint, rolloutId, epoch } = event;
  const wanted = Math.max(noted, event.fullCount);
  if ((await ports.record.note({ endpoint, rolloutId, epoch }, { fullCount: wanted })) === undefined) {
    throw namedError('EpochLost', `rollout ${rolloutId} no longer holds the lock of ${endpoint}`);
  }
  const home = live.variants.find(({ name }) => name === champion);
  if (home === undefined) throw namedError('DriftFound', `variant ${champion} is gone`);
  if (home.desiredCount >= wanted) return answer(event, true, `variant ${champion} has ${home.desiredCount} instances`);
  if (readiness(live) !== 'yes') return answer(event, false, `the endpoint is ${live.status}`);
  await keepChampion(ports, work, wanted);
  return act(ports, event, { kind: 'capacity', variant: champion, count: wanted });
}
