import { expect, test } from 'vitest';
import type { Item } from '../../../lambda/aws/rollout-record';
import { rolloutSpec } from '../../../lambda/aws/rollout-spec';

/** A record with these items, one for each reading. */
function reading(...items: readonly (Item | undefined)[]) {
  const asked: string[] = [];
  const get = async (pk: string, sk: string) => {
    asked.push(`${pk}/${sk}`);
    return items[asked.length - 1];
  };
  return { asked, specOf: rolloutSpec({ get }) };
}
const item = (schemaVersion: number): Item => ({ spec: JSON.stringify({ schemaVersion, digest: 'v2' }) });

test('the spec of a rollout is read once', async () => {
  const { asked, specOf } = reading(item(1));
  expect(await specOf('fraud', 'r-1')).toEqual({ schemaVersion: 1, digest: 'v2' });
  expect(await specOf('fraud', 'r-1')).toEqual({ schemaVersion: 1, digest: 'v2' });
  expect(asked).toEqual(['ENDPOINT#fraud/ROLLOUT#r-1']);
});

test('another rollout and another endpoint have specs of their own', async () => {
  const { asked, specOf } = reading(item(1), item(1), item(1));
  for (const [endpoint, id] of [
    ['fraud', 'r-1'],
    ['fraud', 'r-2'],
    ['churn', 'r-1'],
  ])
    await specOf(endpoint, id);
  expect(asked).toHaveLength(3);
});

test.each<[string, Item | undefined]>([
  ['that is not there', undefined],
  ['without a spec', { rolloutId: 'r-1' }],
  ['of another version', item(2)],
])('a rollout %s has none yet, and is asked for again', async (_, first) => {
  const { specOf } = reading(first, item(1));
  expect(await specOf('fraud', 'r-1')).toBeUndefined();
  expect(await specOf('fraud', 'r-1')).toMatchObject({ digest: 'v2' });
});
