import { format } from 'node:util';
import type { Clock, Timer } from '../time/clock';
import type { RandomStream } from '../time/random';

/** The `Date` of a sandbox: real but for what time it is. */
export function virtualDate(now: () => number): DateConstructor {
  function VirtualDate(this: unknown, ...args: unknown[]) {
    if (new.target === undefined) return new Date(now()).toString();
    return Reflect.construct(Date, args.length === 0 ? [now()] : args, new.target);
  }
  VirtualDate.prototype = Date.prototype;
  return Object.assign(VirtualDate, { now, parse: Date.parse, UTC: Date.UTC }) as unknown as DateConstructor;
}

/** Timers of virtual time, as Node's look from inside. */
function virtualTimers(clock: Clock) {
  const handle = (timer: Timer) => {
    const self = {
      timer,
      ref: () => self,
      unref: () => self,
      hasRef: () => true,
      [Symbol.toPrimitive]: () => timer.sequence,
    };
    return self;
  };
  type Handle = ReturnType<typeof handle>;
  const setTimeout = (call: (...args: unknown[]) => void, milliseconds?: number, ...args: unknown[]) =>
    handle(clock.after(milliseconds ?? 0, () => call(...args)));
  const clear = (timeout: Handle | undefined) => {
    if (timeout?.timer !== undefined) clock.cancel(timeout.timer);
  };
  const setInterval = (call: (...args: unknown[]) => void, milliseconds: number, ...args: unknown[]) => {
    const tick = () => {
      self.timer = clock.after(milliseconds, tick);
      call(...args);
    };
    const self = handle(clock.after(milliseconds, tick)) as { timer: Timer };
    return self;
  };
  const setImmediate = (call: (...args: unknown[]) => void, ...args: unknown[]) => setTimeout(call, 0, ...args);
  return {
    setTimeout,
    clearTimeout: clear,
    setInterval,
    clearInterval: clear,
    setImmediate,
    clearImmediate: clear,
  };
}

export interface GlobalsOptions {
  readonly clock: Clock;
  readonly random: RandomStream;
  readonly environment: Readonly<Record<string, string>>;
  readonly print: (line: string) => void;
  readonly crypto: object;
}

/** The names a bundle sees in place of Node's: time, randomness, environment and output are the world's. */
export function sandboxGlobals({ clock, random, environment, print, crypto }: GlobalsOptions) {
  const write = (...args: unknown[]) => print(format(...args));
  const console = { log: write, info: write, warn: write, error: write, debug: write, trace: write };
  const stdout = { write: (text: string) => print(String(text)) };
  const began = clock.now();
  const process_ = Object.create(process, {
    env: { value: { ...environment }, writable: true },
    stdout: { value: stdout },
    stderr: { value: stdout },
    emitWarning: { value: () => undefined },
    on: { value: () => process_ },
    uptime: { value: () => (clock.now() - began) / 1000 },
    hrtime: { value: Object.assign(() => hrtime(clock), { bigint: () => BigInt(clock.now()) * 1_000_000n }) },
  });
  const names = {
    Date: virtualDate(() => clock.now()),
    Math: Object.create(Math, { random: { value: random } }),
    process: process_,
    console,
    crypto,
    performance: { now: () => clock.now() - began, timeOrigin: began },
    fetch: undefined,
    ...virtualTimers(clock),
  };
  const own = Object.entries(names).map(([name, value]) => [name, { value, writable: true, configurable: true }]);
  return { ...names, globalThis: Object.create(globalThis, Object.fromEntries(own)) };
}

const hrtime = (clock: Clock): [number, number] => [Math.floor(clock.now() / 1000), (clock.now() % 1000) * 1_000_000];
