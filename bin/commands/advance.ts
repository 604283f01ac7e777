import { request } from 'node:http';
import { SERVER } from '../../rehearsal/serve';
import { attempt, inWords } from '../operate/aws-words';
import { configuredEndpoint } from '../operate/configured-endpoint';
import { minute } from '../operate/show-rollout';

/** What the route answers. */
interface Advanced {
  readonly now: string;
  readonly messages: readonly { readonly at: string; readonly subject: string; readonly message: string }[];
}

const WHAT = 'time could not be moved on';

/** `rollouts advance`: moves the time of a rehearsal that is served on, and prints the messages that people got meanwhile. */
export async function advance(
  duration: string,
  { json }: { readonly json?: boolean },
  write: (text: string) => void,
): Promise<number> {
  const url = await attempt(WHAT, () => configuredEndpoint('Lambda'));
  const nowhere = (got: unknown) =>
    new Error(`${WHAT}: AWS_ENDPOINT_URL must be what 'rollouts serve' has printed, got ${got} [NoRehearsal]`);
  if (url?.protocol !== 'http:') throw nowhere(url ?? 'nothing');
  const { status, server, body } = await post(url, duration);
  if (server !== SERVER) throw nowhere(url);
  if (status !== 200) {
    const { code, message } = JSON.parse(body) as { readonly code: string; readonly message: string };
    throw new Error(`${message} [${code}]`);
  }
  write(json === true ? body : inText(JSON.parse(body)));
  return 0;
}

function inText({ now, messages }: Advanced): string {
  const told = messages.map(
    ({ at, subject, message }) => `${minute(at)}  ${subject}\n${message.trim().replace(/^(?=.)/gm, '  ')}\n\n`,
  );
  return `${told.join('')}it is ${minute(now)}, and time stands still\n`;
}

/** However long it takes: days of a rehearsal are seconds, but nobody promises how many. */
function post(url: URL, duration: string): Promise<{ status: number; server: string; body: string }> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(inWords(error, WHAT));
    const sent = request(new URL('/advance', url), { method: 'POST' }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('error', failed);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, server: String(response.headers['server']), body }),
      );
    });
    sent.on('error', failed);
    sent.end(duration);
  });
}
