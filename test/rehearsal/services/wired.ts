import { Readable } from 'node:stream';
import type { Protocol } from '../../../rehearsal/lambda/aws-wire';
import { AwsError, type AwsService } from '../../../rehearsal/services';

/** What the SDK's own HTTP handler would be, with an embedded service behind it instead of a socket. */
export function wired(protocol: Protocol, service: AwsService) {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: the SDK's request
    async handle(request: any) {
      const headers = Object.fromEntries(
        Object.entries<string>(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const query = new URLSearchParams(request.query).toString();
      const chunks: Buffer[] = [];
      if (typeof request.body === 'string' || request.body instanceof Uint8Array)
        chunks.push(Buffer.from(request.body));
      else if (request.body !== undefined) for await (const chunk of request.body) chunks.push(Buffer.from(chunk));
      const call = protocol.read({
        method: request.method,
        host: request.hostname,
        path: query === '' ? request.path : `${request.path}?${query}`,
        headers,
        body: Buffer.concat(chunks),
      });
      if (call === undefined) throw new Error(`not in this protocol: ${request.method} ${request.hostname}`);
      try {
        return answer(protocol.reply(call, await service.invoke(call.operation, call.input)));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return answer(protocol.refuse(call, error));
      }
    },
    destroy() {},
  };
}

const answer = (reply: { status: number; headers: Readonly<Record<string, string>>; body: string | Buffer }) => ({
  response: { statusCode: reply.status, headers: reply.headers, body: Readable.from([Buffer.from(reply.body)]) },
});

export const clientOptions = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  maxAttempts: 1,
};
