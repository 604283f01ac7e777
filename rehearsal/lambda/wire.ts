/** One HTTP request that leaves a sandbox. */
export interface WireRequest {
  readonly method: string;
  readonly host: string;
  /** With its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Milliseconds of virtual time until the caller has it; Infinity for a reply that never comes. */
  readonly delayMs: number;
}

/** Where a sandbox's requests end: the only way out of it. */
export type Wire = (request: WireRequest) => WireReply | Promise<WireReply>;
