import type { Json } from '../services/service';
import type { Graph } from './definition';
import { StatesError } from './errors';
import type { Execution } from './execution';
import { Visit } from './visit';

/** How a thread ended: with an output, or with an error that none of its states caught. */
export type ThreadResult = { readonly output: Json } | { readonly error: StatesError };

/** One line of states after another: the execution itself, a branch of a Parallel, or an iteration of a Map. */
export class Thread {
  private visit: Visit | undefined;
  private live = true;

  constructor(
    public readonly execution: Execution,
    public readonly graph: Graph,
    /** The context object without State and Task, which each visit adds. */
    public readonly context: Json,
    /** The id of the last event on this line; the next one names it. */
    public lastEvent: number,
    private readonly whenDone: (result: ThreadResult) => void,
  ) {}

  public get alive(): boolean {
    return this.live;
  }

  /** Another line of states that goes on from where this one is. */
  public spawn(graph: Graph, context: Json, whenDone: (result: ThreadResult) => void): Thread {
    return new Thread(this.execution, graph, context, this.lastEvent, whenDone);
  }

  public start(input: Json): void {
    this.enter(this.graph.StartAt, input);
  }

  /** Writes an event; false when the execution or this line of it has ended, and the writer must go no further. */
  public log(type: string, details: Readonly<Record<string, Json>> = {}): boolean {
    if (!this.live) return false;
    const id = this.execution.log(type, details, this.lastEvent);
    if (id === undefined) return false;
    // The state after ExecutionStarted counts from nothing.
    this.lastEvent = type === 'ExecutionStarted' ? 0 : id;
    return this.live;
  }

  /** As log, but the next event does not follow this one: AWS leaves ends of iterations and branches beside the line. */
  // source: sfn-history-event
  public mention(type: string, details: Readonly<Record<string, Json>> = {}): boolean {
    const { lastEvent } = this;
    const live = this.log(type, details);
    this.lastEvent = lastEvent;
    return live;
  }

  public enter(name: string, input: Json): void {
    this.execution.post(() => {
      if (!this.live) return;
      const state = this.graph.States[name];
      if (state === undefined) return this.end({ error: StatesError.runtime(`there is no state '${name}'`) });
      this.visit = new Visit(this, name, state, input);
      this.visit.begin();
    });
  }

  public end(result: ThreadResult): void {
    if (!this.live) return;
    this.live = false;
    this.whenDone(result);
  }

  /** Stops where it is: timers, calls and inner threads are forgotten, and the state says so in the history. */
  public abort(): void {
    if (!this.live) return;
    this.visit?.abort();
    this.live = false;
  }

  /** As abort, but without a word in the history: the execution itself is over. */
  public drop(): void {
    this.live = false;
    this.visit?.clear();
  }
}
