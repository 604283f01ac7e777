import { type CaptureFile, captureFiles, hourBefore, hourEnd } from './capture-files';
import { CaptureFold, type FileSeen } from './capture-fold';
import { type CaptureRequest, type CapturesRead, sampledShare } from './capture-request';
import type { ObjectReader } from './ports';

/** Requests whose captures a warm function remembers: those that were asked last. */
const MOST_REQUESTS = 4;
/** Beyond so many files or waiting records every look reads everything: copies would fill the memory. */
const MOST_FILES = 50_000;
const MOST_WAITING = 200_000;

/** What is known of the captures of one request. */
interface Known {
  readonly to: number;
  readonly share: number;
  /** Files that have been read once and for all, in their order, and what came of them. */
  readonly files: readonly CaptureFile[];
  readonly fold: CaptureFold;
  /** What was seen of the files after these, by key and size. */
  readonly seen: ReadonlyMap<string, FileSeen>;
}

/**
 * Reads captures. A `sure` answer rests on a listing of everything; without it, a file that comes an hour after those
 * around it may be overlooked until a sure answer is asked for.
 */
export type CaptureReader = (request: CaptureRequest, sure: boolean) => Promise<CapturesRead>;

/**
 * Reads each file once, as long as the function is warm: a shadow is asked every few minutes for days, and only its last
 * minutes are new. Where the bucket is not as it was remembered, everything is read again. The answer is a cold function's.
 */
export function rememberCaptures(objects: ObjectReader): CaptureReader {
  const memory = new Map<string, Known>();
  return async (request, sure) => {
    const { to, ...lasting } = request;
    const key = JSON.stringify(lasting);
    const known = memory.get(key);
    // Forgotten until all has gone well: the next look must not believe what has failed half-way.
    memory.delete(key);
    const begun = (known && (await goOn(objects, request, known, sure))) ?? (await beginAnew(objects, request));
    const { read, next } = await readOn(objects, request, begun);
    if (next !== undefined) memory.set(key, next);
    const [oldest] = memory.keys();
    if (memory.size > MOST_REQUESTS) memory.delete(oldest);
    return read;
  };
}

/** What is known, and the files that come after it. */
interface Begun extends Omit<Known, 'to'> {
  readonly fresh: readonly CaptureFile[];
}

async function beginAnew(objects: ObjectReader, request: CaptureRequest): Promise<Begun> {
  const fresh = await captureFiles(objects, request);
  const share = sampledShare(fresh, request);
  return { share, files: [], fold: new CaptureFold({ ...request, sampledShare: share }), seen: new Map(), fresh };
}

/** Undefined when the bucket is not as it was remembered. */
async function goOn(objects: ObjectReader, request: CaptureRequest, known: Known, sure: boolean) {
  const last = known.files.at(-1);
  const since = sure || last === undefined ? undefined : hourBefore(last.hour);
  const listed = await captureFiles(objects, request, since);
  const fresh = listed.filter(({ place }) => last === undefined || place > last.place);
  const old = listed.slice(0, listed.length - fresh.length);
  const expected = known.files.filter(({ hour }) => since === undefined || hour >= since);
  const same =
    request.to >= known.to &&
    old.length === expected.length &&
    old.every(({ place, size }, i) => place === expected[i].place && size === expected[i].size) &&
    sampledShare([...known.files, ...fresh], request) === known.share;
  return same ? { ...known, fresh } : undefined;
}

async function readOn(objects: ObjectReader, { bucket, to }: CaptureRequest, begun: Begun) {
  const files = [...begun.files];
  let { fold } = begun;
  let rest: CaptureFold | undefined;
  const seen = new Map<string, FileSeen>();
  let memorable = true;
  for (const file of begun.fresh) {
    const name = `${file.key} ${file.size}`;
    const before = begun.seen.get(name);
    // An hour that is over holds no younger records than that, but for clocks that go wrong.
    const young = hourEnd(file.hour) > to;
    const next: CaptureFold = rest ?? (young ? fold.copy() : fold);
    const tooYoung = before !== undefined && before.oldest >= to && before.youngest >= to;
    const now = tooYoung ? before : await next.add(objects, bucket, file, to);
    if (tooYoung) next.pass(file, before);
    if (rest === undefined && now.youngest < to) {
      fold = next;
      files.push(file);
    } else {
      // It is looked at again when its last records are old enough, and so is all that comes after it.
      memorable &&= young || rest !== undefined;
      rest = next;
      seen.set(name, now);
    }
  }
  memorable &&= files.length <= MOST_FILES && fold.waiting <= MOST_WAITING;
  const whole = rest ?? fold.copy();
  const read: CapturesRead = { report: whole.end(), summary: whole.summary };
  return { read, next: memorable ? { to, share: begun.share, files, fold, seen } : undefined };
}
