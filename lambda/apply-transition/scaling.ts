import type { EndpointTarget, LiveEndpoint, Move, ScalingSpec, VariantName } from '../../decision';
import { championOf } from '../aws/champion-rollout';
import type { TransitionPorts } from './ports';
import type { Work } from './work';

type Ports = Pick<TransitionPorts, 'scaling'>;

/** What is scaled, at each step into a phase: the champion is kept before anything else is touched. */
export async function scaleAlong(
  ports: Ports,
  work: Work,
  declared: ScalingSpec,
  { variants }: EndpointTarget,
  { kind }: Move,
): Promise<void> {
  if (kind === 'wait' || kind === 'refused') return;
  const { event, challenger } = work;
  await keepChampion(ports, work, event.fullCount);
  // SageMaker launches no other instance type for a variant that is scaled.
  if (kind === 'update') await leave(ports, event.endpoint, challenger);
  const given = variants.find(({ name }) => name === challenger)?.minimumCount;
  if (given !== undefined && (kind === 'weights' || kind === 'settled')) {
    await followChallenger(ports, work, declared, given);
  }
}

/**
 * While a rollout is under way the champion may grow and not shrink. One that nobody scales is left so. Registering
 * brings a count inside its bounds, so these must hold what the champion has.
 */
export async function keepChampion({ scaling }: Ports, work: Work, atLeast: number): Promise<void> {
  const { event, champion, live } = work;
  const now = (await scaling.scaled(event.endpoint, [champion])).get(champion);
  if (now === undefined) return;
  const maximum = Math.max(now.maximum, atLeast, countOf(live, champion));
  if (!now.shrinks && now.maximum >= maximum) return;
  await scaling.scale(event.endpoint, champion, { ...now, maximum, shrinks: false });
}

/** The challenger may grow with its share, and never has fewer instances than it was given for it. */
async function followChallenger({ scaling }: Ports, work: Work, declared: ScalingSpec, given: number): Promise<void> {
  const { event, challenger, live } = work;
  const maximum = Math.max(declared.maximum, given, countOf(live, challenger));
  await scaling.scale(event.endpoint, challenger, { minimum: given, maximum, shrinks: false, grows: true });
  await scaling.follow(event.endpoint, challenger, declared.policy);
}

/** Scales a variant no more, if it is scaled. */
export async function leave({ scaling }: Ports, endpoint: string, variant: VariantName): Promise<void> {
  if ((await scaling.scaled(endpoint, [variant])).has(variant)) await scaling.leave(endpoint, variant);
}

/** As it was declared, with nothing held back. */
export async function asDeclared(
  { scaling }: Ports,
  endpoint: string,
  variant: VariantName,
  { minimum, maximum, policy }: ScalingSpec,
): Promise<void> {
  await scaling.scale(endpoint, variant, { minimum, maximum, shrinks: true, grows: true });
  await scaling.follow(endpoint, variant, policy);
}

/**
 * While a way back waits: weights cannot be changed while instances are launched, so nothing is launched any more for the
 * challenger, and the champion may have all that it needs.
 */
export async function stillWhileGoingBack(ports: Ports, work: Work): Promise<void> {
  const { event, challenger } = work;
  const now = (await ports.scaling.scaled(event.endpoint, [challenger])).get(challenger);
  if (now?.grows === true) {
    await ports.scaling.scale(event.endpoint, challenger, { ...now, shrinks: false, grows: false });
  }
  await keepChampion(ports, work, event.fullCount);
}

/** The champion as it was before the rollout: what it was declared with, or else only nothing held back any more. */
export async function freeChampion(
  ports: Pick<TransitionPorts, 'record' | 'scaling'>,
  endpoint: string,
  champion: VariantName,
): Promise<void> {
  const { scaling } = (await championOf(ports.record, endpoint))?.spec ?? {};
  if (scaling !== undefined) return asDeclared(ports, endpoint, champion, scaling);
  const now = (await ports.scaling.scaled(endpoint, [champion])).get(champion);
  if (now === undefined || (now.shrinks && now.grows)) return;
  await ports.scaling.scale(endpoint, champion, { ...now, shrinks: true, grows: true });
}

/** The instances that all traffic needs: counted anew as long as the champion has all of it, and never down. */
export function countedNow({ event, live, champion, noted }: Work): number {
  const alone = live.variants.every(
    ({ name, currentWeight, desiredWeight }) => name === champion || (currentWeight === 0 && desiredWeight === 0),
  );
  return Math.max(event.fullCount, noted, alone ? countOf(live, champion) : 0);
}

/** A count that cannot be read bounds nothing. */
function countOf({ variants }: LiveEndpoint, variant: string): number {
  const count = variants.find(({ name }) => name === variant)?.desiredCount ?? 0;
  return Number.isFinite(count) ? count : 0;
}
