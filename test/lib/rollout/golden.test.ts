import { expect, test } from 'vitest';
import { PlanContext, StagedStrategy } from '../../../lib';
import { bakeMachine } from '../../../lib/rollout/machines/bake-machine';
import { rollbackMachine } from '../../../lib/rollout/machines/rollback-machine';
import { rolloutMachine } from '../../../lib/rollout/machines/rollout-machine';
import type { State } from '../../../lib/rollout/machines/states';
import { planPhases } from '../../../lib/rollout/plan-phases';

const written = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`;

/** Where a state leads, in the order in which it is tried; what it does beside that has tests of its own. */
function ways(state: State): string {
  const { Type, Next, Default, Choices, Catch } = state as {
    [field: string]: { Next: string; StringEquals?: string; ErrorEquals?: string[] }[];
  } & { Type: string; Next?: string; Default?: string };
  const choices = (Choices ?? []).map(
    ({ StringEquals, Next }) => `${StringEquals === undefined ? 'true' : `'${StringEquals}'`} -> ${Next}`,
  );
  const caught = (Catch ?? []).map(({ ErrorEquals, Next }) => `${ErrorEquals?.join(' ')} -> ${Next}`);
  const after = Next === undefined ? [] : [`-> ${Next}`];
  return [Type, ...choices, ...(Default === undefined ? [] : [`else -> ${Default}`]), ...after, ...caught].join('; ');
}

// The order of the states is the product here: read a difference as the way that a rollout takes.
test('the ways through the three machines', async () => {
  const machines = { rollout: rolloutMachine(), bake: bakeMachine(), rollback: rollbackMachine() };
  const read = Object.entries(machines).map(([name, { StartAt, States }]) => [
    name,
    { StartAt, ...Object.fromEntries(Object.entries(States).map(([state, what]) => [state, ways(what)])) },
  ]);
  await expect(written(Object.fromEntries(read))).toMatchFileSnapshot('golden/machines.golden.json');
});

test.each<[string, StagedStrategy, boolean]>([
  ['minimum-viable', StagedStrategy.minimumViable(), false],
  ['standard', StagedStrategy.standard(), false],
  ['high-stakes', StagedStrategy.highStakes(), true],
])('the plan of the preset %s', async (name, strategy, before) => {
  const plan = planPhases(strategy.plan(new PlanContext({ instanceCount: 4 })), before);
  await expect(written(plan)).toMatchFileSnapshot(`golden/${name}.golden.json`);
});
