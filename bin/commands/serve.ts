import { knobSettings } from '../../rehearsal/knobs';
import { whatToRehearse } from '../../rehearsal/rehearse';
import { RehearsalInProgress, RehearsalServer } from '../../rehearsal/serve';
import { minute } from '../operate/show-rollout';
import { scenarioOf } from './rehearse';

/** What `rollouts serve` was asked. */
export interface ServeOptions {
  readonly scenario: string;
  readonly from?: string;
  readonly stack?: string;
  readonly endpoint?: string;
  readonly seed: number;
  /** 0 for any that is free. */
  readonly port: number;
  readonly json?: boolean;
}

/**
 * Deploys both versions to a simulated AWS whose time then stands still, and lets the other commands ask it, until the
 * process is told to end.
 *
 * @returns the exit code, when it has been told to end
 * @throws Error where the port cannot be had, there is nothing to serve, or the rehearsal breaks
 */
export async function serve(directory: string, options: ServeOptions): Promise<number> {
  const { port, from, stack, endpoint, seed } = options;
  const run = whatToRehearse(directory, { scenario: scenarioOf(options.scenario), from, stack, endpoint, seed });
  let begin: (rehearsal: RehearsalInProgress | PromiseLike<RehearsalInProgress>) => void = () => {};
  const begun = new Promise<RehearsalInProgress>((resolve) => {
    begin = resolve;
  });
  let broken: (error: unknown) => void = () => {};
  const ended = new Promise<number>((resolve, reject) => {
    broken = reject;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(0));
  });
  // A port that is taken is said before anything is deployed.
  const server = await RehearsalServer.listen(port, begun, broken);
  try {
    begin(RehearsalInProgress.begin({ ...run, knobs: knobSettings() }));
    const rehearsal = await Promise.race([begun, ended]);
    if (typeof rehearsal === 'number') return rehearsal;
    process.stdout.write(options.json === true ? inJson(server.url, rehearsal) : inText(server.url, rehearsal));
    return await ended;
  } finally {
    server.close();
    void begun.then((rehearsal) => rehearsal.end()).catch(() => {});
  }
}

/** What the other commands need to find it; who they are is the name of the role that they sign for. */
function environment(url: string, { where, operator }: RehearsalInProgress): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: where.region,
    AWS_ACCESS_KEY_ID: operator,
    AWS_SECRET_ACCESS_KEY: 'none',
  };
}

function inJson(url: string, rehearsal: RehearsalInProgress): string {
  const { endpoint, deployed, now } = rehearsal;
  const facts = { schemaVersion: 1, url, endpoint, now: iso(now), deployed, environment: environment(url, rehearsal) };
  return `${JSON.stringify(facts)}\n`;
}

function inText(url: string, rehearsal: RehearsalInProgress): string {
  const { endpoint, deployed, now } = rehearsal;
  const variables = Object.entries(environment(url, rehearsal)).map(([name, value]) => `  export ${name}=${value}`);
  const went = deployed.reason === undefined ? deployed.status : `${deployed.status}, ${deployed.reason}`;
  return `simulated AWS, not compared with an account
${endpoint} is at ${url}; the second deployment: ${went}
it is ${minute(iso(now))}, and time stands still

in another terminal:
${variables.join('\n')}
  npx rollouts status ${endpoint}
  npx rollouts advance 10m

ctrl-c ends it
`;
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
