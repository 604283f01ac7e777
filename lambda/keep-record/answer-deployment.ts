import type { Claim } from '../aws/rollout-record';
import type { EventOf } from './event';
import type { RecordPorts } from './ports';

/** The address is signed for two hours, and a hiccup is no reason to let a deployment wait for its time-out. */
const ATTEMPTS = 3;
/** CloudFormation takes answers of at most 4096 bytes: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
const REASON_CHARACTERS = 500;

/**
 * Tells CloudFormation how a first version has ended, where it waits for that: only what serves is a success. An
 * answer that cannot be given is logged and left, because it must not stop what is being done.
 */
export async function answerDeployment(
  { record, respond, now }: RecordPorts,
  { rolloutId }: Claim,
  outcome: EventOf<'end'>['outcome'],
  reason: string,
): Promise<void> {
  const key = [`ROLLOUT#${rolloutId}`, 'WAITING'] as const;
  const waiting = await record.get(...key);
  if (waiting?.['url'] === undefined) return;
  const said =
    outcome === 'promoted'
      ? { Status: 'SUCCESS', Data: {} }
      : {
          Status: 'FAILED',
          Reason: `the first version is ${outcome}: ${reason.slice(0, REASON_CHARACTERS)} [NotServing]`,
        };
  const body = JSON.stringify({ ...(JSON.parse(`${waiting['common']}`) as object), ...said });
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      await respond(`${waiting['url']}`, body);
      break;
    } catch (error) {
      console.error(`not answered: ${rolloutId}: ${error instanceof Error ? error.message : error}`);
    }
  }
  await record.put(...key, { answeredAt: new Date(now()).toISOString() });
}
