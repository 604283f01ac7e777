import type { LambdaFunction } from '../../lambda/lambda-function';
import type { ResourceProvider } from '../resource-provider';
import type { Functions } from './lambda';

/** Published versions by ARN: each keeps the code that its function had when it was published. */
export class FunctionVersions {
  private readonly byArn = new Map<string, LambdaFunction>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly functions: Functions) {}

  /** The function behind an ARN or name: a version when it ends in one, else the newest code. */
  public find(arn: string): LambdaFunction | undefined {
    const unqualified = arn.replace(/:\$LATEST$/, '');
    if (/:function:[^:]+:/.test(unqualified)) return this.byArn.get(unqualified);
    return this.functions.has(unqualified) ? this.functions.get(unqualified) : undefined;
  }

  /** `AWS::Lambda::Version`. */
  // source: lambda-version
  public readonly provider: ResourceProvider = {
    create: async (_request, { FunctionName: name }) => {
      const published = this.functions.get(name);
      const { arn } = published.definition;
      const number = (this.counts.get(arn) ?? 0) + 1;
      this.counts.set(arn, number);
      const FunctionArn = `${arn}:${number}`;
      this.byArn.set(FunctionArn, published);
      return { id: FunctionArn, attributes: { FunctionArn, Version: String(number) } };
    },
    update: async (_request, _properties, physical) => physical,
    delete: async (_request, { id }) => {
      this.byArn.delete(id);
    },
  };
}
