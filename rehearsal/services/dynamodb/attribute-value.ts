import { AwsError } from '../aws-error';

/** One value of an item, as DynamoDB has it on the wire. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };
export type Item = { readonly [name: string]: AttributeValue };
export type ValueType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

const types: readonly string[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'];

export const invalid = (message: string) => new AwsError('ValidationException', message);

export function typeOf(value: AttributeValue): ValueType {
  return Object.keys(value)[0] as ValueType;
}

export const raw = (value: AttributeValue): unknown => Object.values(value)[0];

/** Fails for what is no attribute value: no type, two types, a number that is none, an empty or repeating set. */
// source: dynamodb-attribute-value
export function checkValue(value: unknown): void {
  const keys = value !== null && typeof value === 'object' ? Object.keys(value) : [];
  if (keys.length !== 1 || !types.includes(keys[0])) {
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  const [type] = keys;
  const inside = raw(value as AttributeValue);
  if (type === 'N') checkNumber(inside);
  if (type === 'L') for (const item of inside as unknown[]) checkValue(item);
  if (type === 'M') for (const item of Object.values(inside as object)) checkValue(item);
  if (type === 'SS' || type === 'NS' || type === 'BS') {
    const members = inside as readonly string[];
    if (members.length === 0) throw invalid('One or more parameter values were invalid: An empty set is not allowed');
    if (new Set(members).size < members.length) {
      throw invalid('One or more parameter values were invalid: Input collection contains duplicates');
    }
    if (type === 'NS') for (const member of members) checkNumber(member);
  }
}

function checkNumber(text: unknown): void {
  if (typeof text === 'string' && text.trim() !== '' && Number.isFinite(Number(text))) return;
  throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
}

function canonical(value: AttributeValue): unknown {
  const type = typeOf(value);
  const inside = raw(value);
  if (type === 'N') return ['N', Number(inside)];
  if (type === 'NS') return ['NS', ...(inside as string[]).map(Number).sort((a, b) => a - b)];
  if (type === 'SS' || type === 'BS') return [type, ...[...(inside as string[])].sort()];
  if (type === 'L') return ['L', ...(inside as AttributeValue[]).map(canonical)];
  if (type !== 'M') return [type, inside];
  const entries = Object.entries(inside as Item).sort(([a], [b]) => (a < b ? -1 : 1));
  return ['M', ...entries.map(([name, item]) => [name, canonical(item)])];
}

/** Equal as DynamoDB compares: 1 is 1.0, and a set has no order. */
// source: dynamodb-comparison
export function same(left: AttributeValue, right: AttributeValue): boolean {
  return JSON.stringify(canonical(left)) === JSON.stringify(canonical(right));
}

/** Below 0, 0 or above; undefined when the two have no order: other types, or types without one. */
// source: dynamodb-comparison
export function order(left: AttributeValue, right: AttributeValue): number | undefined {
  if ('N' in left && 'N' in right) return Number(left.N) - Number(right.N);
  if ('S' in left && 'S' in right) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if ('B' in left && 'B' in right) return Buffer.compare(Buffer.from(left.B, 'base64'), Buffer.from(right.B, 'base64'));
  return undefined;
}

/** What `size()` says; undefined for a type that has none. */
export function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('B' in value) return Buffer.from(value.B, 'base64').length;
  if ('M' in value) return Object.keys(value.M).length;
  const inside = raw(value);
  return Array.isArray(inside) ? inside.length : undefined;
}

/** About the bytes that DynamoDB counts against the 400 KB of an item: names and values. */
// source: dynamodb-item-size
export function bytesOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: AttributeValue): number {
  if ('M' in value) return 3 + bytesOf(value.M);
  if ('L' in value) return 3 + value.L.reduce((sum, item) => sum + 1 + valueBytes(item), 0);
  if ('N' in value) return Math.ceil(value.N.length / 2) + 1;
  if ('BOOL' in value || 'NULL' in value) return 1;
  const inside = raw(value);
  return [inside].flat().reduce<number>((sum, text) => sum + Buffer.byteLength(String(text)), 0);
}
