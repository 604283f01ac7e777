import { UnscopedValidationError, ValidationError } from 'aws-cdk-lib/core/lib/errors';
import type { IConstruct } from 'constructs';

type ErrorName = ConstructorParameters<typeof UnscopedValidationError>[0];

/**
 * Collects everything that is wrong with the input of one class, so that a user learns all of it at once. A problem
 * is a sentence (lower-case, no full stop): what must be true, what was received, what to change; and a stable code.
 */
export class Problems {
  private readonly found: { readonly code: string; readonly message: string }[] = [];

  /** `owner` is what the user wrote: `CanaryStrategy`, `Endpoint`. */
  constructor(private readonly owner: string) {}

  public add(code: string, message: string): void {
    this.found.push({ code, message });
  }

  /** Adds the problem unless `holds` is true: write the condition for yes, and NaN is a problem. */
  public require(holds: boolean, code: string, message: () => string): void {
    if (holds !== true) this.add(code, message());
  }

  /** Each problem as a line, with its code. */
  public get messages(): string[] {
    return this.found.map(({ code, message }) => `${message} [${code}]`);
  }

  public get any(): boolean {
    return this.found.length > 0;
  }

  /** Throws aws-cdk's ValidationError with every problem, and the construct's path where there is a construct. */
  public throwIfAny(scope?: IConstruct): void {
    if (this.found.length === 0) return;
    const where = scope === undefined ? this.owner : `${this.owner} at ${scope.node.path}`;
    const lines = this.messages;
    const text =
      lines.length === 1
        ? `${where}: ${lines[0]}`
        : `${where} has ${lines.length} problems:\n${lines.map((line) => `  - ${line}`).join('\n')}`;
    const name = (this.found.length === 1 ? this.found[0].code : `Invalid${this.owner}`) as ErrorName;
    throw scope === undefined ? new UnscopedValidationError(name, text) : new ValidationError(name, text, scope);
  }
}
