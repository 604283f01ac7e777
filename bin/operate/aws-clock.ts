import { SERVER } from '../../rehearsal/serve';

/** The headers of an answer, as far as they say who answers, and when. */
interface Answer {
  readonly headers?: { readonly [name: string]: string | undefined };
}

/** Any client of the SDK. */
interface Followed {
  readonly middlewareStack: {
    add(middleware: never, options: { step: 'deserialize'; priority: 'low'; name: string }): void;
  };
}

/**
 * The clock by which a record was written, which is not this machine's: every answer of AWS says what time it is there.
 * In a rehearsal that is served it is any time at all.
 */
export class AwsClock {
  private at: number | undefined;
  private server: string | undefined;

  /** @param otherwise the time where nobody has said one, milliseconds since the epoch */
  constructor(private readonly otherwise: () => number) {}

  /** Looks at every answer that a client gets. */
  public follow(client: Followed): void {
    const middleware = (next: (args: unknown) => Promise<{ readonly response: unknown }>) => async (args: unknown) => {
      const result = await next(args);
      this.note(result.response as Answer);
      return result;
    };
    client.middlewareStack.add(middleware as never, { step: 'deserialize', priority: 'low', name: 'awsClock' });
  }

  /** Milliseconds since the epoch, as of the last answer; answers say whole seconds. */
  public now(): number {
    return this.at ?? this.otherwise();
  }

  /** Whether `rollouts serve` answers, and no account. */
  public get rehearsed(): boolean {
    return this.server === SERVER;
  }

  private note({ headers = {} }: Answer): void {
    const at = Date.parse(headers['date'] ?? '');
    if (!Number.isNaN(at)) this.at = at;
    this.server = headers['server'];
  }
}
