import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { decode, encode, type Item, key } from './record-items';
import { recordWriter } from './record-writer';

export type { Item } from './record-items';

/** Who may change an endpoint: one rollout, in one epoch. */
export interface Claim {
  readonly endpoint: string;
  readonly rolloutId: string;
  readonly epoch: number;
}

/** The lock of an endpoint. `rolloutId` is empty while it is free; the epoch only ever grows. */
export interface Lock {
  readonly rolloutId: string;
  readonly epoch: number;
  /** `reserved`, `running`, `watching`, `rollingBack` or `held`; empty while it is free. */
  readonly phase: string;
  readonly digest: string;
  readonly champion: string;
  readonly challenger: string;
  /** Name of the variant whose alarms take the rollout back; empty while none do. */
  readonly armed: string;
  /** The rollout's execution; empty before it has begun. */
  readonly executionArn: string;
  /** Instances that the champion needs to serve all traffic; 0 before preflight has counted them. */
  readonly fullCount: number;
  /** The execution that takes the rollout back; empty while none does. */
  readonly seizedBy: string;
  readonly since: string;
}

/** A lock that nobody holds and nobody ever held, without its epoch. */
const UNHELD = {
  rolloutId: '',
  phase: '',
  digest: '',
  champion: '',
  challenger: '',
  armed: '',
  executionArn: '',
  fullCount: 0,
  seizedBy: '',
};

/** The lock of an endpoint that no rollout has touched yet. */
export const FREE: Lock = { ...UNHELD, epoch: 0, since: '' };

/**
 * The record of all rollouts, one DynamoDB table. Every change of the lock is one conditional write on one item, so
 * that of many writers one wins and the others know.
 */
export function rolloutRecord(
  table: string | undefined = process.env['RECORD_TABLE'],
  client: DynamoDBClient = new DynamoDBClient({}),
) {
  const lockKey = (endpoint: string) => key(`ENDPOINT#${endpoint}`, 'LOCK');

  const update = async (endpoint: string, set: Item, condition: string, values: Item): Promise<Lock | undefined> => {
    const names = Object.keys(set);
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: lockKey(endpoint),
          UpdateExpression: `SET ${[...names.map((name) => `#${name} = :${name}`), '#epoch = if_not_exists(#epoch, :zero) + :step'].join(', ')}`,
          ConditionExpression: condition,
          ExpressionAttributeNames: Object.fromEntries(
            [...names, 'epoch', 'rolloutId'].map((name) => [`#${name}`, name]),
          ),
          ExpressionAttributeValues: encode({ ':zero': 0, ...values, ...prefixed(set) }),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return { ...FREE, ...decode(Attributes ?? {}) } as Lock;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  };
  const held = '#rolloutId = :own AND #epoch = :epoch';
  const by = ({ rolloutId, epoch }: Claim): Item => ({ ':own': rolloutId, ':epoch': epoch });

  return {
    ...recordWriter(table, client),

    /** The lock as it is now; a free one when nobody ever held it. */
    async lock(endpoint: string): Promise<Lock> {
      const { Item: found } = await client.send(
        new GetItemCommand({ TableName: table, Key: lockKey(endpoint), ConsistentRead: true }),
      );
      return { ...FREE, ...decode(found ?? {}) } as Lock;
    },

    /** Takes a free lock in a new epoch; undefined when somebody holds it. */
    take(endpoint: string, lock: Omit<Lock, 'epoch'>): Promise<Lock | undefined> {
      const condition = 'attribute_not_exists(#rolloutId) OR #rolloutId = :free';
      return update(endpoint, { ...lock }, condition, { ':free': '', ':step': 1 });
    },

    /** Takes the lock from a rollout for its way back, in a new epoch; undefined when another was faster. */
    seize(claim: Claim, seizedBy: string): Promise<Lock | undefined> {
      return update(claim.endpoint, { phase: 'rollingBack', seizedBy }, held, { ...by(claim), ':step': 1 });
    },

    /** Notes how far the holder is; undefined when it holds the lock no more. */
    note(
      claim: Claim,
      changes: Partial<Pick<Lock, 'phase' | 'armed' | 'executionArn' | 'fullCount'>>,
    ): Promise<Lock | undefined> {
      return update(claim.endpoint, { ...changes }, held, { ...by(claim), ':step': 0 });
    },

    /** Gives the lock back; undefined when another holds it. */
    release(claim: Claim): Promise<Lock | undefined> {
      return update(claim.endpoint, UNHELD, held, { ...by(claim), ':step': 0 });
    },

    async get(pk: string, sk: string): Promise<Item | undefined> {
      const { Item: found } = await client.send(
        new GetItemCommand({ TableName: table, Key: key(pk, sk), ConsistentRead: true }),
      );
      return found === undefined ? undefined : decode(found);
    },

    /** Changes an item that is as `when` says; undefined when there is none, or another was faster. */
    async change(pk: string, sk: string, changes: Item, when: Item): Promise<Item | undefined> {
      const assign = (item: Item, mark: string) => Object.keys(item).map((name) => `#${name} = :${mark}${name}`);
      const values = (item: Item, mark: string) =>
        Object.entries(item).map(([name, value]) => [`:${mark}${name}`, value]);
      try {
        const { Attributes } = await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: key(pk, sk),
            UpdateExpression: `SET ${assign(changes, 'to').join(', ')}`,
            ConditionExpression: assign(when, 'is').join(' AND '),
            ExpressionAttributeNames: Object.fromEntries(
              Object.keys({ ...changes, ...when }).map((name) => [`#${name}`, name]),
            ),
            ExpressionAttributeValues: encode(Object.fromEntries([...values(changes, 'to'), ...values(when, 'is')])),
            ReturnValues: 'ALL_NEW',
          }),
        );
        return decode(Attributes ?? {});
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },

    /** All items of a key whose second part begins so, in order; with `newest`, the last so many, the last one first. */
    async list(pk: string, prefix: string, newest?: number): Promise<Item[]> {
      const items: Item[] = [];
      const order = newest === undefined ? {} : { ScanIndexForward: false, Limit: newest };
      let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
            ExpressionAttributeValues: encode({ ':pk': pk, ':prefix': prefix }),
            ConsistentRead: true,
            ExclusiveStartKey,
            ...order,
          }),
        );
        items.push(...(page.Items ?? []).map(decode));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined && !(items.length >= (newest ?? Number.POSITIVE_INFINITY)));
      return newest === undefined ? items : items.slice(0, newest);
    },
  };
}

/** The record, as the jobs see it. */
export type RolloutRecord = ReturnType<typeof rolloutRecord>;

const prefixed = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [`:${name}`, value]));
