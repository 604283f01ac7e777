import aslValidator from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { bakeMachine } from '../../../lib/rollout/machines/bake-machine';
import { rollbackMachine } from '../../../lib/rollout/machines/rollback-machine';
import { rolloutMachine } from '../../../lib/rollout/machines/rollout-machine';
import type { Machine, State } from '../../../lib/rollout/machines/states';
import { checkLanguage } from '../../../rehearsal/states';

/** A definition as CloudFormation hands it to Step Functions, with its substitutions made. */
function substituted(machine: Machine): object {
  const text = JSON.stringify(machine)
    .replaceAll('${Partition}', 'aws')
    .replace(/\$\{(\w+)Machine\}/g, 'arn:aws:states:eu-west-1:111111111111:stateMachine:$1')
    .replace(/\$\{(\w+)\}/g, 'arn:aws:lambda:eu-west-1:111111111111:function:$1:1');
  return JSON.parse(text);
}

const machines = { rollout: rolloutMachine(), bake: bakeMachine(), rollback: rollbackMachine() };

describe.each(Object.entries(machines))('the %s machine', (_, machine) => {
  test('is valid Amazon States Language', () => {
    const { isValid, errorsText } = aslValidator(substituted(machine) as never);
    expect(isValid, errorsText?.()).toBe(true);
  });

  test('keeps to the part of the language that a rehearsal runs', () => {
    expect(checkLanguage(substituted(machine) as never)).toEqual([]);
  });

  test('has no task without a time-out, a retry, and a way for every error', () => {
    const tasks = Object.entries(machine.States).filter(([, state]) => state.Type === 'Task');
    expect(tasks.length).toBeGreaterThan(0);
    for (const [name, state] of tasks) {
      expect(state, name).toMatchObject({
        TimeoutSeconds: expect.any(Number),
        Retry: [{ ErrorEquals: expect.any(Array) }],
      });
      expect((state['Catch'] as { ErrorEquals: string[] }[]).at(-1)?.ErrorEquals, name).toEqual(['States.ALL']);
    }
  });

  test('is one object, drawn anew each time', () => {
    const again = { rollout: rolloutMachine, bake: bakeMachine, rollback: rollbackMachine };
    expect(Object.values(again).map((draw) => draw())).toContainEqual(machine);
  });
});

test("only a word that says so leads on: every other answer of a bake is a person's or a way back", () => {
  const choice = machines.rollout.States['IsBaked'] as State & { Choices: { StringEquals: string; Next: string }[] };
  const ways = Object.fromEntries(choice.Choices.map(({ StringEquals, Next }) => [StringEquals, Next]));
  expect(ways).toEqual({ pass: 'IsLastPhase', continue: 'Bake', retreat: 'Retreat', fail: 'TakeBackRefused' });
  expect(choice['Default']).toBe('Hold');
});
