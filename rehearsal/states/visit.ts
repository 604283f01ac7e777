import type { Json } from '../services/service';
import type { Timer } from '../time/clock';
import { Attempt } from './attempt';
import { requireSize } from './data-flow';
import type { Catcher, Retrier, State } from './definition';
import { asStatesError, errorOutput, StatesError } from './errors';
import { parsePath, place } from './path';
import type { Scope } from './payload';
import { matchesError, retryDelay } from './retry';
import type { Thread } from './thread';
import { runState } from './types';

/** One stay in one state: entered once, tried as often as Retry says, left once. */
export class Visit {
  /** The context object as this state sees it. */
  public readonly context: Json;
  private attempt: Attempt | undefined;
  private pause: Timer | undefined;
  private entered = 0;
  /** Attempts that each retrier has already made. */
  private readonly made = new Map<Retrier, number>();

  constructor(
    public readonly thread: Thread,
    public readonly name: string,
    public readonly state: State,
    /** The raw input. */
    public readonly input: Json,
  ) {
    const EnteredTime = thread.execution.clock.iso();
    this.context = { ...thread.context, State: { Name: name, EnteredTime, RetryCount: 0 } };
  }

  public get scope(): Scope {
    return { input: this.input, context: this.context, random: this.thread.execution.random };
  }

  public begin(): void {
    if (!this.thread.log(`${this.state.Type}StateEntered`, { name: this.name, input: this.input })) return;
    this.entered = this.thread.lastEvent;
    this.try();
  }

  private try(): void {
    this.attempt = new Attempt(this);
    runState(this.state, this.attempt);
  }

  /** Leaves the state. Without `next` the thread is done. */
  public leave(output: Json, next: string | undefined): void {
    requireSize(output, this.name);
    if (this.state.Type !== 'Fail' && !this.exit(output)) return;
    if (next === undefined) this.thread.end({ output });
    else this.thread.enter(next, output);
  }

  private exit(output: Json): boolean {
    return this.thread.log(`${this.state.Type}StateExited`, { name: this.name, output });
  }

  /** An attempt failed: the first fitting retrier that has attempts left, else the first fitting catcher, else the end. */
  // source: asl-errors
  public failed(error: StatesError, closing?: string): void {
    const retrier = this.rules<Retrier>('Retry').find((rule) => matchesError(rule.ErrorEquals, error));
    const made = retrier === undefined ? 0 : (this.made.get(retrier) ?? 0);
    if (retrier !== undefined && made < (retrier.MaxAttempts ?? 3)) {
      this.made.set(retrier, made + 1);
      const { clock, random } = this.thread.execution;
      this.pause = clock.after(retryDelay(retrier, made, random), () => {
        this.context.State.RetryCount += 1;
        this.thread.execution.post(() => this.thread.alive && this.try());
      });
      return;
    }
    if (closing !== undefined && !this.thread.log(closing)) return;
    const catcher = this.rules<Catcher>('Catch').find((rule) => matchesError(rule.ErrorEquals, error));
    try {
      if (catcher !== undefined) {
        this.leave(this.caught(catcher, error), catcher.Next);
        return;
      }
    } catch (thrown) {
      this.thread.end({ error: this.told(asStatesError(thrown)) });
      return;
    }
    this.thread.end({ error: this.told(error) });
  }

  private caught(catcher: Catcher, error: StatesError): Json {
    if (catcher.ResultPath === null) return this.input;
    return place(this.input, parsePath(catcher.ResultPath ?? '$'), errorOutput(this.told(error)));
  }

  private rules<T>(field: 'Retry' | 'Catch'): readonly T[] {
    return ((this.state as Json)[field] ?? []) as readonly T[];
  }

  /** AWS names the state and the event that entered it, when the interpreter itself could not go on. */
  // source: sfn-runtime-error-cause
  private told(error: StatesError): StatesError {
    if (!error.raisedByState) return error;
    const where = `An error occurred while executing the state '${this.name}' (entered at the event id #${this.entered}).`;
    return new StatesError(error.error, `${where} ${error.reason}`);
  }

  public abort(): void {
    this.clear();
    const { Type } = this.state;
    if (Type === 'Task' || Type === 'Wait' || Type === 'Parallel' || Type === 'Map') {
      this.thread.log(`${Type}StateAborted`);
    }
  }

  /** Forgets everything that could still call back. */
  public clear(): void {
    if (this.pause !== undefined) this.thread.execution.clock.cancel(this.pause);
    this.attempt?.close();
  }
}
