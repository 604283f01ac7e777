/** One request as the SDK sent it. */
export interface Sent {
  readonly target: string;
  readonly path: string;
  readonly query: Record<string, unknown>;
  readonly body: Record<string, unknown>;
}

/** What a client gets back: a JSON body, or text as it is. */
export type Reply = { readonly status?: number; readonly json?: unknown; readonly text?: string | Uint8Array };

/** Options of an SDK client whose requests go nowhere: `answer` plays the service. */
export function fakeTransport(answer: (request: Sent, n: number) => Reply) {
  const sent: Sent[] = [];
  const handle = async (request: {
    headers: Record<string, string>;
    path: string;
    query?: Record<string, unknown>;
    body?: string | Uint8Array;
  }) => {
    const text = request.body === undefined ? '' : Buffer.from(request.body as string).toString();
    const note = {
      target: (request.headers['x-amz-target'] ?? '').replace(/.*\./, ''),
      path: request.path,
      query: request.query ?? {},
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
    sent.push(note);
    const { status = 200, json, text: raw } = answer(note, sent.length);
    const body = raw ?? JSON.stringify(json ?? {});
    const { Readable } = await import('node:stream');
    return { response: { statusCode: status, headers: {}, body: Readable.from([Buffer.from(body)]) } };
  };
  const requestHandler = {
    handle,
    metadata: { handlerProtocol: 'http/1.1' },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  const options = {
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: requestHandler as never,
    maxAttempts: 1,
  };
  return { options, sent };
}
