import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import vm from 'node:vm';
import type { Json } from '../services/service';
import type { Clock } from '../time/clock';
import type { RandomStream } from '../time/random';
import { fakeHttp } from './fake-http';
import { emptyDisk, seededCrypto, synchronousZlib } from './fake-modules';
import { sandboxGlobals } from './sandbox-globals';
import type { Wire } from './wire';

export interface SandboxOptions {
  /** The folder of the function's code. */
  readonly directory: string;
  /** As Lambda has it: `index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Everything random inside: identifiers, retry jitter. */
  readonly random: RandomStream;
  readonly wire: Wire;
  /** Lines that the handler prints. */
  readonly print: (line: string) => void;
}

/** A handler as the Lambda runtime calls it. */
export type Handler = (event: Json, context: object) => Promise<Json>;

/** Node's modules that neither tell the time nor reach out of the process. */
const HARMLESS = new Set(
  'assert async_hooks buffer events os path querystring stream stream/promises stream/web string_decoder url util util/types'.split(
    ' ',
  ),
);
/** Modules that bundles name and never use here. */
const EMPTY = new Set(['child_process', 'http2', 'net', 'tls', 'dns', 'worker_threads']);

/** Compiled bundles by file, and by what is in them: every assembly has its own copy of the same functions. */
const [byFile, byText] = [new Map<string, vm.Script>(), new Map<string, vm.Script>()];

/** Compiles a bundle once a process; each sandbox then runs it afresh. */
function scriptOf(file: string, names: readonly string[]): vm.Script {
  const { mtimeMs, size } = statSync(file);
  const key = `${file}:${mtimeMs}:${size}`;
  const known = byFile.get(key);
  if (known !== undefined) return known;
  const source = readFileSync(file, 'utf8').replace(/^#!.*/, '');
  const text = `(function (exports, require, module, __filename, __dirname, ${names.join(', ')}) {${source}\n})`;
  const script = byText.get(text) ?? new vm.Script(text, { filename: file });
  byText.set(text, script);
  byFile.set(key, script);
  return script;
}

/**
 * Loads a function's bundle as a fresh Lambda instance would. It sees the world's clock, timers, randomness and
 * HTTP, no file and no other module. The code is trusted: this is no security boundary.
 */
export function loadHandler(options: SandboxOptions): Handler {
  const [file, name] = [join(options.directory, options.handler.replace(/\.[^.]*$/, '.js')), options.handler];
  const crypto = seededCrypto(options.random);
  const globals = sandboxGlobals({ ...options, crypto: crypto.webcrypto });
  const http = fakeHttp(options.wire, options.clock);
  const real = createRequire(file);
  const shims: Readonly<Record<string, () => unknown>> = {
    http: () => http,
    https: () => http,
    crypto: () => crypto,
    fs: emptyDisk,
    'fs/promises': emptyDisk,
    zlib: synchronousZlib,
    process: () => globals.process,
    console: () => ({ ...globals.console, Console: consoleClass(globals.console) }),
    timers: () => globals,
    'timers/promises': () => ({ setTimeout: (milliseconds: number) => options.clock.sleep(milliseconds) }),
    perf_hooks: () => ({ performance: globals.performance }),
  };
  const loaded = new Map<string, unknown>();
  const require = (id: string) => {
    const module = id.replace(/^node:/, '');
    if (shims[module] !== undefined && !loaded.has(module)) loaded.set(module, shims[module]());
    if (loaded.has(module)) return loaded.get(module);
    if (HARMLESS.has(module)) return real(id);
    if (EMPTY.has(module)) return { constants: {} };
    throw Object.assign(new Error(`module '${id}' is not available in a rehearsal`), { code: 'MODULE_NOT_FOUND' });
  };
  const names = Object.keys(globals);
  const module = { exports: {} as Record<string, Handler> };
  const run = scriptOf(file, names).runInThisContext() as (...args: unknown[]) => void;
  run(module.exports, require, module, file, options.directory, ...Object.values(globals));
  const handler = module.exports[name.slice(name.lastIndexOf('.') + 1)];
  if (typeof handler !== 'function') throw new Error(`${file} exports no function for the handler '${name}'`);
  return handler;
}

const consoleClass = (console: object) =>
  class {
    constructor() {
      Object.assign(this, console);
    }
  };
