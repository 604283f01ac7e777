import TinyQueue from 'tinyqueue';

/** A scheduled call. `dead` once cancelled: it is skipped, not searched for. */
export interface Timer {
  readonly at: number;
  readonly sequence: number;
  readonly fire: () => void;
  dead: boolean;
}

/** Every rehearsal begins here, whatever the day: 2026-01-01T00:00:00Z. */
export const EPOCH = Date.UTC(2026, 0, 1);

/**
 * Virtual time. Timers fire in the order of their time, then of their making; time moves only when nothing real is
 * in flight, and never because the machine was slow.
 */
export class Clock {
  private readonly timers: TinyQueue<Timer>;
  private sequence = 0;
  private written = { at: Number.NaN, text: '' };
  private inFlight = 0;
  private failure: { readonly error: unknown } | undefined;

  constructor(private time: number = EPOCH) {
    this.timers = new TinyQueue<Timer>([], (a, b) => a.at - b.at || a.sequence - b.sequence);
  }

  /** Milliseconds since 1970, as `Date.now()` has it. */
  public now(): number {
    return this.time;
  }

  /** The same as text, ISO 8601. Much happens at one moment: it is written once. */
  public iso(): string {
    if (this.written.at !== this.time) this.written = { at: this.time, text: new Date(this.time).toISOString() };
    return this.written.text;
  }

  /** Calls `fire` after `milliseconds` of virtual time. */
  public after(milliseconds: number, fire: () => void): Timer {
    return this.at(this.time + Math.max(0, milliseconds), fire);
  }

  /** Calls `fire` at a point of virtual time; a point in the past is now. */
  public at(time: number, fire: () => void): Timer {
    const timer: Timer = { at: Math.max(time, this.time), sequence: this.sequence++, fire, dead: false };
    this.timers.push(timer);
    return timer;
  }

  public cancel(timer: Timer): void {
    timer.dead = true;
  }

  public sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  /** Holds time still while something real (a handler's promise chain outside the sandbox) runs. */
  public async hold<T>(work: Promise<T>): Promise<T> {
    this.inFlight++;
    try {
      return await work;
    } finally {
      this.inFlight--;
    }
  }

  /** Ends the run with an error of something that nobody awaits: a defect of the world, never a reply of AWS. */
  public fail(error: unknown): void {
    this.failure ??= { error };
  }

  /** Fires every timer up to `time`, synchronously; only for worlds in which no promise is awaited. */
  public advanceTo(time: number): void {
    for (let next = this.peek(); next !== undefined && next.at <= time; next = this.peek()) this.fireNext();
    this.time = Math.max(this.time, time);
  }

  /** Moves time on until `work` settles. Fails when nothing is left that could settle it. */
  public async run<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    work.then(done, done);
    for (;;) {
      do await new Promise<void>((resolve) => setImmediate(resolve));
      while (this.inFlight > 0 && !settled && this.failure === undefined);
      if (this.failure !== undefined) throw this.failure.error;
      if (settled) return work;
      if (this.peek() === undefined) {
        throw new Error(`nothing is scheduled after ${new Date(this.time).toISOString()}, and the work is not done`);
      }
      this.fireNext();
    }
  }

  private fireNext(): void {
    const timer = this.timers.pop();
    if (timer === undefined) return;
    this.time = Math.max(this.time, timer.at);
    timer.fire();
  }

  private peek(): Timer | undefined {
    let next = this.timers.peek();
    while (next?.dead) {
      this.timers.pop();
      next = this.timers.peek();
    }
    return next;
  }
}
