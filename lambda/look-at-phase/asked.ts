import type { Phase, Spec } from '../../decision';
import type { BoundGate } from './look';

/** What people call those who are asked in a phase, in the order in which `look` asks them. */
export function askedOf(spec: Spec, phase: Phase['kind']): string[] {
  const gates = (spec.gates as unknown as readonly BoundGate[]).filter(({ phases }) => phases.includes(phase));
  const of = (evaluator: string) => gates.filter((gate) => gate.evaluator === evaluator);
  return [
    ...(phase === 'stage' || phase === 'watch' ? ['metrics'] : []),
    ...(of('judge-data').length > 0 ? ['data'] : []),
    ...of('function').map(({ definition: { id } }) => `${id}`),
  ];
}
