export type { AttributeValue, Item } from './attribute-value';
export { DynamoDb } from './dynamodb';
export type { Table } from './table';
