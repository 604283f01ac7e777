import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { inWords } from './aws-words';
import { configuredEndpoint } from './configured-endpoint';

/** What a person has decided. */
export interface Decision {
  readonly action: 'approve' | 'reject' | 'rollback' | 'abort' | 'resume' | 'retry' | 'closeRetrospective';
  readonly endpoint: string;
  readonly reason: string;
  readonly rolloutId?: string;
}

/**
 * Says it at the engine's door, signed with the caller's own credentials, so that IAM knows who it was. Region,
 * credentials and transport are those of an SDK client.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
export async function ask({ config }: DynamoDBClient, door: string, decision: Decision): Promise<string> {
  const what = `${decision.action} of ${decision.endpoint} could not be asked for`;
  try {
    const { hostname, pathname } = new URL(door);
    // Who is told to look elsewhere for AWS must not reach the real door either.
    const instead = await configuredEndpoint('Lambda');
    const request = new HttpRequest({
      method: 'POST',
      protocol: instead?.protocol ?? 'https:',
      hostname: instead?.hostname ?? hostname,
      port: instead?.port ? Number(instead.port) : undefined,
      path: pathname,
      headers: { host: hostname, 'content-type': 'application/json' },
      body: JSON.stringify({ schemaVersion: 1, ...decision }),
    });
    const { credentials, region, sha256 } = config;
    const signer = new SignatureV4({ credentials, region, sha256, service: 'lambda' });
    const signed = (await signer.sign(request)) as HttpRequest;
    const { response } = await config.requestHandler.handle(signed);
    return answered(response.statusCode, await text(response.body));
  } catch (error) {
    throw inWords(error, what);
  }
}

/** The sentence of the answer, or its refusal under its code. */
function answered(statusCode: number, body: string): string {
  let answer: {
    readonly said?: unknown;
    readonly code?: unknown;
    readonly message?: unknown;
    readonly Message?: unknown;
  };
  try {
    answer = JSON.parse(body);
  } catch {
    answer = {};
  }
  if (statusCode === 200 && typeof answer.said === 'string') return answer.said;
  if (typeof answer.code === 'string' && typeof answer.message === 'string') {
    throw new Error(`${answer.message} [${answer.code}]`);
  }
  // IAM's own words, before the function has seen anything.
  const message = String(answer.message ?? answer.Message ?? `HTTP ${statusCode}`);
  throw Object.assign(new Error(message), {
    name:
      statusCode === 403 ? 'AccessDeniedException' : statusCode === 429 ? 'TooManyRequestsException' : 'NotAnswered',
  });
}

async function text(body: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
