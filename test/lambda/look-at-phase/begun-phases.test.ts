import { expect, test } from 'vitest';
import type { Item } from '../../../lambda/aws/rollout-record';
import { begunPhases } from '../../../lambda/look-at-phase/begun-phases';

/** A record that answers each reading with the next of these lists. */
function reading(...lists: readonly Item[][]) {
  const asked: string[] = [];
  const list = async (pk: string, prefix: string) => {
    asked.push(`${pk}/${prefix}`);
    return lists[asked.length - 1];
  };
  return { asked, begunOf: begunPhases({ list }) };
}
const begun = (...percents: number[]): Item[] => percents.map((percent) => ({ kind: 'stage', percent }));

test('the phases of a rollout are read once for each bake', async () => {
  const { asked, begunOf } = reading(begun(5));
  for (let tick = 0; tick < 3; tick++) expect(await begunOf('r-1', 0, 'bake-1')).toEqual(begun(5));
  expect(asked).toEqual(['ROLLOUT#r-1/PHASE#']);
});

test('the bake of the next phase, and that of a phase that is resumed, read what is written by then', async () => {
  const resumed = [{ kind: 'stage', percent: 5, resumedAt: '2026-01-01T00:00:00.000Z' }];
  const { begunOf } = reading(begun(5), resumed, begun(5, 25));
  expect(await begunOf('r-1', 0, 'bake-1')).toEqual(begun(5));
  expect(await begunOf('r-1', 0, 'bake-2')).toEqual(resumed);
  expect(await begunOf('r-1', 1, 'bake-3')).toEqual(begun(5, 25));
});

test('a phase that has not begun is not remembered as such', async () => {
  const { begunOf } = reading(begun(5), begun(5, 25));
  expect(await begunOf('r-1', 1, 'bake-1')).toEqual(begun(5));
  expect(await begunOf('r-1', 1, 'bake-1')).toEqual(begun(5, 25));
});
