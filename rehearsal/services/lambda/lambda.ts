import type { Invocation } from '../../lambda/lambda-function';
import { AwsError } from '../aws-error';
import type { AwsService, Json } from '../service';

/** A function that can be called: a bundle in the sandbox, or what a test puts in its place. */
export interface Invocable {
  invoke(event: Json): Promise<Invocation>;
}

/**
 * Functions by ARN, called as state machines, rules and SDKs call them. Payloads are data; `FunctionError` says that
 * the function threw or ran out of time.
 */
export class Lambda implements AwsService {
  public readonly name = 'lambda';

  constructor(
    /** `arn:aws:lambda:REGION:ACCOUNT`. */
    private readonly arnPrefix: string,
    /** The function behind an ARN, which may end in a version. */
    private readonly find: (arn: string) => Invocable | undefined,
  ) {}

  // source: iam-actions-resources
  public actionOf(operation: string): string {
    return operation === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${operation}`;
  }

  // source: iam-actions-resources
  public resourcesOf(_operation: string, input: Json): readonly string[] {
    return [this.arnOf(input)];
  }

  /** A function may be named by its name, its ARN, and either with a version. */
  // source: lambda-invoke
  private arnOf(input: Json): string {
    const name = String(input?.FunctionName);
    const arn = name.startsWith('arn:') ? name : `${this.arnPrefix}:function:${name}`;
    return input?.Qualifier === undefined ? arn : `${arn}:${input.Qualifier}`;
  }

  // source: lambda-invoke
  public async invoke(operation: string, input: Json): Promise<Json> {
    if (operation !== 'Invoke')
      throw new AwsError('UnknownOperationException', `the rehearsal has no lambda:${operation}`);
    const arn = this.arnOf(input);
    const found = this.find(arn);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
    const answer = found.invoke(input.Payload ?? {});
    // An event is taken and acknowledged; what comes of it is nobody's answer.
    if (input.InvocationType === 'Event') return { StatusCode: 202 };
    const result = await answer;
    const ExecutedVersion = /:function:[^:]+:(.+)$/.exec(arn)?.[1] ?? '$LATEST';
    if (result.ok) return { StatusCode: 200, ExecutedVersion, Payload: result.payload ?? null };
    const { errorType, errorMessage } = result;
    const Payload = { errorType, errorMessage, trace: [] };
    return { StatusCode: 200, ExecutedVersion, FunctionError: 'Unhandled', Payload };
  }
}
