import { captureRecord } from './capture-record';
import { eachLine } from './lines';
import type { OutputField } from './output-values';
import { type JoinKey, type Pair, Pairing, type Side, type SideCounts } from './pairing';
import type { ObjectReader, StoredObject } from './ports';

const HOUR = 3_600_000;
/** A gzipped capture grows about this much; only the memory of the join depends on the estimate. */
const GZIP_GROWTH = 8;

/** Which captures are read, and how they are joined. Times are milliseconds since the epoch. */
export interface CaptureRequest {
  readonly bucket: string;
  /** Key prefixes below which each variant's `yyyy/mm/dd/hh/` folders lie, without a slash at the end. */
  readonly prefixes: { readonly [side in Side]: string };
  readonly from: number;
  readonly to: number;
  readonly joinOn: readonly JoinKey[];
  readonly output: OutputField;
  /** Bytes of JSONL an hour that are joined in full; beyond them a sample by request id is joined. */
  readonly bytesInFull: number;
}

/** What was read beside the pairs themselves. */
export interface CaptureReport {
  readonly champion: SideCounts;
  readonly challenger: SideCounts;
  readonly files: number;
  readonly bytes: number;
  /** Share of requests that were joined, 0-1: below 1 when an hour holds more than `bytesInFull`. */
  readonly sampledShare: number;
  /** Lines that are no usable record, by what is wrong with them. */
  readonly unusable: { readonly [problem: string]: number };
  /** Objects of no bytes: the first few by name. */
  readonly emptyObjects: readonly string[];
}

/** Reads both sides' captures hour by hour, joins them, and hands every pair on. Memory does not grow with the input. */
export async function readCaptures(
  objects: ObjectReader,
  request: CaptureRequest,
  onPair: (pair: Pair) => void,
): Promise<CaptureReport> {
  const folders = {
    champion: await hours(objects, request, 'champion'),
    challenger: await hours(objects, request, 'challenger'),
  };
  const all = [...folders.champion, ...folders.challenger];
  const fullest = Math.max(1, ...all.map(([, files]) => files.reduce((sum, file) => sum + expanded(file), 0)));
  const sampledShare = Math.min(1, request.bytesInFull / fullest);
  const pairing = new Pairing(request.joinOn, request.output, sampledShare, onPair);
  const unusable: Record<string, number> = {};
  const note = (problem: string) => {
    unusable[problem] = (unusable[problem] ?? 0) + 1;
  };
  const emptyObjects: string[] = [];
  let bytes = 0;
  const take = (side: Side) => (line: string | null) => {
    if (line !== null && line.trim() === '') return;
    const record = captureRecord(line);
    if (typeof record === 'string') note(record);
    else if (record.time >= request.from && record.time < request.to) {
      if (!pairing.add(side, record)) note('without id');
    }
  };
  for (const hour of [...new Set(all.map(([hour]) => hour))].sort()) {
    for (const side of ['champion', 'challenger'] as const) {
      for (const { key, size } of folders[side].get(hour) ?? []) {
        if (size === 0 && emptyObjects.length < 5) emptyObjects.push(key);
        if (size > 0) bytes += await eachLine(await objects.open(request.bucket, key), take(side));
      }
    }
    pairing.endGeneration();
  }
  pairing.end();
  const files = all.reduce((sum, [, list]) => sum + list.length, 0);
  const { champion, challenger } = pairing;
  return { champion, challenger, files, bytes, sampledShare, unusable, emptyObjects };
}

/**
 * One side's objects by hour folder. A folder is named after the time of delivery, which AWS does not define to the
 * minute, so the folders just outside the window are read too; the records' own times decide.
 */
async function hours(
  objects: ObjectReader,
  request: CaptureRequest,
  side: Side,
): Promise<ReadonlyMap<string, readonly StoredObject[]>> {
  const found = new Map<string, StoredObject[]>();
  const first = folder(request.from - HOUR);
  const last = folder(request.to + HOUR);
  for (const day of days(request.from - HOUR, request.to + HOUR)) {
    for (const object of await objects.list(request.bucket, `${request.prefixes[side]}/${day}/`)) {
      const hour = object.key.match(/\/(\d{4}\/\d\d\/\d\d\/\d\d)\/[^/]+$/)?.[1];
      if (hour === undefined || hour < first || hour > last) continue;
      const files = found.get(hour) ?? [];
      files.push(object);
      found.set(hour, files);
    }
  }
  return found;
}

function days(from: number, to: number): string[] {
  const list: string[] = [];
  for (let time = Math.floor(from / (24 * HOUR)) * 24 * HOUR; time <= to; time += 24 * HOUR) {
    list.push(folder(time).slice(0, 10));
  }
  return list;
}

const folder = (time: number): string => new Date(time).toISOString().slice(0, 13).replace(/[-T]/g, '/');

const expanded = ({ key, size }: StoredObject): number => (key.endsWith('.gz') ? size * GZIP_GROWTH : size);
