/** What the commands share of SDK clients; a test puts its own transport in. */
export interface ClientOptions {
  readonly region?: string;
  readonly requestHandler?: never;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts?: number;
}

/** What is around a command: AWS, the terminal, time. */
export interface Surroundings {
  readonly clients: ClientOptions;
  readonly write: (text: string) => void;
  /** What a person should know beside the answer; no program reads it. */
  readonly tell: (text: string) => void;
  /** Whether somebody looks at a terminal, whose lines may be drawn anew. */
  readonly live: boolean;
  readonly colors: boolean;
  /** Columns. */
  readonly width: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** The surroundings of this process. The SDK finds region, credentials and `AWS_ENDPOINT_URL` by itself. */
export function processSurroundings(): Surroundings {
  // The SDK is bundled: which Node its next versions want is not for whoever is on call to read.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const live = process.stdout.isTTY === true;
  return {
    clients: {},
    write: (text) => void process.stdout.write(text),
    tell: (text) => void process.stderr.write(text),
    live,
    colors: live && process.env['NO_COLOR'] === undefined,
    width: Math.min(120, Math.max(60, process.stdout.columns ?? 80)),
    now: Date.now,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}
