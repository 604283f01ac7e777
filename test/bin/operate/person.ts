import { Readable } from 'node:stream';
import type { Surroundings } from '../../../bin/operate/surroundings';
import type { EngineWorld } from '../../../rehearsal/engine/engine-world';
import type { PolicyDocument } from '../../../rehearsal/iam';

/** What an SDK hands to its transport. */
interface Sent {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export const ON_CALL = 'arn:aws:sts::123456789012:assumed-role/OnCall/ann';

/** What `grantOperate` gives. */
const OPERATE: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:Query', 'ssm:GetParameter', 'sagemaker:DescribeEndpoint'],
      Resource: '*',
    },
  ],
} as PolicyDocument;

export interface PersonOptions {
  readonly userArn?: string;
  /** @default - what `grantOperate` gives */
  readonly policies?: readonly PolicyDocument[];
  /** Answers of AWS by operation, instead of the world's. */
  readonly refused?: { readonly [operation: string]: { readonly status: number; readonly type: string } };
  readonly live?: boolean;
}

/** A person at a terminal, in a world: what they type goes over the SDK's own wire, and their time is the world's. */
export function person(engine: EngineWorld, options: PersonOptions = {}) {
  const { userArn = ON_CALL, policies = [OPERATE], refused = {}, live = false } = options;
  let text = '';
  let asked = 0;
  const wire = engine.world.wire.as({
    roleArn: 'arn:aws:iam::123456789012:role/OnCall',
    session: 'ann',
    policies: () => policies,
  });
  const handle = async ({ method, hostname, path, headers, body }: Sent) => {
    const operation = (headers['x-amz-target'] ?? '').split('.')[1] ?? 'url';
    const bytes = Buffer.from((body ?? '') as Uint8Array);
    const no = refused[operation];
    const reply =
      no !== undefined
        ? { status: no.status, headers: { 'x-amzn-errortype': no.type }, body: JSON.stringify({ message: 'no' }) }
        : operation === 'url'
          ? await door(hostname, headers, bytes.toString())
          : await wire({ method, host: hostname, path, headers, body: bytes });
    return {
      response: {
        statusCode: reply.status,
        headers: { ...reply.headers },
        body: Readable.from([Buffer.from(reply.body as string)]),
      },
    };
  };
  const door = async (host: string, headers: Readonly<Record<string, string>>, body: string) => {
    // Without a signature for Lambda, IAM would not know who asks.
    if (!/Credential=KEY\/\d{8}\/us-east-1\/lambda\/aws4_request/.test(headers['authorization'] ?? '')) {
      return { status: 403, headers: {}, body: '{"Message":"Forbidden"}' };
    }
    asked += 1;
    const answer = await engine.further.urls.ask(host, {
      userArn,
      requestId: `q-${asked}-${engine.clock.now()}`,
      body,
    });
    return { status: answer.statusCode, headers: {}, body: answer.body };
  };
  const requestHandler = {
    handle,
    metadata: { handlerProtocol: 'http/1.1' },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  const around: Surroundings = {
    clients: {
      region: 'us-east-1',
      credentials: { accessKeyId: 'KEY', secretAccessKey: 'SECRET' },
      requestHandler: requestHandler as never,
      maxAttempts: 1,
    },
    write: (more) => {
      text += more;
    },
    tell: () => {},
    live,
    colors: false,
    width: 80,
    now: () => engine.clock.now(),
    sleep: (milliseconds) => engine.clock.sleep(milliseconds),
  };
  return {
    around,
    /** What was printed since it was last asked. */
    said: () => {
      const all = text;
      text = '';
      return all;
    },
  };
}
