import type { Json } from '../services/service';
import type { Clock, Timer } from '../time/clock';
import type { RandomStream } from '../time/random';
import type { Definition } from './definition';
import type { StatesError } from './errors';
import { type HistoryEvent, MAXIMUM_EVENTS } from './history';
import type { Integrations } from './integrations';
import { Thread, type ThreadResult } from './thread';

/** As DescribeExecution has it. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** Who an execution is, and what it was given. */
export interface ExecutionProps {
  readonly arn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  readonly definition: Definition;
  readonly input: Json;
}

/** What an execution needs of the world. */
export interface ExecutionPorts {
  readonly clock: Clock;
  /** For jitter, UUIDs and task tokens. */
  readonly random: RandomStream;
  readonly integrations: Integrations;
  /** Called after each event, when it is in the history; it may stop the execution. */
  readonly onEvent?: (execution: Execution, event: HistoryEvent) => void;
  /** Called when the execution starts and when it ends. */
  readonly onStatusChange?: (execution: Execution) => void;
}

/** One run of a state machine, event by event, in virtual time. */
export class Execution {
  public readonly history: HistoryEvent[] = [];
  public readonly startedAt: number;
  public stoppedAt: number | undefined;
  public status: ExecutionStatus = 'RUNNING';
  public output: Json | undefined;
  public error: string | undefined;
  public cause: string | undefined;
  private readonly thread: Thread;
  private timeout: Timer | undefined;
  private readonly waiting: ((execution: Execution) => void)[] = [];
  private readonly queue: (() => void)[] = [];
  private draining = false;

  constructor(
    public readonly props: ExecutionProps,
    private readonly ports: ExecutionPorts,
  ) {
    this.startedAt = ports.clock.now();
    const context = {
      Execution: {
        Id: props.arn,
        Input: props.input,
        Name: props.name,
        RoleArn: props.roleArn,
        StartTime: new Date(this.startedAt).toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: props.stateMachineArn, Name: props.stateMachineName },
    };
    this.thread = new Thread(this, props.definition, context, 0, (result) => this.finish(result));
  }

  public get clock(): Clock {
    return this.ports.clock;
  }
  public get random(): RandomStream {
    return this.ports.random;
  }
  public get integrations(): Integrations {
    return this.ports.integrations;
  }
  public get running(): boolean {
    return this.status === 'RUNNING';
  }

  public start(): void {
    const { definition, input, roleArn } = this.props;
    this.ports.onStatusChange?.(this);
    if (!this.thread.log('ExecutionStarted', { input, roleArn })) return;
    if (definition.TimeoutSeconds !== undefined) {
      this.timeout = this.clock.after(definition.TimeoutSeconds * 1000, () =>
        this.close('TIMED_OUT', 'ExecutionTimedOut', { error: 'States.Timeout' }),
      );
    }
    this.thread.start(input);
  }

  /** StopExecution: nothing of it goes on, whatever it was doing. */
  // source: sfn-stop-execution
  public stop(error?: string, cause?: string): void {
    this.close('ABORTED', 'ExecutionAborted', {
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    });
  }

  /** Calls back once the execution has ended; at once when it has. */
  public whenDone(then: (execution: Execution) => void): void {
    if (this.running) this.waiting.push(then);
    else then(this);
  }

  /** Runs work one piece after the other, so that a loop of states that take no time does not grow the stack. */
  public readonly post = (work: () => void): void => {
    this.queue.push(work);
    if (this.draining) return;
    this.draining = true;
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) next();
    } finally {
      this.draining = false;
    }
  };

  /** Writes an event and gives its id; undefined when the execution has ended, maybe by this very event. */
  // source: sfn-quotas
  public log(type: string, details: Readonly<Record<string, Json>>, previousEventId: number): number | undefined {
    if (!this.running) return undefined;
    if (this.history.length >= MAXIMUM_EVENTS - 1) {
      const cause = `The execution reached the maximum number of history events (${MAXIMUM_EVENTS}).`;
      this.close('FAILED', 'ExecutionFailed', { error: 'States.Runtime', cause });
      return undefined;
    }
    const id = this.write(type, details, previousEventId);
    return this.running ? id : undefined;
  }

  private write(type: string, details: Readonly<Record<string, Json>>, previousEventId: number): number {
    const event = { id: this.history.length + 1, previousEventId, type, at: this.clock.now(), details };
    this.history.push(event);
    this.ports.onEvent?.(this, event);
    return event.id;
  }

  private finish(result: ThreadResult): void {
    if ('output' in result) {
      this.close('SUCCEEDED', 'ExecutionSucceeded', { output: result.output });
      return;
    }
    const { error, reason } = result.error as StatesError;
    this.close('FAILED', 'ExecutionFailed', reason === undefined ? { error } : { error, cause: reason });
  }

  // source: sfn-history-event
  private close(status: ExecutionStatus, type: string, details: Readonly<Record<string, Json>>): void {
    if (!this.running) return;
    this.thread.drop();
    if (this.timeout !== undefined) this.clock.cancel(this.timeout);
    this.status = status;
    this.stoppedAt = this.clock.now();
    this.output = details.output;
    this.error = details.error;
    this.cause = details.cause;
    // What comes from outside follows no event of the execution.
    const outside = status === 'ABORTED' || status === 'TIMED_OUT';
    this.write(type, details, outside ? 0 : this.thread.lastEvent);
    this.ports.onStatusChange?.(this);
    for (const then of this.waiting.splice(0)) then(this);
  }
}
