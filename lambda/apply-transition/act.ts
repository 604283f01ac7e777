import type { Asked, Move } from '../../decision';
import { namedError } from '../aws/named-error';
import type { TransitionEvent } from './event';
import type { TransitionPorts } from './ports';

/** What a step answers: whether the endpoint is where it should be, and what is to come back with the next step. */
export interface TransitionAnswer {
  readonly settled: boolean;
  readonly detail: string;
  readonly asked: Asked;
  readonly fullCount: number;
  readonly configBefore: string;
  /** Whether the challenger has or had live traffic, as far as a way back has seen. */
  readonly exposed: boolean;
}

/** Does the one next thing, and says what was done. `keepsCounts` is for variants that auto scaling changes. */
export async function act(
  ports: TransitionPorts,
  event: TransitionEvent,
  move: Move,
  keepsCounts = false,
): Promise<TransitionAnswer> {
  const { endpoint } = event;
  switch (move.kind) {
    case 'settled':
      return answer(event, true, 'settled');
    case 'wait':
      return answer(event, false, move.reason);
    case 'refused':
      throw namedError(move.error, move.reason);
    case 'update':
      await ports.endpoints.update(endpoint, move.configName, keepsCounts);
      return {
        ...answer(event, false, `launching ${move.configName}`),
        asked: { configName: move.configName, at: ports.now() },
      };
    case 'capacity':
      await ports.endpoints.change(endpoint, [{ name: move.variant, count: move.count }]);
      return {
        ...answer(event, false, `variant ${move.variant} to ${move.count} instances`),
        asked: { ...event.asked, capacityAt: event.asked.capacityAt ?? ports.now() },
      };
    case 'weights':
      await ports.endpoints.change(endpoint, move.weights);
      return answer(event, false, move.weights.map(({ name, weight }) => `${name} ${weight} %`).join(', '));
  }
}

/** What is to come back with the next step, as it came with this one. */
export function answer(
  { asked, fullCount, configBefore, exposed }: TransitionEvent,
  settled: boolean,
  detail: string,
): TransitionAnswer {
  return { settled, detail, asked, fullCount, configBefore, exposed };
}
