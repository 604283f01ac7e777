import type { Json } from '../services/service';
import { filtered, outputOf } from './data-flow';
import type { Graph } from './definition';
import { asStatesError, type StatesError } from './errors';
import type { Scope } from './payload';
import type { Thread, ThreadResult } from './thread';
import type { Visit } from './visit';

/**
 * One try at the work of a state. It ends once: by `succeed`, by `fail`, or when it is closed from outside; whatever
 * calls back later finds it closed and is ignored.
 */
export class Attempt {
  private open = true;
  private readonly cleanups: (() => void)[] = [];

  constructor(public readonly visit: Visit) {}

  /** The raw input and the context, for paths. */
  public get scope(): Scope {
    return this.visit.scope;
  }

  /** The input after InputPath, for the paths of Parameters and the like. */
  public effective(path: string | null | undefined): Scope {
    const { scope } = this.visit;
    return { ...scope, input: filtered(path, scope) };
  }

  public log(type: string, details: Readonly<Record<string, Json>> = {}): boolean {
    return this.open && this.visit.thread.log(type, details) && this.open;
  }

  public mention(type: string, details: Readonly<Record<string, Json>> = {}): boolean {
    return this.open && this.visit.thread.mention(type, details) && this.open;
  }

  /** Ends the attempt with a result, which ResultSelector, ResultPath and OutputPath then shape. */
  public succeed(result: Json, next: string | undefined): void {
    this.finish(() => this.visit.leave(outputOf(this.visit.state as object, this.visit.scope, result), next));
  }

  /** Leaves with an output that is already shaped. */
  public leave(output: Json, next: string | undefined): void {
    this.finish(() => this.visit.leave(output, next));
  }

  /** Ends the attempt with an error. `closing` is written when no retry follows. */
  public fail(error: StatesError, closing?: string): void {
    if (!this.open) return;
    this.close();
    this.visit.failed(error, closing);
  }

  private finish(leave: () => void): void {
    if (!this.open) return;
    this.close();
    try {
      leave();
    } catch (thrown) {
      this.visit.failed(asStatesError(thrown));
    }
  }

  /** Runs `work` if the attempt is still open; what it throws as an error of the execution fails the attempt. */
  public guard(work: () => void): void {
    if (!this.open) return;
    try {
      work();
    } catch (thrown) {
      this.fail(asStatesError(thrown));
    }
  }

  public after(milliseconds: number, then: () => void): () => void {
    const { clock, post } = this.visit.thread.execution;
    const timer = clock.after(milliseconds, () => post(() => this.guard(then)));
    const cancel = () => clock.cancel(timer);
    this.whenClosed(cancel);
    return cancel;
  }

  public whenClosed(cleanup: () => void): void {
    this.cleanups.push(cleanup);
  }

  /** Makes a line of states inside this one; it is dropped when the attempt ends first. */
  public fork(graph: Graph, extra: Json, whenDone: (result: ThreadResult, thread: Thread) => void): Thread {
    const { State: _, ...context } = this.visit.context;
    const inner: Thread = this.visit.thread.spawn(
      graph,
      { ...context, ...extra },
      (result) => this.open && whenDone(result, inner),
    );
    this.whenClosed(() => inner.drop());
    return inner;
  }

  public close(): void {
    this.open = false;
    for (const cleanup of this.cleanups.splice(0)) cleanup();
  }
}
