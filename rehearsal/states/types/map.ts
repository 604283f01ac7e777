import type { Json } from '../../services/service';
import type { Attempt } from '../attempt';
import type { MapState } from '../definition';
import { StatesError } from '../errors';
import { fill, mustFind, type Scope } from '../payload';
import type { Thread, ThreadResult } from '../thread';

/** An inline Map runs at most so many iterations at once, whatever MaxConcurrency says. */
// source: sfn-inline-map
export const MAXIMUM_INLINE_CONCURRENCY = 40;

function itemsOf(state: MapState, scope: Scope): readonly Json[] {
  const items = state.ItemsPath === undefined ? scope.input : mustFind(state.ItemsPath, scope);
  if (Array.isArray(items)) return items;
  throw StatesError.runtime(`the items of a Map must be an array, got ${JSON.stringify(items)}`);
}

function concurrency(state: MapState, scope: Scope): number {
  const wanted =
    state.MaxConcurrencyPath === undefined ? state.MaxConcurrency : mustFind(state.MaxConcurrencyPath, scope);
  if (wanted === undefined || wanted === 0) return MAXIMUM_INLINE_CONCURRENCY;
  if (Number.isInteger(wanted) && wanted > 0) return Math.min(wanted, MAXIMUM_INLINE_CONCURRENCY);
  throw StatesError.runtime(`MaxConcurrency must be a whole number from 0, got ${JSON.stringify(wanted)}`);
}

/** Runs its body once for each item; the first iteration that fails ends the others. */
// source: asl-map
export function runMap(state: MapState, attempt: Attempt): void {
  const scope = attempt.effective(state.InputPath);
  const items = itemsOf(state, scope);
  const most = concurrency(state, scope);
  new Iterations(state, attempt, scope, items).run(most);
}

class Iterations {
  private readonly outputs: Json[];
  private readonly running = new Map<number, Thread>();
  private next = 0;
  private done = 0;

  constructor(
    private readonly state: MapState,
    private readonly attempt: Attempt,
    private readonly scope: Scope,
    private readonly items: readonly Json[],
  ) {
    this.outputs = new Array(items.length);
  }

  public run(most: number): void {
    if (!this.attempt.log('MapStateStarted', { length: this.items.length })) return;
    if (this.items.length === 0) this.succeed();
    for (let i = 0; i < Math.min(most, this.items.length); i++) this.begin();
  }

  private begin(): void {
    const index = this.next++;
    const item = this.items[index];
    const context = { ...this.scope.context, Map: { Item: { Index: index, Value: item } } };
    const template = this.state.ItemSelector ?? this.state.Parameters;
    this.attempt.guard(() => {
      const input = template === undefined ? item : fill(template, { ...this.scope, context });
      const body = (this.state.ItemProcessor ?? this.state.Iterator) as NonNullable<MapState['Iterator']>;
      const thread = this.attempt.fork(body, { Map: context.Map }, (result, ended) => this.ended(index, result, ended));
      this.running.set(index, thread);
      if (thread.log('MapIterationStarted', this.named(index))) thread.start(input);
    });
  }

  // source: sfn-history-event
  private ended(index: number, result: ThreadResult, thread: Thread): void {
    this.running.delete(index);
    const { thread: outer } = this.attempt.visit;
    outer.lastEvent = thread.lastEvent;
    if ('error' in result) {
      if (!this.attempt.mention('MapIterationFailed', this.named(index))) return;
      for (const [other, running] of this.running) {
        running.abort();
        this.attempt.mention('MapIterationAborted', this.named(other));
      }
      this.attempt.fail(result.error, 'MapStateFailed');
      return;
    }
    this.outputs[index] = result.output;
    this.done += 1;
    const all = this.done === this.items.length;
    // Another iteration goes on from the last state of this one; the end of the Map from the word of its success.
    const how = all ? 'log' : 'mention';
    const told = this.attempt[how]('MapIterationSucceeded', this.named(index));
    if (told && all) this.succeed();
    else if (told && this.next < this.items.length) this.begin();
  }

  private succeed(): void {
    if (this.attempt.mention('MapStateSucceeded')) this.attempt.succeed(this.outputs, this.state.Next);
  }

  private named(index: number): { name: string; index: number } {
    return { name: this.attempt.visit.name, index };
  }
}
