import { describeEndpoint } from '../aws/describe-endpoint';
import { notifications } from '../aws/notifications';
import { countLook } from '../aws/phase-metrics';
import { rolloutRecord } from '../aws/rollout-record';
import { remembered } from './begun-phases';
import { decide } from './decide';
import { readEvent } from './event';
import { look } from './look';

const record = rolloutRecord();
const ports = {
  record,
  ...remembered(record),
  notify: notifications(),
  now: Date.now,
  count: countLook,
  describe: describeEndpoint(),
  judge: process.env['JUDGE_FUNCTION'] ?? '',
  judgeData: process.env['JUDGE_DATA_FUNCTION'] ?? '',
};

/** One look at a phase: what is to be asked, and then what the answers mean. */
export const handler = async (input: unknown): Promise<object> => {
  const event = readEvent(input);
  return event.action === 'look' ? look(ports, event) : decide(ports, event);
};
