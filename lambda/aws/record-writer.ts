import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { namedError } from './named-error';
import { encode, type Item, key } from './record-items';

/** The table of the record, for one who only writes into it: such a function has no more of the SDK. */
export function recordWriter(
  table: string | undefined = process.env['RECORD_TABLE'],
  client: DynamoDBClient = new DynamoDBClient({}),
) {
  if (table === undefined || table === '') throw namedError('NoRecordTable', 'RECORD_TABLE is not set');
  return {
    /** Writes an item; `once` keeps the first, and answers false when there is one already. */
    async put(pk: string, sk: string, item: Item, once = false): Promise<boolean> {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: { ...key(pk, sk), ...encode(item) },
            ...(once ? { ConditionExpression: 'attribute_not_exists(pk)' } : {}),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
