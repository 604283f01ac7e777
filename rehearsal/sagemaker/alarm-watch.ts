import type { Knobs } from '../knobs';
import type { Clock, Timer } from '../time/clock';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What SageMaker asks CloudWatch: DescribeAlarms, by name. */
export interface AlarmReader {
  /** Undefined when there is no such alarm. */
  state(alarmName: string): AlarmState | undefined;
  kind(alarmName: string): 'metric' | 'math' | 'composite' | undefined;
}

/** Why an update is taken back. */
export class Tripped extends Error {
  constructor(
    public readonly cause: 'alarm' | 'timeout' | 'health' | 'capacity',
    message: string,
    public readonly alarmName?: string,
  ) {
    super(message);
  }
}

type WatchKnobs = Pick<Knobs, 'alarmInAlarmAtUpdate' | 'insufficientDataInBake' | 'alarmPollSeconds'>;

/** Reads the rollback alarms of one update by their level, again and again, until one trips or the wait is over. */
export class AlarmWatch {
  private readonly stale: Set<string>;

  constructor(
    private readonly clock: Clock,
    private readonly alarms: AlarmReader,
    private readonly names: readonly string[],
    private readonly deadline: number,
    private readonly knobs: WatchKnobs,
  ) {
    const ignored = knobs.alarmInAlarmAtUpdate === 'ignoredUntilItClears';
    this.stale = new Set(ignored ? names.filter((name) => alarms.state(name) === 'ALARM') : []);
  }

  /** Waits for `work`, no longer than the deadline; with `asking`, rejects as soon as a poll finds a tripped alarm. */
  public during<T>(work: Promise<T>, asking: boolean): Promise<T> {
    const timers: Timer[] = [];
    const guarded = new Promise<T>((resolve, reject) => {
      const fail = (tripped: Tripped) => reject(tripped);
      timers.push(this.clock.at(this.deadline, () => fail(new Tripped('timeout', 'the execution timeout is over'))));
      const poll = () => {
        const tripped = this.tripped();
        if (tripped !== undefined) fail(tripped);
        else timers.push(this.clock.after(1000 * this.knobs.alarmPollSeconds, poll));
      };
      if (asking) poll();
      work.then((value) => {
        const tripped = asking ? this.tripped() : undefined;
        if (tripped !== undefined) fail(tripped);
        else resolve(value);
      }, reject);
    });
    const done = () => {
      for (const timer of timers) this.clock.cancel(timer);
    };
    guarded.then(done, done);
    return guarded;
  }

  // source: alarm-trips-bake
  private tripped(): Tripped | undefined {
    for (const name of this.names) {
      const state = this.alarms.state(name);
      if (state !== 'ALARM') this.stale.delete(name);
      const counts =
        (state === 'ALARM' && !this.stale.has(name)) ||
        (state === 'INSUFFICIENT_DATA' && this.knobs.insufficientDataInBake === 'rollsBack');
      if (counts) return new Tripped('alarm', `alarm ${name} is in ${state}`, name);
    }
    return undefined;
  }
}
