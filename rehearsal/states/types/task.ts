import { AwsError } from '../../services/aws-error';
import type { Json } from '../../services/service';
import { fromApi, toApi } from '../api-shape';
import type { Attempt } from '../attempt';
import { requireSize } from '../data-flow';
import type { TaskState } from '../definition';
import { asStatesError, StatesError } from '../errors';
import type { Execution } from '../execution';
import { functionError, integrationError } from '../integration-errors';
import type { Integrations } from '../integrations';
import { uuid } from '../intrinsics';
import { fill, mustFind, type Scope } from '../payload';
import { iamPrefix, parseResource, type Target } from '../resource';

/** Calls a function or an API, and waits for what its pattern waits for. */
// source: asl-task
export function runTask(state: TaskState, attempt: Attempt): void {
  const target = parseResource(state.Resource);
  if (typeof target === 'string') throw StatesError.runtime(target);
  new TaskCall(state, target, attempt).start();
}

class TaskCall {
  private readonly execution: Execution;
  /** How the history words this task: its prefix, and what each event repeats. */
  private readonly prefix: 'Task' | 'LambdaFunction';
  private readonly identity: Readonly<Record<string, string>>;
  private stopHeartbeat: (() => void) | undefined;
  private heartbeatSeconds: number | undefined;

  constructor(
    private readonly state: TaskState,
    private readonly target: Target,
    private readonly attempt: Attempt,
  ) {
    this.execution = attempt.visit.thread.execution;
    this.prefix = target.kind === 'api' ? 'Task' : 'LambdaFunction';
    this.identity = target.kind === 'api' ? { resource: target.resource, resourceType: target.resourceType } : {};
  }

  public start(): void {
    const base = this.attempt.effective(this.state.InputPath);
    const { tokens } = this.execution.integrations;
    const token = this.target.kind === 'api' && this.target.pattern === 'token' ? tokens.issue() : undefined;
    const context = token === undefined ? base.context : { ...base.context, Task: { Token: token } };
    const scope: Scope = { ...base, context };
    const input = this.state.Parameters === undefined ? scope.input : fill(this.state.Parameters, scope);
    const timeout = seconds('TimeoutSeconds', this.state.TimeoutSeconds, this.state.TimeoutSecondsPath, scope);
    const heartbeat = seconds('HeartbeatSeconds', this.state.HeartbeatSeconds, this.state.HeartbeatSecondsPath, scope);
    this.heartbeatSeconds = heartbeat;
    requireSize(input, this.attempt.visit.name);
    if (!this.logScheduled(input, timeout, heartbeat) || !this.log('Started')) return;
    if (timeout !== undefined) this.attempt.after(timeout * 1000, () => this.timedOut());
    if (token !== undefined) this.hold(token);
    this.call(input);
  }

  private logScheduled(input: Json, timeout: number | undefined, heartbeat: number | undefined): boolean {
    const limits = {
      ...(timeout !== undefined && { timeoutInSeconds: timeout }),
      ...(heartbeat !== undefined && { heartbeatInSeconds: heartbeat }),
    };
    if (this.target.kind === 'function') return this.log('Scheduled', { input, resource: this.target.arn, ...limits });
    const region = this.execution.props.arn.split(':')[3];
    return this.log('Scheduled', { parameters: input, region, ...limits });
  }

  private call(input: Json): void {
    const { integrations, post, props } = this.execution;
    const isFunction = this.target.kind === 'function';
    const request =
      this.target.kind === 'function'
        ? { service: 'lambda', operation: 'Invoke', input: { FunctionName: this.target.arn, Payload: input } }
        : {
            service: iamPrefix(this.target.service),
            operation: this.target.operation,
            input: toApi(this.target.service, input),
          };
    const { service, operation } = request;
    const ask = () => integrations.call({ service, operation, input: request.input, roleArn: props.roleArn });
    let reply: Json | Promise<Json>;
    try {
      reply = ask();
    } catch (thrown) {
      this.refused(thrown);
      return;
    }
    const answered = (value: Json) => this.attempt.guard(() => this.answered(value, isFunction));
    if (!(reply instanceof Promise) && typeof reply?.then !== 'function') {
      answered(reply);
      return;
    }
    (reply as Promise<Json>).then(
      (value) => post(() => answered(value)),
      (thrown) => post(() => this.refused(thrown)),
    );
  }

  private refused(thrown: unknown): void {
    if (!(thrown instanceof AwsError)) {
      // A fault of the world, not of AWS: it must stop the rehearsal, also when a promise brought it.
      this.execution.clock.after(0, () => {
        throw thrown;
      });
      return;
    }
    const api = this.target.kind === 'function' ? { service: 'lambda', optimized: true } : this.target;
    this.fail(integrationError(api, thrown, uuid(this.execution.random)));
  }

  private answered(reply: Json, plainFunction: boolean): void {
    if (reply?.FunctionError !== undefined) {
      this.fail(functionError(reply.Payload));
      return;
    }
    if (plainFunction || this.target.kind === 'function') {
      this.succeed(reply?.Payload ?? null);
      return;
    }
    const output = fromApi(this.target, reply, uuid(this.execution.random));
    if (this.target.pattern === 'reply') {
      this.succeed(output);
      return;
    }
    if (!this.log('Submitted', { output })) return;
    if (this.target.pattern !== 'token') this.waitForExecution(output.ExecutionArn, this.target.pattern === 'sync:2');
  }

  /** A nested execution: its end is the task's end, and it is stopped when the task goes first. */
  // source: sfn-sync-nested
  private waitForExecution(executionArn: string, asData: boolean): void {
    const { integrations, props } = this.execution;
    let ended = false;
    const forget = integrations.watch(executionArn, (child) => {
      ended = true;
      this.execution.post(() =>
        this.attempt.guard(() => {
          const told = describeChild(child, asData);
          if (child.status === 'SUCCEEDED') this.succeed(told);
          else this.fail(new StatesError('States.TaskFailed', JSON.stringify(told)));
        }),
      );
    });
    this.attempt.whenClosed(() => {
      forget();
      if (!ended) stopQuietly(integrations, executionArn, props.roleArn);
    });
  }

  private hold(token: string): void {
    const { tokens } = this.execution.integrations;
    const later = (work: () => void) => this.execution.post(() => this.attempt.guard(work));
    tokens.hold(token, {
      succeed: (output) => later(() => this.succeed(output)),
      fail: (error) => later(() => this.fail(error)),
      heartbeat: () => this.beat(),
    });
    this.attempt.whenClosed(() => tokens.release(token));
    this.beat();
  }

  private beat(): void {
    this.stopHeartbeat?.();
    if (this.heartbeatSeconds === undefined) return;
    this.stopHeartbeat = this.attempt.after(this.heartbeatSeconds * 1000, () =>
      this.timedOut('States.HeartbeatTimeout'),
    );
  }

  private succeed(output: Json): void {
    try {
      requireSize(output, this.target.kind === 'api' ? this.target.resourceType : this.target.arn);
    } catch (thrown) {
      this.fail(asStatesError(thrown));
      return;
    }
    if (this.log('Succeeded', { output })) this.attempt.succeed(output, this.state.Next);
  }

  private fail(error: StatesError): void {
    if (this.log('Failed', { error: error.error, cause: error.reason })) this.attempt.fail(error);
  }

  /** A missed heartbeat is written as States.Timeout too. */
  // source: sfn-heartbeat-timeout
  private timedOut(alias?: string): void {
    const error = new StatesError('States.Timeout', undefined, false, alias);
    if (this.log('TimedOut', { error: error.error })) this.attempt.fail(error);
  }

  private log(what: string, details: Readonly<Record<string, Json>> = {}): boolean {
    return this.attempt.log(`${this.prefix}${what}`, { ...details, ...this.identity });
  }
}

/** AWS does its best: a role that may not stop the child leaves it running. */
function stopQuietly(integrations: Integrations, executionArn: string, roleArn: string): void {
  const stop = async () =>
    integrations.call({ service: 'states', operation: 'StopExecution', input: { executionArn }, roleArn });
  stop().catch((thrown) => {
    if (!(thrown instanceof AwsError)) throw thrown;
  });
}

function seconds(field: string, value: number | undefined, path: string | undefined, scope: Scope): number | undefined {
  const wanted = path === undefined ? value : mustFind(path, scope);
  if (wanted === undefined || (Number.isInteger(wanted) && wanted > 0)) return wanted;
  throw StatesError.runtime(`${field} must be a whole number above 0, got ${JSON.stringify(wanted)}`);
}

function describeChild(child: Execution, asData: boolean): Json {
  const text = (value: Json) => (asData ? value : JSON.stringify(value));
  return {
    ExecutionArn: child.props.arn,
    Input: text(child.props.input),
    Name: child.props.name,
    ...(child.output !== undefined && { Output: text(child.output) }),
    ...(child.error !== undefined && { Error: child.error }),
    ...(child.cause !== undefined && { Cause: child.cause }),
    StartDate: child.startedAt,
    StateMachineArn: child.props.stateMachineArn,
    Status: child.status,
    StopDate: child.stoppedAt,
  };
}
