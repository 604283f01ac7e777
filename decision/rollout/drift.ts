import { type LiveEndpoint, readiness, sharePercent } from './live-endpoint';
import type { EndpointTarget } from './move';

/**
 * What is not as the phase left it: a sentence, or undefined when all is as it should be. Instances may be more than
 * wanted, because auto scaling owns them; a busy endpoint cannot be told from a drifted one, and counts as one.
 */
export function drift(live: LiveEndpoint | undefined, target: EndpointTarget): string | undefined {
  if (live === undefined) return 'the endpoint is gone';
  if (readiness(live) !== 'yes') return `the endpoint is ${live.status}`;
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
