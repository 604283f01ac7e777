import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** Plain values of an item: texts and numbers; anything deeper travels as JSON text. */
export type Item = { readonly [name: string]: string | number };

/** Where an item of the record is. */
export const key = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } });

/** As DynamoDB writes it. */
export function encode(item: Item): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, typeof value === 'number' ? { N: `${value}` } : { S: value }]),
  );
}

/** Without its key: what was read can be written again under another one. */
export function decode({ pk: _, sk: __, ...item }: Record<string, AttributeValue>): Item {
  const plain: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(item))
    plain[name] = value.N === undefined ? `${value.S ?? ''}` : Number(value.N);
  return plain;
}
