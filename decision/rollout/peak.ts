import type { Plan } from './plan';

/**
 * Instances that an endpoint has at most in a rollout, of a fleet of `count`. Every update launches all fleets anew
 * beside the old ones: with a shadow phase there are three fleets while the second update launches the first instance of
 * the challenger, without one there are two.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html
 */
export function peakInstances({ phases }: Pick<Plan, 'phases'>, count: number): number {
  if (phases.some(({ kind }) => kind === 'shadow')) return 3 * count + 1;
  return phases.some(({ kind }) => kind === 'stage' || kind === 'watch') ? 2 * count + 1 : 2 * count;
}
