import type { Clock } from './time/clock';

/** One fact of the world. `data` is what invariants read; `detail` is what a person reads. */
export interface WorldEvent {
  /** Milliseconds since 1970, virtual. */
  readonly at: number;
  /** Who: `cloudformation`, `sagemaker`, `cloudwatch`, `lambda`, `router`, `eventbridge`. */
  readonly source: string;
  readonly event: string;
  readonly detail: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The ground truth of a rehearsal, append-only. Services write it; invariants and the outcome read nothing else. */
export class WorldLog {
  public readonly events: WorldEvent[] = [];

  constructor(private readonly clock: Clock) {}

  public record(source: string, event: string, detail: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.events.push({ at: this.clock.now(), source, event, detail, data });
  }
}
