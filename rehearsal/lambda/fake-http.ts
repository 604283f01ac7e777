import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { Clock } from '../time/clock';
import type { Wire, WireReply } from './wire';

interface RequestOptions {
  readonly method?: string;
  readonly protocol?: string;
  readonly host?: string;
  readonly hostname?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Milliseconds without an answer until `timeout` is emitted. */
  readonly timeout?: number;
}

type OnResponse = (response: Readable) => void;

/** A connection that is always there. */
class Socket extends EventEmitter {
  public readonly connecting = false;
  public setKeepAlive(): void {}
  public setNoDelay(): void {}
  public setTimeout(): void {}
}

/** `ClientRequest` as far as the AWS SDK and plain `https.request` need it; its socket is the wire. */
class WiredRequest extends Writable {
  public reusedSocket = false;
  public readonly socket = new Socket();
  private readonly chunks: Buffer[] = [];
  private answered = false;

  constructor(
    private readonly options: RequestOptions,
    private readonly wire: Wire,
    private readonly clock: Clock,
    onResponse: OnResponse | undefined,
  ) {
    // A request lives on after its last byte is written: it waits for the answer.
    super({ autoDestroy: false });
    if (onResponse !== undefined) this.once('response', onResponse);
    this.setTimeout(options.timeout ?? 0);
    queueMicrotask(() => this.emit('socket', this.socket));
  }

  public override _write(chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk));
    done();
  }

  public override _final(done: () => void): void {
    done();
    void this.send();
  }

  /** A time-out without an answer, in virtual time. */
  public setTimeout(milliseconds: number, onTimeout?: () => void): this {
    if (onTimeout !== undefined) this.once('timeout', onTimeout);
    if (milliseconds > 0) {
      this.clock.after(milliseconds, () => {
        if (!this.answered && !this.destroyed) this.emit('timeout');
      });
    }
    return this;
  }

  public setNoDelay(): void {}
  public setSocketKeepAlive(): void {}
  public abort(): void {
    this.destroy();
  }

  private async send(): Promise<void> {
    const { method, host, hostname, path, headers } = this.options;
    const named = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
    try {
      const reply = await this.wire({
        method: method ?? 'GET',
        host: (hostname ?? host ?? 'localhost').replace(/:\d+$/, ''),
        path: path ?? '/',
        headers: Object.fromEntries(named),
        body: Buffer.concat(this.chunks),
      });
      if (Number.isFinite(reply.delayMs)) this.clock.after(reply.delayMs, () => this.deliver(reply));
    } catch (error) {
      // What fails here is the world, not a service: nobody in the sandbox may swallow it.
      this.clock.fail(error);
    }
  }

  private deliver(reply: WireReply): void {
    if (this.destroyed) return;
    this.answered = true;
    const body = Buffer.from(reply.body);
    const response = Readable.from(body.length > 0 ? [body] : []);
    response.once('close', () => this.destroy());
    this.emit(
      'response',
      Object.assign(response, { statusCode: reply.status, statusMessage: '', headers: reply.headers }),
    );
  }
}

class Agent {
  public readonly sockets = {};
  public readonly requests = {};
  constructor(public readonly options: object = {}) {}
  public destroy(): void {}
}

/** The modules `http` and `https` of a sandbox. */
export function fakeHttp(wire: Wire, clock: Clock) {
  const request = (target: string | URL | RequestOptions, second?: RequestOptions | OnResponse, third?: OnResponse) => {
    const further = typeof second === 'function' ? {} : (second ?? {});
    const onResponse = typeof second === 'function' ? second : third;
    const options = typeof target === 'string' || target instanceof URL ? ofUrl(new URL(target)) : target;
    return new WiredRequest({ ...options, ...further }, wire, clock, onResponse);
  };
  const get = (...args: Parameters<typeof request>) => {
    const sent = request(...args);
    sent.end();
    return sent;
  };
  return { request, get, Agent, globalAgent: new Agent(), METHODS: [], STATUS_CODES: {} };
}

const ofUrl = ({ hostname, pathname, search }: URL): RequestOptions => ({ hostname, path: pathname + search });
