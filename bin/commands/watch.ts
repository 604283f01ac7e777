import { type Connection, connect } from '../operate/connect';
import { exitCodeOf } from '../operate/exit-code';
import { type RolloutView, readStatus, type StatusView } from '../operate/read-rollout';
import { minute, showStatus } from '../operate/show-rollout';
import type { Surroundings } from '../operate/surroundings';

/** What `rollouts watch` was asked. */
export interface WatchOptions {
  readonly json?: boolean;
  /** Seconds between two looks. */
  readonly every: number;
  /** Minutes after which to give up; 0 for never. */
  readonly timeout: number;
}

/** So many looks in a row may fail before the watch does: a network is away for a moment, a rollout lasts for days. */
const FAILED_LOOKS = 5;
/** So many looks in a row may find a rehearsal at the same time: somebody may move it on from another terminal. */
const STILL_LOOKS = 8;

/**
 * `rollouts watch`: follows the rollout that is under way until it ends or is held. On a terminal it is a tree that is
 * drawn anew; elsewhere each event is a line.
 *
 * @returns the exit code of the rollout's state
 */
export async function watch(endpoint: string, options: WatchOptions, around: Surroundings): Promise<number> {
  const connection = await connect(endpoint, around);
  const until = options.timeout === 0 ? Number.POSITIVE_INFINITY : around.now() + 60_000 * options.timeout;
  const screen = new Screen(around, options.json === true);
  let failed = 0;
  let still = 0;
  let at: number | undefined;
  for (;;) {
    let view: StatusView | undefined;
    try {
      view = await readStatus(connection);
      await screen.show(connection, view);
      failed = 0;
    } catch (error) {
      failed += 1;
      if (failed >= FAILED_LOOKS) throw error;
    }
    const code = view === undefined ? 5 : exitCodeOf(view.rollout?.state);
    if (code !== 5) return screen.end(connection, view as StatusView, code);
    if (around.now() >= until) return code;
    still = connection.clock.rehearsed && connection.clock.now() === at ? still + 1 : 0;
    at = connection.clock.now();
    if (still === STILL_LOOKS) {
      around.tell(`time stands still: move it on with \`rollouts advance 10m\`, and watch again\n`);
      return code;
    }
    await around.sleep(1000 * options.every);
  }
}

/** What has been shown, so that it is drawn over, or not said twice. */
class Screen {
  private lines = 0;
  private said = 0;

  constructor(
    private readonly around: Surroundings,
    private readonly json: boolean,
  ) {}

  public async show(connection: Connection, view: StatusView): Promise<void> {
    if (this.around.live && !this.json) {
      const tree = this.tree(connection, view);
      this.around.write(`${this.lines === 0 ? '' : `\u001b[${this.lines}A\u001b[J`}${tree}`);
      this.lines = tree.split('\n').length - 1;
      return;
    }
    if (view.rollout !== null) await this.sayEvents(connection, view.rollout);
  }

  /** Without a terminal, how it stands is said once, in the end. */
  public end(connection: Connection, view: StatusView, code: number): number {
    if (this.json) this.around.write(`${JSON.stringify(view)}\n`);
    else if (!this.around.live) this.around.write(this.tree(connection, view));
    return code;
  }

  private tree({ clock }: Connection, view: StatusView): string {
    return showStatus(view, { ...this.around, now: () => clock.now() });
  }

  private async sayEvents({ record }: Connection, { rolloutId }: RolloutView): Promise<void> {
    const events = await record.list(`ROLLOUT#${rolloutId}`, 'EVENT#');
    for (const { at, event, detail } of events.slice(this.said)) {
      const line = this.json ? JSON.stringify({ at, event, detail }) : `${minute(`${at}`)}  ${event}: ${detail}`;
      this.around.write(`${line}\n`);
    }
    this.said = Math.max(this.said, events.length);
  }
}
