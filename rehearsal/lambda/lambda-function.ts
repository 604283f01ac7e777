import type { WorldLog } from '../log';
import type { Json } from '../services/service';
import type { Clock } from '../time/clock';
import type { RandomStream } from '../time/random';
import { type Handler, loadHandler } from './sandbox';
import type { Wire } from './wire';

/** `AWS::Lambda::Function`, resolved. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** The folder of its code on this disk. */
  readonly directory: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface FunctionPorts {
  readonly clock: Clock;
  readonly log: WorldLog;
  readonly random: RandomStream;
  readonly wire: Wire;
}

/** What an invocation gave back: the handler's value, or its error as Lambda reports it. */
export type Invocation =
  | { readonly ok: true; readonly payload: Json }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

/** A function with one warm instance: the first call starts it cold, a time-out throws it away. */
export class LambdaFunction {
  private instance: Handler | undefined;
  private requests = 0;

  constructor(
    public readonly definition: FunctionDefinition,
    private readonly ports: FunctionPorts,
  ) {}

  /** Calls the function and waits for its answer, its error or its time-out. */
  // source: lambda-invoke
  public async invoke(event: Json): Promise<Invocation> {
    const { log } = this.ports;
    const { name } = this.definition;
    const result = await this.run(event);
    const how = result.ok ? `${name} returned` : `${name} failed: ${result.errorType}: ${result.errorMessage}`;
    log.record('lambda', result.ok ? 'FunctionReturned' : 'FunctionFailed', how, { function: name });
    if (!result.ok && result.errorType === TIMED_OUT) this.instance = undefined;
    return result;
  }

  // source: lambda-latency
  private async run(event: Json): Promise<Invocation> {
    const { clock, random } = this.ports;
    const { timeoutSeconds } = this.definition;
    if (this.instance === undefined) await clock.sleep(Math.round(300 + 500 * random()));
    const deadline = clock.now() + 1000 * timeoutSeconds;
    return new Promise<Invocation>((resolve) => {
      const errorMessage = `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      const timer = clock.at(deadline, () => resolve({ ok: false, errorType: TIMED_OUT, errorMessage }));
      const settle = (result: Invocation) => {
        clock.cancel(timer);
        resolve(result);
      };
      this.call(event, deadline).then(
        (payload) => settle({ ok: true, payload }),
        (error: unknown) => settle(failure(error)),
      );
    });
  }

  private async call(event: Json, deadline: number): Promise<Json> {
    const { clock, log, random, wire } = this.ports;
    const { name, arn, directory, handler, environment, memoryMegabytes } = this.definition;
    this.instance ??= loadHandler({
      directory,
      handler,
      environment: { ...RUNTIME, ...environment, AWS_LAMBDA_FUNCTION_NAME: name },
      clock,
      random,
      wire,
      print: (line) => log.record('lambda', 'Printed', line.trimEnd(), { function: name }),
    });
    const context = {
      awsRequestId: `00000000-0000-4000-8000-${String(++this.requests).padStart(12, '0')}`,
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: arn,
      memoryLimitInMB: String(memoryMegabytes),
      getRemainingTimeInMillis: () => deadline - clock.now(),
    };
    // The event crosses a process boundary: the handler gets its own copy.
    return this.instance(JSON.parse(JSON.stringify(event)), context);
  }
}

const TIMED_OUT = 'Sandbox.Timedout';

/** What the runtime puts into the environment of every function. */
// source: lambda-environment
const RUNTIME = {
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'rehearsal',
  AWS_SECRET_ACCESS_KEY: 'rehearsal',
  AWS_SESSION_TOKEN: 'rehearsal',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
};

function failure(error: unknown): Invocation {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return { ok: false, errorType: name, errorMessage: message };
}
