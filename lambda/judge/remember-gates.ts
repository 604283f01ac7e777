import { type Arm, type Period, ReplayMemory } from '../../decision';
import { SETTLED_MS } from './remember-series';

/** One minute as the rules want it, and how many of its arms have half of a pair only. */
export interface Minute extends Period {
  readonly halves: number;
}

/** The champion before the rollout, and how many of its minutes have half of a pair only. */
export interface Baseline {
  readonly arms: readonly Arm[];
  readonly halves: number;
}

const MINUTE_MS = 60_000;
/** Minutes that a warm function keeps at most: some tens of megabytes. */
const MOST_MINUTES = 200_000;

/**
 * What is known of one gate from its tick before: minutes that can no longer change, and what its rule has made of
 * them. The answer is the same without it, and costs the whole stage again.
 */
export class GateMemory {
  public readonly replay = new ReplayMemory();
  private about = '';
  private minutes: readonly Minute[] = [];
  private before: Baseline | undefined;

  /** How many minutes it keeps. */
  public get size(): number {
    return this.minutes.length;
  }

  /**
   * The minutes that begin at `starts`, each built once it is settled.
   *
   * @param about everything that the minutes depend on: another word forgets all
   */
  public minutesOf(about: string, starts: readonly number[], at: number, build: (start: number) => Minute): Minute[] {
    if (about !== this.about) [this.about, this.minutes, this.before] = [about, [], undefined];
    const all = this.minutes.slice(0, starts.length);
    for (let i = all.length; i < starts.length; i++) all.push(build(starts[i]));
    let settled = starts.length;
    while (settled > 0 && starts[settled - 1] + MINUTE_MS > at - SETTLED_MS) settled -= 1;
    this.minutes = all.slice(0, settled);
    return all;
  }

  /** The same for the time before the rollout, which is settled an hour after its end. To be asked after the minutes. */
  public baselineOf(until: number, at: number, build: () => Baseline): Baseline {
    const found = this.before ?? build();
    this.before = until < at - SETTLED_MS ? found : undefined;
    return found;
  }
}

/** The memories of gates, by key: the last that was asked is the last that is forgotten. */
export class GateMemories {
  private readonly known = new Map<string, GateMemory>();

  public of(key: string): GateMemory {
    const memory = this.known.get(key) ?? new GateMemory();
    this.known.delete(key);
    this.forget();
    this.known.set(key, memory);
    return memory;
  }

  private forget(): void {
    let minutes = [...this.known.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [key, { size }] of this.known) {
      if (minutes <= MOST_MINUTES) return;
      this.known.delete(key);
      minutes -= size;
    }
  }
}
