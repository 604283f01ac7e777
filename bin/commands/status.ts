import { connect } from '../operate/connect';
import { exitCodeOf } from '../operate/exit-code';
import { readStatus } from '../operate/read-rollout';
import { showStatus } from '../operate/show-rollout';
import type { Surroundings } from '../operate/surroundings';

/**
 * `rollouts status`: how an endpoint stands.
 *
 * @returns the exit code of the rollout's state
 */
export async function status(endpoint: string, { json }: { json?: boolean }, around: Surroundings): Promise<number> {
  const connection = await connect(endpoint, around);
  const view = await readStatus(connection);
  around.write(
    json === true
      ? `${JSON.stringify(view, null, 2)}\n`
      : showStatus(view, { ...around, now: () => connection.clock.now() }),
  );
  return exitCodeOf(view.rollout?.state);
}
