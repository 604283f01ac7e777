import { AwsError } from '../aws-error';
import { invokeOperation, type Operations } from '../operations';
import type { AwsService, Json } from '../service';

/** Parameters of type String, by name. */
export class Ssm implements AwsService {
  public readonly name = 'ssm';
  private readonly parameters = new Map<string, Json>();
  private readonly operations: Operations = { GetParameter: ({ Name }) => this.get(Name) };

  constructor(
    /** `arn:aws:ssm:REGION:ACCOUNT`. */
    private readonly arnPrefix: string,
  ) {}

  /** Writes a parameter; its version grows with every change. */
  public put(Name: string, Type: string, Value: string): void {
    const Version = (this.parameters.get(Name)?.Version ?? 0) + 1;
    this.parameters.set(Name, { Name, Type, Value, Version, ARN: this.arnOf(Name) });
  }

  public remove(name: string): void {
    this.parameters.delete(name);
  }

  public invoke(operation: string, input: Json): Json {
    return invokeOperation(this.name, this.operations, operation, input);
  }

  // source: iam-actions-resources
  public resourcesOf(_operation: string, input: Json): readonly string[] {
    return [this.arnOf(input?.Name ?? '')];
  }

  // source: ssm-get-parameter
  private get(name: string): Json {
    const Parameter = this.parameters.get(name);
    if (Parameter === undefined) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
    return { Parameter };
  }

  private arnOf(name: string): string {
    return `${this.arnPrefix}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  }
}
