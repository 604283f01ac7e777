import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const NEWLINE = 0x0a;
/** A request and its answer are at most 6 MB each, and base64 adds a third: a longer line is no record. */
const MAXIMUM_LINE_BYTES = 24 * 1024 * 1024;

/**
 * Calls back for every line of a stream, decompressed when it begins as gzip does (whatever its name says). Memory
 * holds one line. A line beyond the limit is handed over as null. Returns the number of bytes read after decompression.
 */
export async function eachLine(
  body: AsyncIterable<Uint8Array>,
  onLine: (line: string | null) => void,
): Promise<number> {
  let bytes = 0;
  let rest: Buffer = Buffer.alloc(0);
  let oversize = false;
  for await (const raw of await plain(body)) {
    const chunk = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
    bytes += chunk.length;
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    // The kept rest holds no newline, so the search goes on where the new bytes begin.
    for (let end = data.indexOf(NEWLINE, rest.length); end >= 0; end = data.indexOf(NEWLINE, start)) {
      onLine(oversize ? null : data.toString('utf8', start, end));
      oversize = false;
      start = end + 1;
    }
    rest = data.subarray(start);
    if (rest.length > MAXIMUM_LINE_BYTES) oversize = true;
    if (oversize) rest = Buffer.alloc(0);
  }
  if (oversize) onLine(null);
  else if (rest.length > 0) onLine(rest.toString('utf8'));
  return bytes;
}

async function plain(body: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const source = body[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let length = 0;
  while (length < 2) {
    const { done, value } = await source.next();
    if (done === true) break;
    head.push(value);
    length += value.length;
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield* head;
    for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
  }
  const [first, second] = Buffer.concat(head);
  if (first !== 0x1f || second !== 0x8b) return whole();
  const gunzip = createGunzip();
  // An error below must reach the reader above, or the loop would wait for ever.
  Readable.from(whole(), { objectMode: false })
    .on('error', (error) => gunzip.destroy(error))
    .pipe(gunzip);
  return gunzip;
}
