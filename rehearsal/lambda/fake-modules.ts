import * as crypto from 'node:crypto';
import { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import type { RandomStream } from '../time/random';

function missingFile(path: unknown): Error {
  return Object.assign(new Error(`ENOENT: no such file or directory, open '${String(path)}'`), { code: 'ENOENT' });
}

/** A disk with nothing on it: the SDK looks for `~/.aws` and must not find the user's. */
export const emptyDisk = () => {
  const promises = {
    readFile: async (path: unknown) => {
      throw missingFile(path);
    },
  };
  const readFileSync = (path: unknown) => {
    throw missingFile(path);
  };
  return { promises, readFileSync, existsSync: () => false, ...promises };
};

/** Random bytes of the world; everything else of `crypto` is the real one. */
export function seededCrypto(random: RandomStream) {
  const fill = <T extends ArrayBufferView>(view: T): T => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256);
    return view;
  };
  const randomBytes = (size: number) => fill(Buffer.alloc(size));
  const randomUUID = () => {
    const bytes = randomBytes(16);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  };
  const randomInt = (low: number, high?: number) =>
    high === undefined ? Math.floor(random() * low) : low + Math.floor(random() * (high - low));
  const web = { subtle: crypto.webcrypto.subtle, getRandomValues: fill, randomUUID };
  return { ...crypto, randomBytes, randomUUID, randomInt, randomFillSync: fill, getRandomValues: fill, webcrypto: web };
}

type Whole = (input: Buffer) => Buffer;

/** `zlib` on one thread: a thread pool would let virtual time run while it works. */
export function synchronousZlib() {
  const stream = (whole: Whole) => () => {
    const chunks: Buffer[] = [];
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
      flush(done) {
        try {
          this.push(whole(Buffer.concat(chunks)));
          done();
        } catch (error) {
          done(error as Error);
        }
      },
    });
  };
  const callback =
    (whole: Whole) =>
    (input: Buffer, ...rest: unknown[]) => {
      const done = rest.at(-1) as (error: unknown, output?: Buffer) => void;
      queueMicrotask(() => {
        try {
          done(null, whole(input));
        } catch (error) {
          done(error);
        }
      });
    };
  return {
    ...zlib,
    createGunzip: stream(zlib.gunzipSync),
    createGzip: stream(zlib.gzipSync),
    createUnzip: stream(zlib.unzipSync),
    createInflate: stream(zlib.inflateSync),
    createDeflate: stream(zlib.deflateSync),
    gunzip: callback(zlib.gunzipSync),
    gzip: callback(zlib.gzipSync),
    unzip: callback(zlib.unzipSync),
    inflate: callback(zlib.inflateSync),
    deflate: callback(zlib.deflateSync),
  };
}
