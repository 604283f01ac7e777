import type { Decision } from '../operate/ask';
import { connect } from '../operate/connect';
import type { Surroundings } from '../operate/surroundings';

/** What a person says with a decision. */
export interface DecideOptions {
  readonly reason: string;
  readonly rollout?: string;
  readonly json?: boolean;
}

/** `rollouts approve`, `reject`, `rollback`, `abort`, `resume`, `retry`, `retro close`: tells the engine, and prints what it says. */
export async function decide(
  action: Decision['action'],
  endpoint: string,
  { reason, rollout: rolloutId, json }: DecideOptions,
  around: Surroundings,
): Promise<number> {
  const connection = await connect(endpoint, around);
  const said = await connection.decide({ action, reason, ...(rolloutId === undefined ? {} : { rolloutId }) });
  const answer = { schemaVersion: 1, endpoint, action, said };
  around.write(json === true ? `${JSON.stringify(answer, null, 2)}\n` : `${endpoint}: ${said}\n`);
  return 0;
}
