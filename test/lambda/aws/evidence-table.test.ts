import { expect, test } from 'vitest';
import { evidenceTable } from '../../../lambda/aws/evidence-table';

const key = { endpoint: 'fraud', rollout: 'r-1', stage: '2', at: Date.parse('2026-01-05T00:01:00Z'), by: 'judge' };
const table = () => {
  const items: unknown[] = [];
  const put = async (pk: string, sk: string, item: unknown) => items.push([pk, sk, item]) > 0;
  return { items, ...evidenceTable({ put }) };
};

test('keeps evidence under the tick that it belongs to, and says where', async () => {
  const { items, save } = table();
  expect(await save(key, { a: 1 })).toBe('EVIDENCE#r-1#2#2026-01-05T00:01:00.000Z#judge');
  expect(items).toEqual([['ENDPOINT#fraud', 'EVIDENCE#r-1#2#2026-01-05T00:01:00.000Z#judge', { evidence: '{"a":1}' }]]);
});

test('fails on evidence that an item cannot hold', async () => {
  const { items, save } = table();
  await expect(save(key, 'x'.repeat(400_000))).rejects.toMatchObject({ name: 'EvidenceTooLarge' });
  expect(items).toEqual([]);
});
