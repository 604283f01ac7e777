import type { Json } from '../service';
import { type AttributeValue, bytesOf, checkValue, type Item, invalid, order, raw, typeOf } from './attribute-value';

const MAXIMUM_ITEM_BYTES = 400 * 1024;

/** One table: its key and its items. */
export class Table {
  private readonly items = new Map<string, Item>();
  /** The same by partition, in the order of the sort key. */
  private readonly partitions = new Map<string, string[]>();
  public readonly partitionKey: string;
  public readonly sortKey: string | undefined;
  private readonly types: Readonly<Record<string, string>>;

  /** `properties` as CreateTable and CloudFormation have them: KeySchema and AttributeDefinitions. */
  constructor(
    public readonly name: string,
    properties: Json,
  ) {
    const keyOf = (type: string) => properties.KeySchema.find((key: Json) => key.KeyType === type)?.AttributeName;
    this.partitionKey = keyOf('HASH');
    this.sortKey = keyOf('RANGE');
    this.types = Object.fromEntries(
      properties.AttributeDefinitions.map((one: Json) => [one.AttributeName, one.AttributeType]),
    );
  }

  private get keyNames(): readonly string[] {
    return this.sortKey === undefined ? [this.partitionKey] : [this.partitionKey, this.sortKey];
  }

  /** The key of a request: exactly the key's attributes, of the right types. */
  // source: dynamodb-keys
  public readKey(key: Json): string {
    const names = Object.keys(key ?? {});
    if (names.length !== this.keyNames.length || !this.keyNames.every((name) => names.includes(name))) {
      throw invalid('The provided key element does not match the schema');
    }
    return this.keyOf(key, 'The provided key element does not match the schema');
  }

  public keyOf(item: Item, otherwise: string): string {
    const parts = this.keyNames.map((name) => {
      const value: AttributeValue | undefined = Object.hasOwn(item, name) ? item[name] : undefined;
      if (value === undefined || typeOf(value) !== this.types[name]) throw invalid(otherwise);
      if (raw(value) === '') {
        throw invalid(
          `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
        );
      }
      return plain(value);
    });
    return JSON.stringify(parts);
  }

  public get(key: string): Item | undefined {
    return this.items.get(key);
  }

  public put(item: Item): void {
    for (const value of Object.values(item)) checkValue(value);
    if (bytesOf(item) > MAXIMUM_ITEM_BYTES) throw invalid('Item size has exceeded the maximum allowed size');
    const missing = 'One or more parameter values were invalid: Missing the key or a key of another type in the item';
    const key = this.keyOf(item, missing);
    const isNew = !this.items.has(key);
    this.items.set(key, item);
    if (isNew) this.insert(key, item);
  }

  public delete(key: string): void {
    const item = this.items.get(key);
    const keys = item && this.partitions.get(partitionOf(item[this.partitionKey]));
    keys?.splice(keys.indexOf(key), 1);
    this.items.delete(key);
  }

  /** Items of one partition in the order of the sort key. */
  public partition(value: AttributeValue): readonly Item[] {
    const keys = this.partitions.get(partitionOf(value)) ?? [];
    return keys.map((key) => this.items.get(key) as Item);
  }

  /** Puts a new key where it belongs in its partition. */
  private insert(key: string, item: Item): void {
    const name = partitionOf(item[this.partitionKey]);
    const keys = this.partitions.get(name) ?? [];
    this.partitions.set(name, keys);
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.comesAfter(item, this.items.get(keys[middle]) as Item)) low = middle + 1;
      else high = middle;
    }
    keys.splice(low, 0, key);
  }

  private comesAfter(item: Item, other: Item): boolean {
    const { sortKey } = this;
    return sortKey !== undefined && (order(item[sortKey], other[sortKey]) ?? 0) > 0;
  }

  /** Every item, for invariants and reports. */
  public get all(): readonly Item[] {
    return [...this.items.values()];
  }
}

const plain = (value: AttributeValue) => ('N' in value ? Number(value.N) : raw(value));
const partitionOf = (value: AttributeValue): string => JSON.stringify(plain(value));
