import type { Json, Lambda } from '../../services';
import { ResourceFailure, type ResourceProvider } from '../resource-provider';

/** What somebody asks a function URL, and who that is, as IAM has found out. */
export interface UrlRequest {
  readonly userArn: string;
  readonly requestId: string;
  readonly body: string;
}

/** Function URLs with IAM auth: who asks is part of what the function is given. */
export class FunctionUrls {
  private readonly functions = new Map<string, string>();

  constructor(private readonly lambda: Lambda) {}

  /** `AWS::Lambda::Url`. */
  // source: lambda-function-url
  public readonly provider: ResourceProvider = {
    create: async (request, { TargetFunctionArn, AuthType }) => {
      if (AuthType !== 'AWS_IAM') throw new ResourceFailure('a rehearsal knows function URLs with AuthType AWS_IAM');
      const id = `${request.stack.name}-${request.logicalId}`.toLowerCase();
      const host = `${id}.lambda-url.${request.stack.region}.on.aws`;
      this.functions.set(host, TargetFunctionArn);
      return { id: TargetFunctionArn, attributes: { FunctionArn: TargetFunctionArn, FunctionUrl: `https://${host}/` } };
    },
    update: async (_request, _properties, physical) => physical,
    delete: async (_request, { attributes }) => {
      this.functions.delete(new URL(String(attributes['FunctionUrl'])).host);
    },
  };

  /** Hosts of all function URLs. */
  public get hosts(): readonly string[] {
    return [...this.functions.keys()];
  }

  /** What the function behind a host answers; undefined where there is none. */
  // source: lambda-function-url
  public async ask(host: string, { userArn, requestId, body }: UrlRequest): Promise<Json> {
    const FunctionName = this.functions.get(host);
    if (FunctionName === undefined) return undefined;
    const requestContext = { requestId, authorizer: { iam: { userArn } }, http: { method: 'POST', path: '/' } };
    const event = { version: '2.0', requestContext, body, isBase64Encoded: false };
    const { FunctionError, Payload } = await this.lambda.invoke('Invoke', { FunctionName, Payload: event });
    return FunctionError === undefined ? Payload : { statusCode: 502, body: 'Internal Server Error' };
  }
}
