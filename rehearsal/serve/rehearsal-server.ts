import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sessionOf } from '../engine/approvers';
import type { WireRequest } from '../lambda/wire';
import { AwsError } from '../services';
import { callerOf, principalOf } from './caller';
import { milliseconds } from './duration';
import { type Answer, refuse } from './refusal';
import type { RehearsalInProgress } from './rehearsal-in-progress';
import { answerApi } from './served-apis';

/** Nothing outside of this machine may ask. */
const LOOPBACK = '127.0.0.1';
/** More than AWS takes of any of the requests that are served. */
const MAXIMUM_BODY_BYTES = 1 << 20;
/** The longest that time moves on at once: longer than any rollout lasts. */
const MAXIMUM_ADVANCE_MS = 100 * 86_400_000;
/** By this a command knows that no account answers. */
export const SERVER = 'rollouts-serve';

/** A rehearsal that SDKs can ask as they would ask AWS. */
export class RehearsalServer {
  private readonly server: Server;
  private asked = 0;
  private doors = 0;

  private constructor(
    private readonly rehearsal: Promise<RehearsalInProgress>,
    private readonly failed: (error: unknown) => void,
  ) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /**
   * Listens on the loopback interface, and answers as soon as the rehearsal is ready.
   *
   * @param port 0 for any that is free
   * @param failed called when the rehearsal itself breaks, which no answer of it may hide
   * @throws Error when the port cannot be had
   */
  public static async listen(
    port: number,
    rehearsal: Promise<RehearsalInProgress>,
    failed: (error: unknown) => void,
  ): Promise<RehearsalServer> {
    const made = new RehearsalServer(rehearsal, failed);
    await new Promise<void>((resolve, reject) => {
      made.server.once('error', (error: NodeJS.ErrnoException) => reject(unavailable(port, error)));
      made.server.listen(port, LOOPBACK, resolve);
    });
    return made;
  }

  public get url(): string {
    return `http://${LOOPBACK}:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends it at once, whoever still waits for an answer. */
  public close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.sendDate = false;
    response.setHeader('server', SERVER);
    let request: WireRequest | undefined;
    try {
      request = await readRequest(incoming);
    } catch {
      // Whoever asked has hung up.
      return;
    }
    try {
      const rehearsal = await this.rehearsal;
      const answer =
        request === undefined
          ? own(413, { code: 'TooLarge', message: `a request must have at most ${MAXIMUM_BODY_BYTES} bytes` })
          : await this.answer(request, rehearsal);
      this.asked += 1;
      response.setHeader('date', new Date(rehearsal.now).toUTCString());
      response.setHeader('x-amzn-requestid', `00000000-0000-4000-8000-${String(this.asked).padStart(12, '0')}`);
      response.writeHead(answer.status, { ...answer.headers }).end(answer.body);
    } catch (error) {
      response.writeHead(500).end();
      this.failed(error);
    }
  }

  private async answer(request: WireRequest, rehearsal: RehearsalInProgress): Promise<Answer> {
    const { host, path } = request;
    if (path === '/advance') return advance(request, rehearsal);
    const caller = callerOf(request);
    const { engine, approvers } = rehearsal;
    if (caller === undefined) {
      const error = new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
      return refuse(request, '', error);
    }
    const { region, account } = rehearsal.where;
    const principal = principalOf(caller.accessKeyId, approvers, account);
    if (!engine.further.urls.hosts.includes(host)) {
      return answerApi(request, caller, { wire: engine.world.wire, region, principal });
    }
    if (caller.service !== 'lambda' || caller.region !== region) {
      return refuse(request, 'lambda', new AwsError('AccessDeniedException', 'Forbidden', 403));
    }
    this.doors += 1;
    const requestId = `serve-${this.doors}`;
    const answer = await rehearsal.ask(host, {
      userArn: sessionOf(principal),
      requestId,
      body: request.body.toString(),
    });
    return { status: answer.statusCode, headers: { 'content-type': 'application/json' }, body: String(answer.body) };
  }
}

/** The one route that AWS does not have: `GET` says what time it is, `POST` with a duration as its body moves it on. */
async function advance({ method, body }: WireRequest, rehearsal: RehearsalInProgress): Promise<Answer> {
  if (method !== 'GET' && method !== 'POST') {
    return own(405, { code: 'MethodNotAllowed', message: `/advance takes GET and POST, got ${method}` });
  }
  const text = body.toString().trim();
  const by = method === 'GET' ? 0 : milliseconds(text);
  if (by === undefined || by > MAXIMUM_ADVANCE_MS) {
    const message = `duration must be seconds, ISO 8601 such as PT10M, or 90s, 10m, 2h, 3d, of at most 100 days, got '${text.slice(0, 40)}'`;
    return own(400, { code: 'BadDuration', message });
  }
  if (by > 0) await rehearsal.advance(by);
  const messages = method === 'GET' ? [] : rehearsal.messages();
  return own(200, { now: new Date(rehearsal.now).toISOString(), messages });
}

const own = (status: number, body: object): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: `${JSON.stringify({ schemaVersion: 1, ...body })}\n`,
});

async function readRequest(incoming: IncomingMessage): Promise<WireRequest | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes > MAXIMUM_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  const { method = 'GET', url: path = '/', headers } = incoming;
  const named = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  return { method, host, path, headers: Object.fromEntries(named), body: Buffer.concat(chunks) };
}

function unavailable(port: number, error: NodeJS.ErrnoException): Error {
  const choose = 'name another with --port, or 0 for any';
  if (error.code === 'EADDRINUSE') {
    return new Error(`port must be free, and something listens on ${port}: ${choose} [PortTaken]`, { cause: error });
  }
  return new Error(`port must be one that can be listened on, got ${port} (${error.code}): ${choose} [PortRefused]`, {
    cause: error,
  });
}
