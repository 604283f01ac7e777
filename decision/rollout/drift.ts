import { type LiveEndpoint, readiness, sharePercent } from './live-endpoint';
import type { EndpointTarget } from './move';

/** Statuses of an endpoint whose instances are changed, or changed back because there were none to be had. */
const SCALING: readonly string[] = ['Updating', 'RollingBack'];

/**
 * What is not as the phase left it: a sentence, or undefined when all is as it should be. Instances may be more than
 * wanted, because auto scaling owns them; a busy endpoint cannot be told from a drifted one, and counts as one, but for one
 * that is being scaled: that is what an endpoint without an update is busy with.
 *
 * @param scaled whether auto scaling changes the number of instances
 */
export function drift(live: LiveEndpoint | undefined, target: EndpointTarget, scaled = false): string | undefined {
  if (live === undefined) return 'the endpoint is gone';
  const isScaling = scaled && !live.pending && SCALING.includes(live.status);
  if (readiness(live) !== 'yes' && !isScaling) return `the endpoint is ${live.status}`;
  if (live.configName !== target.configName) {
    return `config ${live.configName} serves, and must be ${target.configName}`;
  }
  for (const { name, percent } of target.variants) {
    const share = sharePercent(live, name);
    if (!(Math.abs(share - percent) < 1e-6))
      return `variant ${name} has ${share} % of traffic, and must have ${percent} %`;
  }
  const extra = live.variants.find(({ name }) => !target.variants.some((wanted) => wanted.name === name));
  return extra === undefined ? undefined : `variant ${extra.name} is nobody's`;
}
