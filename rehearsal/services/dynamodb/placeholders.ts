import type { Json } from '../service';
import { type AttributeValue, checkValue, invalid } from './attribute-value';

/** The `#names` and `:values` of one request; DynamoDB refuses one that no expression uses. */
// source: dynamodb-placeholders
export class Placeholders {
  private readonly names: Readonly<Record<string, string>>;
  private readonly values: Readonly<Record<string, AttributeValue>>;
  private readonly used = new Set<string>();

  constructor(input: Json) {
    this.names = input.ExpressionAttributeNames ?? {};
    this.values = input.ExpressionAttributeValues ?? {};
    for (const value of Object.values(this.values)) checkValue(value);
  }

  public name(placeholder: string): string {
    this.used.add(placeholder);
    if (Object.hasOwn(this.names, placeholder)) return this.names[placeholder];
    throw invalid(
      `An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
    );
  }

  public value(placeholder: string): AttributeValue {
    this.used.add(placeholder);
    if (Object.hasOwn(this.values, placeholder)) return this.values[placeholder];
    throw invalid(`An expression attribute value used in expression is not defined; attribute value: ${placeholder}`);
  }

  public requireAllUsed(): void {
    this.requireUsed('ExpressionAttributeNames', this.names);
    this.requireUsed('ExpressionAttributeValues', this.values);
  }

  private requireUsed(field: string, given: Readonly<Record<string, unknown>>): void {
    const unused = Object.keys(given).filter((placeholder) => !this.used.has(placeholder));
    if (unused.length > 0)
      throw invalid(`Value provided in ${field} unused in expressions: keys: {${unused.join(', ')}}`);
  }
}
