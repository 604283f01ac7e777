import type { CaptureFile } from './capture-files';
import { captureRecord } from './capture-record';
import { DivergenceSummary } from './divergence-summary';
import { eachLine } from './lines';
import type { OutputField } from './output-values';
import { type JoinKey, Pairing, type SideCounts } from './pairing';
import type { ObjectReader } from './ports';

/** How captures are joined and compared. */
export interface Comparison {
  readonly joinOn: readonly JoinKey[];
  readonly output: OutputField;
  /** Two numbers agree when they differ by at most so much. */
  readonly tolerance: number;
  /** Records before this are not looked at; milliseconds since the epoch. */
  readonly from: number;
  /** Share of requests that are joined, 0-1. */
  readonly sampledShare: number;
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

/** What one file holds beside usable records. Times are milliseconds since the epoch. */
export interface FileSeen {
  /** Of its oldest and of its youngest record; without records, the oldest is infinitely young. */
  readonly oldest: number;
  readonly youngest: number;
  readonly bytes: number;
  readonly unusable: ReadonlyMap<string, number>;
}

/** What came of the files that were read so far, in their order. Its memory does not grow with them. */
export class CaptureFold {
  private pairing: Pairing;
  private hour = '';
  private files = 0;
  private bytes = 0;
  private readonly unusable = new Map<string, number>();
  private readonly emptyObjects: string[] = [];

  constructor(
    private readonly comparison: Comparison,
    public readonly summary: DivergenceSummary = new DivergenceSummary(comparison.tolerance),
  ) {
    const { joinOn, output, sampledShare } = comparison;
    this.pairing = new Pairing(joinOn, output, sampledShare, (pair) => this.summary.add(pair));
  }

  /**
   * Reads one file. Records that are not older than `to` are left out.
   *
   * @returns what it holds: with all of its records older than `to`, a later `to` finds nothing more in it
   */
  public async add(objects: ObjectReader, bucket: string, file: CaptureFile, to: number): Promise<FileSeen> {
    this.enter(file);
    const unusable = new Map<string, number>();
    const note = (problem: string) => unusable.set(problem, (unusable.get(problem) ?? 0) + 1);
    let oldest = Number.POSITIVE_INFINITY;
    let youngest = Number.NEGATIVE_INFINITY;
    const take = (line: string | null) => {
      if (line !== null && line.trim() === '') return;
      const record = captureRecord(line);
      if (typeof record === 'string') {
        note(record);
        return;
      }
      const { time } = record;
      oldest = Math.min(oldest, time);
      youngest = Math.max(youngest, time);
      if (time >= this.comparison.from && time < to && !this.pairing.add(file.side, record)) note('without id');
    };
    const bytes = file.size === 0 ? 0 : await eachLine(await objects.open(bucket, file.key), take);
    const seen = { oldest, youngest, bytes, unusable };
    this.count(seen);
    return seen;
  }

  /** Counts a file that was seen before, and of which all records are too young now: there is nothing to read in it. */
  public pass(file: CaptureFile, seen: FileSeen): void {
    this.enter(file);
    this.count(seen);
  }

  /** Records that still wait for their partner, or for a second answer to the same request. */
  public get waiting(): number {
    return this.pairing.size;
  }

  /** Another fold that goes on from here; neither knows of what the other reads. */
  public copy(): CaptureFold {
    const copy = new CaptureFold(this.comparison, this.summary.copy());
    copy.pairing = this.pairing.copy((pair) => copy.summary.add(pair));
    copy.hour = this.hour;
    copy.files = this.files;
    copy.bytes = this.bytes;
    for (const [problem, count] of this.unusable) copy.unusable.set(problem, count);
    copy.emptyObjects.push(...this.emptyObjects);
    return copy;
  }

  /** The end: nothing that still waits will be joined. */
  public end(): CaptureReport {
    this.pairing.end();
    const { champion, challenger } = this.pairing;
    return {
      champion,
      challenger,
      files: this.files,
      bytes: this.bytes,
      sampledShare: this.comparison.sampledShare,
      unusable: Object.fromEntries(this.unusable),
      emptyObjects: this.emptyObjects,
    };
  }

  private enter({ hour, size, key }: CaptureFile): void {
    if (this.hour !== '' && hour !== this.hour) this.pairing.endGeneration();
    this.hour = hour;
    this.files += 1;
    if (size === 0 && this.emptyObjects.length < 5) this.emptyObjects.push(key);
  }

  private count({ bytes, unusable }: FileSeen): void {
    this.bytes += bytes;
    for (const [problem, count] of unusable) this.unusable.set(problem, (this.unusable.get(problem) ?? 0) + count);
  }
}
