import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { namedError } from './named-error';

/** An item may have 400 kB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAXIMUM_BYTES = 390_000;

/** Names one tick of one phase of one rollout. */
export interface EvidenceKey {
  readonly endpoint: string;
  readonly rollout: string;
  readonly stage: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who judged, where several do in one tick. */
  readonly by: string;
}

/**
 * Keeps evidence in the record's table, one item a tick. The key is made of the tick alone, so that a tick that is
 * asked twice is kept once. What it returns is the item's sort key.
 */
export function evidenceTable(
  table: string | undefined = process.env['RECORD_TABLE'],
  client: DynamoDBClient = new DynamoDBClient({}),
) {
  return {
    async save({ endpoint, rollout, stage, at, by }: EvidenceKey, evidence: unknown): Promise<string> {
      if (table === undefined || table === '') throw namedError('NoRecordTable', 'RECORD_TABLE is not set');
      const item = `EVIDENCE#${rollout}#${stage}#${new Date(at).toISOString()}#${by}`;
      const text = JSON.stringify(evidence);
      const bytes = Buffer.byteLength(text);
      if (bytes > MAXIMUM_BYTES) {
        throw namedError('EvidenceTooLarge', `evidence must have at most ${MAXIMUM_BYTES} bytes, got ${bytes}`);
      }
      const Item = { endpoint: { S: endpoint }, item: { S: item }, evidence: { S: text } };
      await client.send(new PutItemCommand({ TableName: table, Item }));
      return item;
    },
  };
}
