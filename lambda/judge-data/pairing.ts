import type { CaptureRecord } from './capture-record';
import { type OutputField, type Prediction, predictions } from './output-values';

/** Which of the two models answered. */
export type Side = 'champion' | 'challenger';

/** The name that both models' answers to one request share, in order of preference. */
export type JoinKey = 'inferenceId' | 'eventId';

/** What both models answered to one request; null where an answer could not be read. */
export interface Pair {
  readonly time: number;
  readonly champion: readonly Prediction[] | null;
  readonly challenger: readonly Prediction[] | null;
}

/** What became of one side's records. */
export interface SideCounts {
  records: number;
  joined: number;
  unjoined: number;
  duplicates: number;
}

interface Waiting {
  readonly time: number;
  readonly outputs: readonly Prediction[] | null;
  readonly generation: number;
  joined: boolean;
}

const counts = (): SideCounts => ({ records: 0, joined: 0, unjoined: 0, duplicates: 0 });

/**
 * Joins the answers of champion and challenger on the request's id, with bounded memory: an answer waits for its
 * partner for one generation (an hour of captures) after its own, then it counts as unjoined. `share` below 1 keeps
 * only the requests whose id falls into that share: the same ones on both sides, so that a sample stays a fair join.
 */
export class Pairing {
  public readonly champion = counts();
  public readonly challenger = counts();
  private readonly waiting: Record<Side, Map<string, Waiting>> = { champion: new Map(), challenger: new Map() };
  private generation = 0;

  constructor(
    private readonly keys: readonly JoinKey[],
    private readonly field: OutputField,
    private readonly share: number,
    private readonly onPair: (pair: Pair) => void,
  ) {}

  /** Records that still wait for their partner, or for a second answer to the same request. */
  public get size(): number {
    return this.waiting.champion.size + this.waiting.challenger.size;
  }

  /** Another pairing that goes on from here, and hands its pairs to `onPair`. */
  public copy(onPair: (pair: Pair) => void): Pairing {
    const copy = new Pairing(this.keys, this.field, this.share, onPair);
    for (const side of ['champion', 'challenger'] as const) {
      Object.assign(copy[side], this[side]);
      for (const [id, entry] of this.waiting[side]) copy.waiting[side].set(id, { ...entry });
    }
    copy.generation = this.generation;
    return copy;
  }

  /** Takes one answer. False when it carries none of the ids that the join is on. */
  public add(side: Side, record: CaptureRecord): boolean {
    const key = this.keys.find((name) => record[name] !== null);
    const id = key === undefined ? null : record[key];
    if (id === null) return false;
    if (this.share < 1 && hash(id) >= this.share * 2 ** 32) return true;
    const tally = this[side];
    tally.records += 1;
    const own = this.waiting[side];
    if (own.has(id)) {
      tally.duplicates += 1;
      return true;
    }
    const partner = this.waiting[side === 'champion' ? 'challenger' : 'champion'].get(id);
    const outputs = predictions(record.output, this.field);
    // The entry of a joined request stays, without its outputs, so that a second answer is known as a duplicate.
    own.set(id, {
      time: record.time,
      outputs: partner ? null : outputs,
      generation: this.generation,
      joined: !!partner,
    });
    if (partner === undefined) return true;
    partner.joined = true;
    this.champion.joined += 1;
    this.challenger.joined += 1;
    this.onPair(
      side === 'champion'
        ? { time: record.time, champion: outputs, challenger: partner.outputs }
        : { time: partner.time, champion: partner.outputs, challenger: outputs },
    );
    return true;
  }

  /** An hour of captures is read on both sides: what has waited since the hour before is given up. */
  public endGeneration(): void {
    this.retire(this.generation - 1);
    this.generation += 1;
  }

  /** Everything is read: nothing that still waits will be joined. */
  public end(): void {
    this.retire(this.generation);
  }

  private retire(last: number): void {
    for (const side of ['champion', 'challenger'] as const) {
      for (const [id, { joined, generation }] of this.waiting[side]) {
        if (generation > last) continue;
        if (!joined) this[side].unjoined += 1;
        this.waiting[side].delete(id);
      }
    }
  }
}

/** FNV-1a, 32 bits, finished by a mix of bits: where an id falls does not depend on how the ids were counted up. */
function hash(id: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
