import { type Endpoint, mirrorOf, sharesOf } from './endpoint';
import { sagemakerErrors } from './errors';
import type { GuardrailPorts } from './guardrail';

/** One member of `DesiredWeightsAndCapacities`. */
export interface DesiredWeightAndCapacity {
  readonly VariantName: string;
  readonly DesiredWeight?: number;
  readonly DesiredInstanceCount?: number;
}

/** What UpdateEndpointWeightsAndCapacities refuses; it changes nothing then. */
// source: weights-api
export function checkWeights(endpoint: Endpoint, desired: readonly DesiredWeightAndCapacity[]): void {
  if (endpoint.status !== 'InService') throw sagemakerErrors.inProgress(endpoint.arn);
  const names = endpoint.live.fleets.map(({ variantName }) => variantName);
  for (const { VariantName, DesiredWeight, DesiredInstanceCount } of desired) {
    if (!names.includes(VariantName))
      throw sagemakerErrors.invalid(`The variant name(s) "${VariantName}" are not present`);
    if (DesiredWeight !== undefined && !(DesiredWeight >= 0))
      throw sagemakerErrors.invalid('DesiredWeight must be at least 0');
    if (DesiredInstanceCount !== undefined && !(DesiredInstanceCount >= 1)) {
      throw sagemakerErrors.invalid('DesiredInstanceCount must be at least 1');
    }
  }
  if (weightsAfter(endpoint, desired).every((weight) => weight === 0)) {
    throw sagemakerErrors.invalid('at least one variant must have a weight above 0');
  }
}

const weightsAfter = ({ live }: Endpoint, desired: readonly DesiredWeightAndCapacity[]) =>
  live.fleets.map(
    ({ variantName }, i) =>
      desired.find(({ VariantName }) => VariantName === variantName)?.DesiredWeight ?? live.weights[i],
  );

/** Moves weights, then instances; the endpoint is Updating meanwhile. No fleet is made anew. */
// source: weights-api
export async function updateWeights(
  { clock, log, knobs, fleets, router, changed }: GuardrailPorts,
  endpoint: Endpoint,
  desired: readonly DesiredWeightAndCapacity[],
): Promise<void> {
  const { live } = endpoint;
  live.desiredWeights = weightsAfter(endpoint, desired);
  live.wanted = live.fleets.map(
    ({ variantName }, i) =>
      desired.find(({ VariantName }) => VariantName === variantName)?.DesiredInstanceCount ?? live.wanted[i],
  );
  endpoint.status = 'Updating';
  log.record('sagemaker', 'WeightsUpdateStarted', `${endpoint.name} to ${live.desiredWeights.join(' : ')}`, {
    endpoint: endpoint.name,
    weights: live.desiredWeights,
    variants: live.fleets.map(({ variantName }) => variantName),
  });
  changed(endpoint);
  const moved = live.weights.some((weight, i) => weight !== live.desiredWeights[i]);
  if (moved) {
    await clock.sleep(1000 * knobs.weightsApplySeconds);
    live.weights = live.desiredWeights;
    router.route(endpoint.name, sharesOf(live, undefined, 0), mirrorOf(live));
  }
  for (const [i, fleet] of live.fleets.entries()) {
    if (live.wanted[i] < fleet.instances) fleets.shrink(fleet, live.wanted[i]);
  }
  const growing = live.fleets.filter((fleet, i) => live.wanted[i] > fleet.instances);
  const launched = await Promise.all(
    growing.map((fleet) => fleets.launch(fleet, live.wanted[live.fleets.indexOf(fleet)] - fleet.instances)),
  );
  if (launched.some((how) => how !== 'up')) {
    live.wanted = live.fleets.map(({ instances }) => instances);
    endpoint.failureReason = 'Unable to provision requested ML compute capacity';
  }
  endpoint.status = 'InService';
  log.record('sagemaker', 'WeightsUpdateFinished', `${endpoint.name} is InService`, { endpoint: endpoint.name });
  changed(endpoint);
}
