import { describe, expect, test } from 'vitest';
import reasons from '../../scripts/mutation-survivors.json';
import { guardrailMutants } from './guardrail-mutants';
import { GUARDED, wrongWith } from './guardrail-stories';

const survives = (id: string) => Object.hasOwn(reasons, id);

describe.each(GUARDED)('an endpoint guarded by $strategy', (guarded) => {
  const mutants = guardrailMutants(guarded.strategy, guarded.stack);

  test('as it is goes through every story to the end that it must have', async () => {
    expect(await wrongWith(guarded, guarded.stack)).toBeUndefined();
  });

  test('has an alarm on errors and one on latency for its fleet and its variant, a rollback, a verification and waits', () => {
    expect(mutants.map(({ kind }) => kind).filter((kind) => kind === 'Alarm')).toHaveLength(4);
    const others = new Set(mutants.map(({ kind }) => kind).filter((kind) => kind !== 'Alarm'));
    expect(others).toEqual(new Set(['Auto rollback', 'Verification', 'Guardrail wait']));
  });

  test.each(mutants.filter(({ id }) => !survives(id)))('is noticed: $id', async ({ stack }) => {
    expect(await wrongWith(guarded, stack)).toBeDefined();
  });
});

test('every survivor that has a reason is a mutant of these', () => {
  const known = GUARDED.flatMap(({ strategy, stack }) => guardrailMutants(strategy, stack)).map(({ id }) => id);
  expect(Object.keys(reasons).filter((id) => id.startsWith('guarded ') && !known.includes(id))).toEqual([]);
});
